/** A plant in memory behind monitoring's ports, with history: for the tests of this package. */
import { isBad, ReadingBatch, type WideValue } from '@millwright/connectivity'
import type { SignalKind } from '@millwright/contracts'
import { newId, type Subscription } from '@millwright/foundation'
import type { Commits, Equipment, EquipmentDirectory, History, LatestValues, WatchedSignal } from '../ports.ts'

export type Row = readonly [key: number, time: number, value: number | string, quality?: number]

export function batchOf(rows: readonly Row[]): ReadingBatch {
  const batch = new ReadingBatch(Math.max(1, rows.length))
  for (const [signal, time, value, quality = 0] of rows) {
    if (typeof value === 'number') batch.push(signal, time, value, quality)
    else batch.wide.push({ signal, time, quality, value: { kind: 'state', value } satisfies WideValue })
  }
  return batch
}

export class MemoryPlant implements EquipmentDirectory, History, Commits, LatestValues {
  readonly tenant: string
  readonly machines = new Map<string, Equipment>()
  readonly classes = new Map<string, { name: string; kind: SignalKind }[]>()
  readonly stored: Row[] = []
  /** Rows of a batch that history gives at once. */
  slice = 1000
  /** Set to hold back history until it is called. */
  gate: Promise<void> | undefined
  readonly #listeners = new Set<(batch: ReadingBatch) => void>()
  #key = 0

  constructor(tenant = newId('ten')) {
    this.tenant = tenant
  }

  addClass(signals: Record<string, SignalKind>): string {
    const id = newId('cls')
    this.classes.set(
      id,
      Object.entries(signals).map(([name, kind]) => ({ name, kind })),
    )
    return id
  }

  addMachine(
    name: string,
    signals: Record<string, SignalKind>,
    equipmentClass: string | null = null,
    parents: readonly string[] = [],
  ): Equipment {
    const id = newId('ast')
    return this.put({
      tenant: this.tenant,
      id,
      name,
      equipmentClass,
      path: [...parents, id],
      names: [...parents.map((_, i) => `Node ${i}`), name],
      signals: Object.entries(signals).map(([signal, kind]) => this.#signal(signal, kind)),
    })
  }

  put(machine: Equipment): Equipment {
    this.machines.set(machine.id, machine)
    return machine
  }

  addSignal(machine: Equipment, name: string, kind: SignalKind): Equipment {
    return this.put({ ...this.machines.get(machine.id)!, signals: [...machine.signals, this.#signal(name, kind)] })
  }

  key(machine: Equipment, name: string): number {
    return this.machines.get(machine.id)!.signals.find((signal) => signal.name === name)!.key
  }

  /** Stores rows and tells of them, as a commit does. */
  commit(rows: readonly Row[]): void {
    this.stored.push(...rows)
    const batch = batchOf(rows)
    for (const listener of this.#listeners) listener(batch)
  }

  onCommit(listener: (batch: ReadingBatch) => void): Subscription {
    this.#listeners.add(listener)
    return { cancel: () => this.#listeners.delete(listener) }
  }

  value({ key }: WatchedSignal): number | string | null {
    const newest = this.stored.findLast(([signal]) => signal === key)
    return newest === undefined || isBad(newest[3] ?? 0) ? null : newest[2]
  }

  one(tenant: string, id: string): Equipment | undefined {
    const machine = this.machines.get(id)
    return machine?.tenant === tenant ? machine : undefined
  }

  *ofClass(tenant: string, equipmentClass: string): Generator<Equipment> {
    for (const machine of this.machines.values()) {
      if (machine.tenant === tenant && machine.equipmentClass === equipmentClass) yield machine
    }
  }

  async expected(_tenant: string, equipmentClass: string) {
    return this.classes.get(equipmentClass)
  }

  async *raw(keys: readonly number[], from: number, to: number): AsyncGenerator<ReadingBatch> {
    await this.gate
    const rows = this.stored
      .filter(([key, time]) => keys.includes(key) && time >= from && time < to)
      .sort((a, b) => a[1] - b[1])
    for (let i = 0; i < rows.length; i += this.slice) yield batchOf(rows.slice(i, i + this.slice))
  }

  async newest(keys: readonly number[], before: number): Promise<ReadingBatch> {
    const newest = new Map<number, Row>()
    for (const row of this.stored) {
      const [key, time, , quality = 0] = row
      if (!keys.includes(key) || time >= before || isBad(quality)) continue
      if (time >= (newest.get(key)?.[1] ?? 0)) newest.set(key, row)
    }
    return batchOf([...newest.values()])
  }

  #signal(name: string, kind: SignalKind): WatchedSignal {
    return { key: ++this.#key, id: newId('sig'), name, kind, unit: kind === 'number' ? 'Cel' : '1', simulated: false }
  }
}

/** A rule as it runs, with what a test does not care about filled in. */
export function runningRule(changes: Partial<import('../watch/running-rule.ts').RunningRule> & { condition: string }) {
  return {
    id: newId('rul'),
    tenant: 'ten',
    name: 'Rule',
    equipmentClass: null,
    equipment: null,
    clearCondition: null,
    onDelay: 0,
    offDelay: 0,
    priority: 'high' as const,
    latching: false,
    message: '',
    response: '',
    version: 1,
    ...changes,
  }
}
