/** The machine of the test server: variables of every kind, a history, a method, things that come and go. */
import type { AddressSpace, UAObject, UAVariable } from 'node-opcua-address-space'
import { DataType, DataValue, NodeId, StatusCodes, Variant, VariantArrayType } from 'node-opcua-client'
import type { ServerSettings } from './settings.ts'

export interface Plant {
  readonly orders: Readonly<Record<string, (...args: never[]) => unknown>>
}

export const NAMESPACE = 'urn:millwright:test:machine'

/** Builds the address space under `Objects/Machine`. */
export function buildPlant(space: AddressSpace, settings: ServerSettings): Plant {
  // In the second plant the machine's namespace has another index.
  if (settings.variant === 'second') space.registerNamespace('urn:millwright:test:other')
  const namespace = space.registerNamespace(NAMESPACE)
  const machine = namespace.addObject({
    browseName: 'Machine',
    organizedBy: space.rootFolder.objects,
    nodeId: 's=Machine',
  })
  const motor = namespace.addObject({ browseName: 'Motor', componentOf: machine, nodeId: 's=Motor' })
  const variables = new Map<string, UAVariable>()
  const add = (parent: UAObject, name: string, dataType: DataType | string, value: Variant, more: object = {}) => {
    const variable = namespace.addVariable({
      browseName: name,
      componentOf: parent,
      nodeId: `s=${name}`,
      dataType: dataType as never,
      accessLevel: 'CurrentRead | CurrentWrite',
      ...more,
    } as never)
    variable.setValueFromSource(value)
    variables.set(name, variable)
    return variable
  }
  const scalar = (dataType: DataType, value: unknown) =>
    new Variant({ dataType, arrayType: VariantArrayType.Scalar, value: value as never })

  const temperature = namespace.addAnalogDataItem({
    browseName: 'Temperature',
    componentOf: motor,
    nodeId: 's=Temperature',
    dataType: 'Double',
    definition: '',
    engineeringUnitsRange: { low: -50, high: 250 },
    engineeringUnits: {
      namespaceUri: 'http://www.opcfoundation.org/UA/units/un/cefact',
      unitId: 0x43454c,
      displayName: { text: '°C' },
      description: { text: 'degree Celsius' },
    } as never,
    accessLevel: 'CurrentRead | CurrentWrite | HistoryRead',
    userAccessLevel: 'CurrentRead | CurrentWrite | HistoryRead',
  } as never) as unknown as UAVariable
  temperature.setValueFromSource(scalar(DataType.Double, 20))
  space.installHistoricalDataNode(temperature as never, { maxOnlineValues: 100_000 })
  variables.set('Temperature', temperature)

  // Beside the machine: the second of two that have a history.
  const level = namespace.addVariable({
    browseName: 'Level',
    organizedBy: space.rootFolder.objects,
    nodeId: 's=Level',
    dataType: 'Double',
    accessLevel: 'CurrentRead | CurrentWrite | HistoryRead',
    userAccessLevel: 'CurrentRead | CurrentWrite | HistoryRead',
  } as never) as unknown as UAVariable
  level.setValueFromSource(scalar(DataType.Double, 1))
  space.installHistoricalDataNode(level as never, { maxOnlineValues: 1_000 })
  variables.set('Level', level)

  const speed = settings.variant === 'second' ? machine : motor
  add(speed, 'Speed', DataType.Int32, scalar(DataType.Int32, 1450))
  add(motor, 'Running', DataType.Boolean, scalar(DataType.Boolean, true))
  add(motor, 'Serial', DataType.String, scalar(DataType.String, 'M-1234'))
  add(motor, 'Energy', DataType.UInt64, scalar(DataType.UInt64, [1, 5]))
  add(motor, 'Position', DataType.Int64, scalar(DataType.Int64, [0xffff_ffff, 0xffff_fff6]))
  add(motor, 'Commissioned', DataType.DateTime, scalar(DataType.DateTime, new Date(Date.UTC(2024, 1, 29))))
  add(motor, 'Title', DataType.LocalizedText, scalar(DataType.LocalizedText, { text: 'Hauptantrieb', locale: 'de' }))
  add(motor, 'Uid', DataType.Guid, scalar(DataType.Guid, '72962B91-FA75-4AE6-8D28-B404DC7DAF63'))
  add(motor, 'Blob', DataType.ByteString, scalar(DataType.ByteString, Buffer.from([1, 2, 255])))
  add(motor, 'Small', DataType.Byte, scalar(DataType.Byte, 7))
  add(motor, 'ReadOnly', DataType.Float, scalar(DataType.Float, 1.5), { accessLevel: 'CurrentRead' })
  const numbers = new Variant({
    dataType: DataType.Double,
    arrayType: VariantArrayType.Array,
    value: new Float64Array([1, 2, 3]),
  })
  add(motor, 'Profile', DataType.Double, numbers, { valueRank: 1 })
  const matrix = new Variant({
    dataType: DataType.Float,
    arrayType: VariantArrayType.Matrix,
    dimensions: [2, 2],
    value: new Float32Array([1, 2, 3, 4]),
  })
  add(motor, 'Matrix', DataType.Float, matrix, { valueRank: 2 })
  const range = space.constructExtensionObject(new NodeId(1, 884, 0) as never, { low: 1, high: 9 } as never)
  add(motor, 'Window', 'i=884', scalar(DataType.ExtensionObject, range))

  const dutyPoint = space.findDataType('DutyPoint', space.getNamespaceIndex('urn:millwright:test:pump'))!
  const duty = space.constructExtensionObject(dutyPoint.nodeId, {
    flow: 12.5,
    label: 'best',
    count: [0, 7],
    steps: [1, 2],
  } as never)
  add(motor, 'Duty', dutyPoint.nodeId as never, scalar(DataType.ExtensionObject, duty))

  const modeType = namespace.addEnumerationType({
    browseName: 'ModeType',
    enumeration: ['Off', 'Manual', 'Automatic'],
  } as never)
  add(machine, 'Mode', (modeType as { nodeId: unknown }).nodeId as never, scalar(DataType.Int32, 2))
  const discrete = namespace.addMultiStateDiscrete({
    browseName: 'Gate',
    componentOf: machine,
    nodeId: 's=Gate',
    enumStrings: ['Shut', 'Open'],
    value: 1,
  } as never) as unknown as UAVariable
  variables.set('Gate', discrete)

  const tools = namespace.addObject({
    browseName: 'Tools',
    organizedBy: machine,
    nodeId: 's=Tools',
    nodeVersion: '1',
  } as never)
  const wear = (name: string, value: number) => add(tools, name, DataType.Double, scalar(DataType.Double, value))
  wear('Wear1', 0.1)
  if (settings.many !== undefined) {
    const many = namespace.addObject({ browseName: 'Many', organizedBy: machine, nodeId: 's=Many' })
    for (let at = 0; at < settings.many; at++) {
      add(many, `Many${at}`, DataType.Double, scalar(DataType.Double, at))
    }
  }

  const method = namespace.addMethod(machine, {
    browseName: 'Scale',
    nodeId: 's=Scale',
    inputArguments: [
      { name: 'value', dataType: DataType.Double, description: { text: '' } },
      { name: 'times', dataType: DataType.UInt16, description: { text: '' } },
    ],
    outputArguments: [{ name: 'result', dataType: DataType.Double, description: { text: '' } }],
  } as never)
  method.bindMethod((inputs: Variant[], _context: unknown, callback: (error: null, result: object) => void) => {
    const [value, times] = inputs
    if (times!.value > 1000) return callback(null, { statusCode: StatusCodes.BadOutOfRange })
    const result = { dataType: DataType.Double, value: value!.value * times!.value }
    callback(null, { statusCode: StatusCodes.Good, outputArguments: [result] })
  })

  const named = (name: string) => {
    const variable = variables.get(name)
    if (variable === undefined) throw new Error(`no variable ${name}`)
    return variable
  }
  let ticking: NodeJS.Timeout | undefined
  const orders = {
    /** Sets a value; its type stays. @param status name of a status code @param at ms since the epoch */
    set(name: string, value: unknown, status = 'Good', at?: number, picoseconds = 0) {
      const variable = named(name)
      const { dataType, arrayType } = variable.readValue().value
      const code = (StatusCodes as unknown as Record<string, (typeof StatusCodes)['Good']>)[status]!
      const next =
        value === null
          ? new Variant({ dataType: DataType.Null })
          : new Variant({ dataType, arrayType, value: value as never })
      if (at === undefined) return variable.setValueFromSource(next, code)
      // The public setter takes no more than milliseconds.
      const exact = variable as unknown as { _internal_set_dataValue(value: DataValue): void }
      const sourceTimestamp = new Date(at)
      exact._internal_set_dataValue(
        new DataValue({ value: next, statusCode: code, sourceTimestamp, sourcePicoseconds: picoseconds }),
      )
    },
    get: (name: string) => named(name).readValue().value.value,
    /** Sets Temperature to 1, 2, 3 … each so many ms. */
    tick(every: number) {
      let n = 0
      clearInterval(ticking)
      ticking = setInterval(() => temperature.setValueFromSource(scalar(DataType.Double, ++n)), every)
    },
    stopTicking: () => clearInterval(ticking),
    addTool(name: string) {
      space.modelChangeTransaction(() => wear(name, 0.5))
    },
    removeTool(name: string) {
      space.modelChangeTransaction(() => space.deleteNode(named(name)))
    },
    /** Changes all of `Many` each so many ms. */
    changeMany(every: number) {
      const many = [...variables].filter(([name]) => name.startsWith('Many')).map(([, variable]) => variable)
      let n = 0
      clearInterval(ticking)
      ticking = setInterval(() => {
        n++
        for (const variable of many) variable.setValueFromSource(scalar(DataType.Double, n))
      }, every)
    },
    exit: () => process.exit(0),
  }
  return { orders: orders as never }
}
