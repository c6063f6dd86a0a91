import { X509Certificate } from 'node:crypto'
import { join } from 'node:path'
import type { TelemetryMessage, Value } from '@millwright/sdk/device'
import type { AddressSpace, Namespace, UAObject, UAVariable } from 'node-opcua-address-space'
import { OPCUACertificateManager } from 'node-opcua-certificate-manager'
import { makeEUInformation } from 'node-opcua-data-access'
import { nodesets } from 'node-opcua-nodesets'
import { OPCUAServer } from 'node-opcua-server'
import { type StatusCode, StatusCodes } from 'node-opcua-status-code'
import { DataType, Variant, VariantArrayType } from 'node-opcua-variant'
import type { SignalSpec } from '../core/machine.ts'
import { MODELS } from '../provision/tree.ts'
import { opcuaNode } from './node-ids.ts'
import type { Listening, ShownMachine, Speaker, SpeakerOptions } from './speaker.ts'
import { commonCode } from './units.ts'

export const OPCUA_PATH = '/plant'
export const OPCUA_NAMESPACE = 'urn:millwright:plant'
/** Readings of each variable that the server itself keeps: ten minutes at 5 Hz, for clients that were away. */
const HISTORY = 3_000
const TYPES = { number: DataType.Double, boolean: DataType.Boolean, state: DataType.String } as const

/** An OPC UA server (node-opcua) with an object for each machine: its signals as variables, its settings writable. */
export class OpcuaSpeaker implements Speaker {
  readonly #options: SpeakerOptions
  readonly #server: OPCUAServer
  readonly #variables = new Map<string, { variable: UAVariable; dataType: DataType }>()

  constructor(options: SpeakerOptions) {
    this.#options = options
    this.#server = new OPCUAServer({
      host: '127.0.0.1',
      hostname: 'localhost',
      port: options.port,
      resourcePath: OPCUA_PATH,
      nodeset_filename: [nodesets.standard],
      buildInfo: { productName: 'Millwright simulated plant', manufacturerName: 'Millwright' },
      serverInfo: { applicationUri: OPCUA_NAMESPACE, productUri: OPCUA_NAMESPACE },
      // A simulated controller in a test shop: it takes every client, as most do when they are delivered.
      serverCertificateManager: new OPCUACertificateManager({
        rootFolder: join(options.directory, 'pki'),
        automaticallyAcceptUnknownCertificate: true,
        disableFileWatchers: true,
      }),
    })
  }

  async start(): Promise<Listening> {
    await this.#server.initialize()
    const { addressSpace } = this.#server.engine
    if (addressSpace === null) throw new Error('the OPC UA server has no address space')
    const namespace = addressSpace.getOwnNamespace()
    for (const machine of this.#options.machines) this.#addMachine(addressSpace, namespace, machine)
    await this.#server.start()
    const [endpoint] = this.#server.endpoints
    return { port: endpoint!.port, certificate: new X509Certificate(endpoint!.getCertificate()).toString() }
  }

  show(machine: string, messages: readonly TelemetryMessage[]): void {
    for (const { time, values } of messages) {
      const stamp = typeof time === 'number' ? new Date(time / 1000) : new Date()
      for (const [name, value] of Object.entries(values)) {
        const known = this.#variables.get(opcuaNode(machine, name))
        const shown = known && variantOf(known.dataType, value)
        if (shown !== undefined) known!.variable.setValueFromSource(shown, StatusCodes.Good, stamp)
      }
    }
  }

  async stop(): Promise<void> {
    await this.#server.shutdown(0)
  }

  #addMachine(addressSpace: AddressSpace, namespace: Namespace, machine: ShownMachine): void {
    const object = namespace.addObject({
      organizedBy: addressSpace.rootFolder.objects,
      browseName: machine.name,
      nodeId: opcuaNode(machine.name),
    })
    for (const signal of MODELS.find(({ name }) => name === machine.model)?.signals ?? []) {
      if (signal.kind === 'waveform') this.#addWaveform(namespace, object, machine, signal)
      else if (signal.kind in TYPES) this.#addSignal(addressSpace, namespace, object, machine, signal)
    }
    for (const [name, value] of Object.entries(machine.settings)) {
      if (typeof value === 'number') this.#addSetting(namespace, object, machine, name, value)
    }
  }

  #addSignal(
    addressSpace: AddressSpace,
    namespace: Namespace,
    object: UAObject,
    machine: ShownMachine,
    signal: SignalSpec,
  ): void {
    const dataType = TYPES[signal.kind as keyof typeof TYPES]
    const nodeId = opcuaNode(machine.name, signal.name)
    const common = { componentOf: object, browseName: signal.name, description: signal.description, nodeId, dataType }
    const unit = commonCode(signal.unit)
    const variable =
      unit === undefined || dataType !== DataType.Double
        ? namespace.addVariable(common)
        : namespace.addAnalogDataItem({
            ...common,
            engineeringUnits: makeEUInformation(unit[0], unit[1], signal.unit),
            engineeringUnitsRange: { low: signal.min ?? -1e9, high: signal.max ?? 1e9 },
          })
    addressSpace.installHistoricalDataNode(variable, { maxOnlineValues: HISTORY })
    this.#variables.set(nodeId, { variable, dataType })
  }

  /** An array; what it was sampled at stands beside it. */
  #addWaveform(namespace: Namespace, object: UAObject, machine: ShownMachine, signal: SignalSpec): void {
    const nodeId = opcuaNode(machine.name, signal.name)
    const variable = namespace.addVariable({
      componentOf: object,
      browseName: signal.name,
      description: signal.description,
      nodeId,
      dataType: DataType.Float,
      valueRank: 1,
    })
    this.#variables.set(nodeId, { variable, dataType: DataType.Float })
  }

  #addSetting(namespace: Namespace, object: UAObject, machine: ShownMachine, name: string, value: number): void {
    let inForce = value
    namespace.addVariable({
      componentOf: object,
      browseName: name,
      nodeId: opcuaNode(machine.name, name),
      dataType: DataType.Double,
      accessLevel: 'CurrentRead | CurrentWrite',
      userAccessLevel: 'CurrentRead | CurrentWrite',
      minimumSamplingInterval: 1000,
      value: {
        get: () => new Variant({ dataType: DataType.Double, value: inForce }),
        set: (wanted: Variant, done: (error: Error | null, status: StatusCode) => void) => {
          void this.#options.configure(machine.name, { [name]: wanted.value }).then((answer) => {
            inForce = Number(answer[name])
            done(null, 'refused' in answer ? StatusCodes.BadOutOfRange : StatusCodes.Good)
          })
        },
      },
    })
  }
}

function variantOf(dataType: DataType, value: Value): Variant | undefined {
  if (dataType === DataType.Float) {
    const samples = typeof value === 'object' && value !== null && 'samples' in value ? value.samples : undefined
    if (!Array.isArray(samples)) return undefined
    return new Variant({ dataType, arrayType: VariantArrayType.Array, value: Float32Array.from(samples as number[]) })
  }
  return typeof value === 'object' ? undefined : new Variant({ dataType, value })
}
