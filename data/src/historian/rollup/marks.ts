import type { ReadingBatch, SignalKey } from '@millwright/connectivity'
import { HOUR } from '@millwright/foundation'
import { TsvWriter } from '../../ingest/tsv.ts'
import type { Engine } from '../engine.ts'

const COLUMNS = ['epoch', 'signal', 'hour']

/**
 * Durable notes of which signal-hours are being written to, made before the readings are: after a crash they say what
 * may have to be rolled up again and where newer latest values may stand. One note serves an hour of a signal, so the
 * live path writes one row an hour and signal.
 */
export class HourMarks {
  readonly #engine: Engine
  /** By key: the hour noted last. */
  #latest = new Float64Array(1024).fill(-1)
  #noted = new Map<SignalKey, Set<number>>()
  #count = 0
  #epoch = 0

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** All signal-hours noted before the last stop, and the point from which new notes go on. */
  async load(): Promise<[key: SignalKey, hour: number][]> {
    const [epochs] = await this.#engine.columns<[number[]]>('select max(epoch) from rollup_marks')
    this.#epoch = epochs[0] ?? 0
    const [keys, hours] = await this.#engine.columns<[number[], number[]]>(
      'select signal, hour from rollup_marks group by signal, hour',
      {},
      { rows: 50_000_000, seconds: 60 },
    )
    for (const [i, key] of keys.entries()) this.#add(key, hours[i]!)
    return keys.map((key, i) => [key, hours[i]!])
  }

  /** Signal-hours of a window that have no note yet, as pairs; the rows of the window are looked at once each. */
  missing(batch: ReadingBatch): [key: SignalKey, hour: number][] {
    const found: [SignalKey, number][] = []
    const { signal, time, length } = batch
    for (let row = 0; row < length; row++) {
      const key = signal[row]!
      const hour = Math.floor(time[row]! / HOUR)
      if (this.#latest[key] === hour) continue
      this.#look(key, hour, found)
    }
    for (const row of batch.wide) this.#look(row.signal, Math.floor(row.time / HOUR), found)
    return found
  }

  /** Makes notes durable. Throws when the engine cannot: then they are not made. */
  async note(pairs: readonly (readonly [SignalKey, number])[]): Promise<void> {
    if (pairs.length === 0) return
    try {
      await this.#insert(pairs)
    } catch (error) {
      for (const [key, hour] of pairs) this.#remove(key, hour)
      throw error
    }
  }

  get count(): number {
    return this.#count
  }

  /**
   * Starts a new epoch that holds only what is still open, and drops the ones before. Not while a window is being
   * committed. A crash in between leaves both, which is only more to look at.
   */
  async renew(open: Iterable<readonly [SignalKey, number]>): Promise<() => Promise<void>> {
    const before = this.#epoch
    const kept = [...open]
    this.#epoch = before + 1
    try {
      if (kept.length > 0) await this.#insert(kept)
    } catch (error) {
      this.#epoch = before
      throw error
    }
    this.#noted.clear()
    this.#latest.fill(-1)
    this.#count = 0
    for (const [key, hour] of kept) this.#add(key, hour)
    return async () => {
      const [epochs] = await this.#engine.columns<[number[]]>(
        'select distinct epoch from rollup_marks where epoch <= {before:UInt64}',
        { before },
      )
      for (const epoch of epochs) await this.#engine.run(`alter table rollup_marks drop partition ${Number(epoch)}`)
    }
  }

  async #insert(pairs: readonly (readonly [SignalKey, number])[]): Promise<void> {
    const out = new TsvWriter(pairs.length * 24)
    for (const [key, hour] of pairs) out.uint(this.#epoch).tab().uint(key).tab().uint(hour).newline()
    await this.#engine.insert('rollup_marks', COLUMNS, out.written())
  }

  #look(key: SignalKey, hour: number, found: [SignalKey, number][]): void {
    if (key >= this.#latest.length) {
      const wider = new Float64Array(Math.max(this.#latest.length * 2, key + 1)).fill(-1)
      wider.set(this.#latest)
      this.#latest = wider
    }
    if (!this.#noted.get(key)?.has(hour)) {
      this.#add(key, hour)
      found.push([key, hour])
    }
    this.#latest[key] = hour
  }

  #add(key: SignalKey, hour: number): void {
    const hours = this.#noted.get(key) ?? new Set()
    this.#noted.set(key, hours)
    if (hours.has(hour)) return
    hours.add(hour)
    this.#count++
  }

  #remove(key: SignalKey, hour: number): void {
    if (this.#noted.get(key)?.delete(hour) === true) this.#count--
    this.#latest[key] = -1
  }
}
