import { isBad, type ReadingBatch, type SignalKey } from '@millwright/connectivity'
import type { Micros } from '@millwright/foundation'
import type { Rows } from './protocol.ts'

/** Rows that wait for the scoring thread; beyond, new ones are left out and counted. */
const MOST_ROWS = 1_000_000
const MOST_WIDE = 20_000

/** Copies committed readings of signals that somebody scores, on the ingest path: the others cost one look each. */
export class Feed {
  /** By key: 1 when somebody scores it, 2 when somebody waits for what follows from it. */
  #wanted = new Uint8Array(1024)
  #key = new Uint32Array(1024)
  #time = new Float64Array(1024)
  #value = new Float64Array(1024)
  #length = 0
  #wide: Rows['wide'][number][] = []
  /** Readings that were not scored because the thread was too far behind. */
  leftOut = 0

  want(keys: Iterable<SignalKey>, urgent: Iterable<SignalKey>): void {
    const all = [...keys]
    const most = Math.max(1023, ...all)
    this.#wanted = new Uint8Array(most + 1)
    for (const key of all) this.#wanted[key] = 1
    for (const key of urgent) this.#wanted[key] = 2
  }

  get empty(): boolean {
    return this.#length === 0 && this.#wide.length === 0
  }

  /** A commit listener. @returns whether somebody waits for what follows */
  take({ length, signal, time, value, quality, wide }: ReadingBatch): boolean {
    const wanted = this.#wanted
    let urgent = false
    for (let row = 0; row < length; row++) {
      const wish = wanted[signal[row]!]
      if (wish === undefined || wish === 0) continue
      this.#push(signal[row]!, time[row]!, isBad(quality[row]!) ? Number.NaN : value[row]!)
      if (wish === 2) urgent = true
    }
    for (const row of wide) {
      const wish = wanted[row.signal]
      if (wish === undefined || wish === 0 || isBad(row.quality)) continue
      if (wish === 2) urgent = true
      if (this.#wide.length === MOST_WIDE) this.leftOut++
      else this.#wide.push({ key: row.signal, time: row.time, value: row.value })
    }
    return urgent
  }

  /** What has come since, as columns of their own that may be transferred. */
  drain(now: Micros): Rows {
    const length = this.#length
    const wide = this.#wide
    this.#length = 0
    this.#wide = []
    return {
      length,
      key: this.#key.slice(0, length),
      time: this.#time.slice(0, length),
      value: this.#value.slice(0, length),
      wide,
      now,
    }
  }

  #push(key: SignalKey, time: Micros, value: number): void {
    if (this.#length === MOST_ROWS) {
      this.leftOut++
      return
    }
    if (this.#length === this.#key.length) this.#grow()
    const at = this.#length++
    this.#key[at] = key
    this.#time[at] = time
    this.#value[at] = value
  }

  #grow(): void {
    const size = Math.min(MOST_ROWS, this.#key.length * 2)
    const [key, time, value] = [new Uint32Array(size), new Float64Array(size), new Float64Array(size)]
    key.set(this.#key)
    time.set(this.#time)
    value.set(this.#value)
    this.#key = key
    this.#time = time
    this.#value = value
  }
}
