import { isBad, type SignalKey, type WideRow } from '@millwright/connectivity'
import { type Micros, SECOND } from '@millwright/foundation'
import { wideShown } from '../historian/latest/wide-text.ts'

/** Rows of one hand-over, as parallel columns; `index` into the subscription's signals, times rising per signal. */
export interface ReadingRows {
  readonly index: number[]
  readonly time: Micros[]
  /** A number (0/1 for a boolean), null where the quality is Bad or for a waveform, text, document or position. */
  readonly value: unknown[]
  readonly quality: number[]
  /** Rows that came since the last hand-over and are not among these. */
  leftOut: number
}

export interface SubscribeOptions {
  readonly signals: readonly SignalKey[]
  /** Rows a second and signal at the most; default 10. */
  readonly maxRate?: number
  /** False while the reader is behind: rows are then held, and the newest of them win. */
  readonly ready?: () => boolean
  /** Must be quick and not throw: it runs on the ingest path. */
  readonly rows: (rows: ReadingRows) => void
}

interface Row {
  time: Micros
  value: unknown
  quality: number
}

/** What is held of one signal until its next turn: the newest row, and the lowest and highest since the last turn. */
interface Held {
  newest: Row | undefined
  lowest: Row | undefined
  highest: Row | undefined
  rows: number
  /** Time of the newest row handed over. */
  given: Micros
  /** Not to be handed over before this time on the platform's clock. */
  turn: Micros
}

const DEFAULT_RATE = 10

/**
 * One viewer. A signal slower than the rate passes at once. A faster one is thinned honestly: at its turn go the newest
 * row and, where they differ, the lowest and highest since the last turn, so that a spike is seen; handing over more
 * rows puts the next turn off, so that the rate holds. All else is counted as left out.
 */
export class LiveSubscription {
  readonly #options: SubscribeOptions
  readonly #interval: Micros
  readonly #held: (Held | undefined)[]
  readonly #waiting = new Set<number>()

  constructor(options: SubscribeOptions) {
    this.#options = options
    this.#interval = SECOND / (options.maxRate ?? DEFAULT_RATE)
    this.#held = new Array(options.signals.length)
  }

  offer(index: number, time: Micros, value: number, quality: number): void {
    const held = this.#hold(index, time)
    if (held === undefined) return
    const shown = isBad(quality) || !Number.isFinite(value) ? null : value
    const row = { time, value: shown, quality }
    held.newest = row
    if (shown === null) return
    if (held.lowest === undefined || shown <= (held.lowest.value as number)) held.lowest = row
    if (held.highest === undefined || shown >= (held.highest.value as number)) held.highest = row
  }

  offerWide(index: number, row: WideRow): void {
    const held = this.#hold(index, row.time)
    if (held === undefined) return
    held.newest = { time: row.time, value: isBad(row.quality) ? null : wideShown(row.value), quality: row.quality }
  }

  /** Hands over what is due. False when nothing is held any more. */
  flush(now: Micros): boolean {
    if (this.#waiting.size === 0) return false
    if (this.#options.ready?.() === false) return true
    const rows: ReadingRows = { index: [], time: [], value: [], quality: [], leftOut: 0 }
    for (const index of this.#waiting) {
      const held = this.#held[index]!
      // A clock that was set back must not silence a view until it has caught up.
      if (held.turn > now && held.turn - now <= 3 * this.#interval) continue
      this.#give(index, held, rows, now)
      this.#waiting.delete(index)
    }
    if (rows.index.length > 0) this.#options.rows(rows)
    return this.#waiting.size > 0
  }

  /** The place where a row is held; undefined when it is older than what the viewer has. */
  #hold(index: number, time: Micros): Held | undefined {
    let held = this.#held[index]
    if (held === undefined) {
      held = { newest: undefined, lowest: undefined, highest: undefined, rows: 0, given: 0, turn: 0 }
      this.#held[index] = held
    }
    held.rows++
    // Late readings do not move a live view backwards; they are in the history.
    if (time < (held.newest?.time ?? held.given)) return undefined
    this.#waiting.add(index)
    return held
  }

  #give(index: number, held: Held, rows: ReadingRows, now: Micros): void {
    const newest = held.newest!
    const given = [...new Set([held.lowest, held.highest, newest])]
      .filter((row) => row !== undefined)
      .sort((a, b) => a.time - b.time)
    for (const row of given) {
      rows.index.push(index)
      rows.time.push(row.time)
      rows.value.push(row.value)
      rows.quality.push(row.quality)
    }
    rows.leftOut += held.rows - given.length
    held.turn = now + given.length * this.#interval
    held.given = newest.time
    held.newest = undefined
    held.lowest = undefined
    held.highest = undefined
    held.rows = 0
  }
}
