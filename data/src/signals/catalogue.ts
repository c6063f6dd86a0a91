import type { SignalKind } from '@millwright/contracts'
import type { Database } from '@millwright/storage'
import type { AssetTree } from '../assets/tree.ts'
import { type SignalRow, signalStore } from './store.ts'

/** What the historian, the rules and the live views need to know of a signal, from memory. */
export interface SignalFacts {
  readonly key: number
  readonly id: string
  readonly tenant: string
  /** Ids from the root to the equipment; empty when it hangs nowhere. Follows the equipment when that moves. */
  readonly path: readonly string[]
  readonly name: string
  readonly kind: SignalKind
  readonly unit: string
  readonly equipment: string | null
  readonly device: string | null
  readonly min: number | null
  readonly max: number | null
  readonly maxRate: number | null
  readonly staleAfter: number | null
  readonly flatAfter: number | null
  readonly retention: string
  readonly simulated: boolean
}

class Facts implements SignalFacts {
  readonly #tree: AssetTree
  readonly key: number
  readonly id: string
  readonly tenant: string
  readonly name: string
  readonly kind: SignalKind
  readonly unit: string
  readonly equipment: string | null
  readonly device: string | null
  readonly min: number | null
  readonly max: number | null
  readonly maxRate: number | null
  readonly staleAfter: number | null
  readonly flatAfter: number | null
  readonly retention: string
  readonly simulated: boolean

  constructor(row: SignalRow, tree: AssetTree) {
    this.#tree = tree
    this.key = row.key
    this.id = row.id
    this.tenant = row.tenant
    this.name = row.name
    this.kind = row.kind
    this.unit = row.unit
    this.equipment = row.equipment
    this.device = row.device
    this.min = row.min
    this.max = row.max
    this.maxRate = row.maxRate
    this.staleAfter = row.staleAfter
    this.flatAfter = row.flatAfter
    this.retention = row.retention
    this.simulated = row.simulated
  }

  get path(): readonly string[] {
    return this.equipment === null ? NOWHERE : (this.#tree.get(this.equipment)?.path ?? NOWHERE)
  }
}

const NOWHERE: readonly string[] = []

/** Every signal of every tenant in memory, by key, id, equipment and device. */
export class SignalCatalogue {
  readonly #tree: AssetTree
  readonly #byKey = new Map<number, SignalFacts>()
  readonly #byId = new Map<string, SignalFacts>()
  readonly #byEquipment = new Map<string, Map<string, SignalFacts>>()
  readonly #byDevice = new Map<string, Map<string, SignalFacts>>()

  constructor(tree: AssetTree) {
    this.#tree = tree
  }

  async start(database: Database): Promise<void> {
    for (const row of await database.system((sql) => signalStore.all(sql))) this.set(row)
  }

  set(row: SignalRow): SignalFacts {
    const old = this.#byId.get(row.id)
    if (old !== undefined) this.#unlink(old)
    const facts = new Facts(row, this.#tree)
    this.#byKey.set(facts.key, facts)
    this.#byId.set(facts.id, facts)
    link(this.#byEquipment, facts.equipment, facts)
    if (facts.equipment === null) link(this.#byDevice, facts.device, facts)
    return facts
  }

  byKey(key: number): SignalFacts | undefined {
    return this.#byKey.get(key)
  }

  byId(id: string): SignalFacts | undefined {
    return this.#byId.get(id)
  }

  /** By name, of one piece of equipment. */
  ofEquipment(equipment: string): ReadonlyMap<string, SignalFacts> {
    return this.#byEquipment.get(equipment) ?? NONE
  }

  /** By name, of a device that serves no equipment. */
  ofDevice(device: string): ReadonlyMap<string, SignalFacts> {
    return this.#byDevice.get(device) ?? NONE
  }

  /** All signals at and below a node. */
  *under(node: string): Generator<SignalFacts> {
    for (const { id } of this.#tree.under(node)) yield* this.ofEquipment(id).values()
  }

  /** All signals of a tenant. */
  *ofTenant(tenant: string): Generator<SignalFacts> {
    for (const facts of this.#byId.values()) if (facts.tenant === tenant) yield facts
  }

  get size(): number {
    return this.#byId.size
  }

  #unlink(facts: SignalFacts): void {
    if (facts.equipment !== null) this.#byEquipment.get(facts.equipment)?.delete(facts.name)
    else if (facts.device !== null) this.#byDevice.get(facts.device)?.delete(facts.name)
  }
}

const NONE: ReadonlyMap<string, SignalFacts> = new Map()

function link(index: Map<string, Map<string, SignalFacts>>, of: string | null, facts: SignalFacts): void {
  if (of === null) return
  const held = index.get(of) ?? new Map<string, SignalFacts>()
  index.set(of, held.set(facts.name, facts))
}
