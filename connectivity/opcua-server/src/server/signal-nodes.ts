import type { SignalKind } from '@millwright/contracts'
import type { BaseNode, INamespace, UAVariable } from 'node-opcua-address-space'
import { EUInformation, Range } from 'node-opcua-types'
import { DataType } from 'node-opcua-variant'
import type { PlantSignal, ValuesPort } from '../ports.ts'
import { UNITS_NAMESPACE, unitId } from '../units.ts'
import type { Stands } from './access.ts'
import { dataValueOf } from './data-values.ts'

export interface SignalNodesOptions {
  readonly namespace: INamespace
  readonly values: Pick<ValuesPort, 'latest'>
  readonly historyRead: UAVariable['historyRead']
  readonly build: <T extends BaseNode>(make: () => T, stands: Stands) => T
}

const VARIABLE_TYPES: Readonly<Record<SignalKind, { type: string; dataType: string; valueRank?: number }>> = {
  number: { type: 'AnalogItemType', dataType: 'Double' },
  boolean: { type: 'TwoStateDiscreteType', dataType: 'Boolean' },
  state: { type: 'DataItemType', dataType: 'String' },
  document: { type: 'BaseDataVariableType', dataType: 'String' },
  position: { type: 'BaseDataVariableType', dataType: 'Double', valueRank: 1 },
  waveform: { type: 'BaseDataVariableType', dataType: 'Double', valueRank: 1 },
}

/** Makes the nodes of signals: variables, and the properties that describe them. */
export class SignalNodes {
  readonly #o: SignalNodesOptions

  constructor(options: SignalNodesOptions) {
    this.#o = options
  }

  /** The variable: its value is the newest reading at any moment. */
  variable(signal: PlantSignal, parent: BaseNode): UAVariable {
    const { namespace, values, historyRead } = this.#o
    const { type, dataType, valueRank } = VARIABLE_TYPES[signal.kind]
    const { key, kind } = signal
    const variable = this.#o.build(
      () =>
        namespace.addVariable({
          nodeId: `s=${signal.id}`,
          browseName: signal.name,
          componentOf: parent,
          // A range is mandatory for AnalogItemType.
          typeDefinition: kind === 'number' && (signal.min === null || signal.max === null) ? 'AnalogUnitType' : type,
          dataType,
          ...(valueRank === undefined ? {} : { valueRank }),
          accessLevel: 'CurrentRead | HistoryRead',
          userAccessLevel: 'CurrentRead | HistoryRead',
          minimumSamplingInterval: 100,
          historizing: kind !== 'waveform',
          value: { timestamped_get: () => dataValueOf(kind, values.latest(key)) },
        }),
      { kind: 'signal', id: signal.id },
    )
    variable.historyRead = historyRead
    // Told of each change (the library would rather have it that nobody tells where there is a getter).
    variable.minimumSamplingInterval = 0
    return variable
  }

  /** Engineering units, range, and what the two states are called. */
  describe(signal: PlantSignal, variable: UAVariable): void {
    const { min, max, unit, kind, id } = signal
    if (kind === 'number') {
      const named = { text: unit === '1' ? '' : unit }
      const value = new EUInformation({
        namespaceUri: UNITS_NAMESPACE,
        unitId: unitId(unit),
        displayName: named,
        description: named,
      })
      this.#property(variable, id, 'EngineeringUnits', 'EUInformation', { dataType: DataType.ExtensionObject, value })
      if (min === null || max === null) return
      const range = new Range({ low: min, high: max })
      this.#property(variable, id, 'EURange', 'Range', { dataType: DataType.ExtensionObject, value: range })
    } else if (kind === 'boolean') {
      for (const [name, text] of [
        ['TrueState', 'true'],
        ['FalseState', 'false'],
      ] as const) {
        this.#property(variable, id, name, 'LocalizedText', { dataType: DataType.LocalizedText, value: { text } })
      }
    }
  }

  #property(variable: UAVariable, id: string, name: string, dataType: string, value: object): void {
    const options = {
      nodeId: `s=${id}/${name}`,
      browseName: { name, namespaceIndex: 0 },
      propertyOf: variable,
      typeDefinition: 'PropertyType',
      dataType,
      value: value as never,
    }
    this.#o.build(() => this.#o.namespace.addVariable(options), { kind: 'signal', id })
  }
}
