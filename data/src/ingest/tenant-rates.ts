import type { ReadingBatch, SignalKey } from '@millwright/connectivity'
import type { Micros } from '@millwright/foundation'
import { RateMeter } from './rate.ts'

/** Keys are given out in sequence: this many have a place in the table, further ones are looked up each time. */
const TABLE = 1 << 22
const UNKNOWN = 0

/**
 * Points a second of each tenant, counted over whole batches: a table from a signal's key to its tenant's number, and a
 * count for each number. On the hot path a row costs two array accesses.
 */
export class TenantRates {
  readonly #tenantOf: (key: SignalKey) => string | undefined
  readonly #meters = new Map<string, RateMeter>()
  readonly #names: string[] = ['']
  readonly #numbers = new Map<string, number>()
  #table = new Uint16Array(1024)
  #counts = new Float64Array(16)

  constructor(tenantOf: (key: SignalKey) => string | undefined) {
    this.#tenantOf = tenantOf
  }

  count(batch: ReadingBatch, now: Micros): void {
    const { signal, length, wide } = batch
    for (let row = 0; row < length; row++) this.#counts[this.#number(signal[row]!)]!++
    for (let row = 0; row < wide.length; row++) this.#counts[this.#number(wide[row]!.signal)]!++
    for (let number = 1; number < this.#names.length; number++) {
      const count = this.#counts[number]!
      if (count === 0) continue
      this.#meters.get(this.#names[number]!)!.add(count, now)
    }
    this.#counts.fill(0)
  }

  perSecond(tenant: string, now: Micros): number {
    return this.#meters.get(tenant)?.perSecond(now) ?? 0
  }

  #number(key: SignalKey): number {
    const known = key < this.#table.length ? this.#table[key]! : UNKNOWN
    return known === UNKNOWN ? this.#look(key) : known
  }

  #look(key: SignalKey): number {
    const tenant = this.#tenantOf(key)
    if (tenant === undefined) return UNKNOWN
    const number = this.#numbers.get(tenant) ?? this.#add(tenant)
    // A tenant beyond what two bytes count is looked up each time.
    if (key >= TABLE || number > 0xffff) return number
    if (key >= this.#table.length) {
      const wider = new Uint16Array(Math.min(TABLE, 2 ** Math.ceil(Math.log2(key + 1))))
      wider.set(this.#table)
      this.#table = wider
    }
    this.#table[key] = number
    return number
  }

  #add(tenant: string): number {
    const number = this.#names.push(tenant) - 1
    this.#numbers.set(tenant, number)
    this.#meters.set(tenant, new RateMeter())
    if (number >= this.#counts.length) {
      const wider = new Float64Array(this.#counts.length * 2)
      wider.set(this.#counts)
      this.#counts = wider
    }
    return number
  }
}
