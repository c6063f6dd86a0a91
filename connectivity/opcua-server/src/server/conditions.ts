import type { Alarm, Priority } from '@millwright/contracts'
import type { Micros } from '@millwright/foundation'
import type { AddressSpace, BaseNode, INamespace, UAObject, UAObjectType } from 'node-opcua-address-space'
import { resolveNodeId } from 'node-opcua-nodeid'
import { DataType, Variant } from 'node-opcua-variant'
import type { WatchedAlarm } from '../ports.ts'
import { statusOf } from './data-values.ts'
import type { PlantSpace } from './plant-space.ts'

/** Severity 1 to 1000 (OPC 10000-5, 6.4.2). */
const SEVERITY: Readonly<Record<Priority, number>> = { critical: 900, high: 700, medium: 500, low: 300 }
const PROCESS_CONDITIONS = resolveNodeId('i=11163')

/** Methods by their names, where clients look for them (OPC 10000-9, 5.5, 5.7 and 5.8). */
const ANSWERS = {
  AddComment: resolveNodeId('i=9029'),
  Acknowledge: resolveNodeId('i=9111'),
  Confirm: resolveNodeId('i=9113'),
}
const SHELVING = {
  TimedShelve: resolveNodeId('i=2949'),
  OneShotShelve: resolveNodeId('i=2948'),
  Unshelve: resolveNodeId('i=2947'),
}

/** What happened to an alarm, for its event. */
export interface Occurrence {
  readonly time: Micros
  readonly by: string
  readonly comment: string | undefined
}

export interface ConditionsOptions {
  readonly addressSpace: AddressSpace
  readonly namespace: INamespace
  readonly space: () => PlantSpace
  readonly alarm: (id: string) => WatchedAlarm | undefined
}

interface LibraryEvent {
  _browse(path: { startingNode: unknown; relativePath: unknown }): unknown
  _readValue(id: unknown): unknown
}

/**
 * Standing alarms as conditions (OPC 10000-9): each is an AlarmConditionType instance that exists while it stands and is
 * told of by events. Its state is the platform's; nothing is kept here.
 */
export class Conditions {
  readonly #o: ConditionsOptions
  readonly #type: UAObjectType

  constructor(options: ConditionsOptions) {
    this.#o = options
    this.#type = options.addressSpace.findEventType('AlarmConditionType')!
  }

  /** The instance: a ConditionId to call methods at. */
  make(id: string): BaseNode | null {
    const watched = this.#o.alarm(id)
    if (watched === undefined) return null
    const { namespace } = this.#o
    const space = this.#o.space()
    const equipment = space.node(watched.alarm.equipment)
    if (equipment === null) return null
    const options = {
      nodeId: `s=${id}`,
      browseName: watched.alarm.ruleName,
      typeDefinition: this.#type,
      conditionOf: equipment,
    }
    const condition = space.build(() => namespace.addObject(options as never), { kind: 'alarm', id }, ANSWERS)
    equipment.addReference({ referenceType: 'HasCondition', nodeId: condition.nodeId })
    // Where clients call the methods of shelving.
    space.build(
      () =>
        namespace.addObject({
          nodeId: `s=${id}/ShelvingState`,
          browseName: { name: 'ShelvingState', namespaceIndex: 0 },
          typeDefinition: 'ShelvedStateMachineType',
          componentOf: condition as UAObject,
        }),
      { kind: 'alarm', id },
      SHELVING,
    )
    return condition
  }

  /** Tells whoever listens at the server, at the equipment and above it. */
  tell(watched: WatchedAlarm, occurrence: Occurrence): void {
    const { alarm } = watched
    const space = this.#o.space()
    const server = this.#o.addressSpace.rootFolder.objects.server
    const listening = [server, ...this.#above(alarm)].filter((node) => node.listenerCount('event') > 0)
    if (listening.length === 0) return
    const condition = space.node(alarm.id)
    if (condition === null) return
    const event = this.#event(condition, watched, occurrence)
    for (const node of listening) node.emit('event', event as never)
  }

  /** Objects from the equipment up, as far as anybody has asked for them. */
  *#above(alarm: Alarm): Generator<UAObject> {
    const space = this.#o.space()
    let node = space.known(alarm.equipment)
    while (node !== null && node !== undefined && node.namespaceIndex === this.#o.namespace.index) {
      yield node as UAObject
      node = node.findReferencesAsObject('HierarchicalReferences', false)[0] ?? null
    }
  }

  #event(condition: BaseNode, { alarm }: WatchedAlarm, { time, by, comment }: Occurrence) {
    const { addressSpace } = this.#o
    const active = alarm.state === 'unacknowledged' || alarm.state === 'acknowledged'
    const acknowledged = alarm.state !== 'unacknowledged' && alarm.state !== 'returned-unacknowledged'
    const shelved = alarm.shelvedUntil !== undefined
    // The library makes event ids of its own unless it inherits one.
    const data = Object.create({ eventId: new Variant({ dataType: DataType.ByteString, value: eventId(alarm) }) })
    Object.assign(data, {
      sourceNode: { dataType: DataType.NodeId, value: this.#o.space().nodeId(alarm.equipment) },
      sourceName: { dataType: DataType.String, value: alarm.equipmentName },
      time: { dataType: DataType.DateTime, value: new Date(time / 1000) },
      message: text(alarm.message),
      severity: { dataType: DataType.UInt16, value: SEVERITY[alarm.priority] },
      conditionClassId: { dataType: DataType.NodeId, value: PROCESS_CONDITIONS },
      conditionClassName: text('ProcessConditionClassType'),
      conditionName: { dataType: DataType.String, value: alarm.ruleName },
      branchId: { dataType: DataType.NodeId, value: resolveNodeId('i=0') },
      retain: flag(alarm.state !== 'normal'),
      enabledState: text('Enabled'),
      'enabledState.id': flag(true),
      quality: { dataType: DataType.StatusCode, value: statusOf(0) },
      lastSeverity: { dataType: DataType.UInt16, value: SEVERITY[alarm.priority] },
      comment: text(comment ?? ''),
      clientUserId: { dataType: DataType.String, value: by },
      ackedState: text(acknowledged ? 'Acknowledged' : 'Unacknowledged'),
      'ackedState.id': flag(acknowledged),
      confirmedState: text(alarm.state === 'latched' ? 'Unconfirmed' : 'Confirmed'),
      'confirmedState.id': flag(alarm.state !== 'latched'),
      activeState: text(active ? 'Active' : 'Inactive'),
      'activeState.id': flag(active),
      inputNode: { dataType: DataType.NodeId, value: this.#input(alarm) },
      suppressedOrShelved: flag(shelved),
      'shelvingState.unshelveTime': { dataType: DataType.Double, value: unshelveTime(alarm) },
      'shelvingState.currentState': text(shelved ? 'TimedShelved' : 'Unshelved'),
      'shelvingState.currentState.id': {
        dataType: DataType.NodeId,
        value: resolveNodeId(shelved ? 'i=2932' : 'i=2930'),
      },
    })
    const made = addressSpace.constructEventData(this.#type, onlyKnown(data, this.#fields())) as unknown as LibraryEvent
    const type = this.#type.nodeId
    return Object.assign(Object.create(null), made, {
      // What is asked of the event itself is the instance's, what stands in it is found by the type's fields.
      getEventDataSource: () => condition,
      _browse: (path: { relativePath: unknown }) =>
        made._browse({ startingNode: type, relativePath: path.relativePath }),
      _readValue: (id: unknown) => made._readValue(id),
    })
  }

  #input(alarm: Alarm) {
    const [signal] = alarm.signals
    return signal === undefined ? resolveNodeId('i=0') : this.#o.space().nodeId(signal)
  }

  #names: Set<string> | undefined
  #fields(): Set<string> {
    if (this.#names !== undefined) return this.#names
    const probe = this.#o.addressSpace.constructEventData(this.#type, {
      sourceNode: { dataType: DataType.NodeId, value: resolveNodeId('Server') },
    } as never)
    this.#names = new Set(Object.keys(probe))
    return this.#names
  }
}

function onlyKnown(data: Record<string, unknown>, names: ReadonlySet<string>): never {
  for (const key of Object.keys(data)) if (!names.has(key)) delete data[key]
  return data as never
}

/** ms until it is back; 0: it is not shelved. */
const unshelveTime = ({ shelvedUntil }: Alarm): number =>
  shelvedUntil === undefined ? 0 : Math.max(0, shelvedUntil / 1000 - Date.now())

/** Names the alarm and its version: an answer to an older event is told from one to a newer. */
export const eventId = ({ id, version }: Alarm): Buffer => Buffer.from(`${id}:${version}`, 'latin1')

/** The version an event told of; undefined when it was none of this alarm's. */
export function versionOf(id: Buffer | null | undefined, alarm: Alarm): number | undefined {
  const [name, version, ...more] = (id ?? Buffer.alloc(0)).toString('latin1').split(':')
  if (name !== alarm.id || version === undefined || more.length > 0 || !/^\d{1,9}$/.test(version)) return undefined
  return Number(version) <= alarm.version ? Number(version) : undefined
}

const text = (value: string) => ({ dataType: DataType.LocalizedText, value: { text: value, locale: 'en' } })
const flag = (value: boolean) => ({ dataType: DataType.Boolean, value })
