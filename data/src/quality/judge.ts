import { QUALITY, type ReadingBatch } from '@millwright/connectivity'
import { type Micros, SECOND } from '@millwright/foundation'
import type { HistorianSignals } from '../historian/ports.ts'
import { SignalMemory } from './memory.ts'

/** A reading dated further ahead of the platform's clock than this has a doubtful time. */
export const SKEW_TOLERANCE = 60 * SECOND

/** How many readings were found so, since start. */
export interface JudgeCounts {
  range: number
  rate: number
  flat: number
  ahead: number
  outOfOrder: number
  notANumber: number
}

/**
 * Judges each reading against what is known of its signal and sets its OPC UA status (Part 8, 5.3.4 for data sources).
 * Nothing is dropped and a worse quality than what the sender gave is never made better:
 * - not a number: Bad
 * - outside `min`..`max`: Uncertain, engineering units exceeded
 * - changed faster than `maxRate` per second since the reading before: Uncertain, sensor not accurate
 * - unchanged for `flatAfter` or longer: Uncertain, last usable value (what updates it seems to have stopped)
 * - dated more than a minute ahead of our clock: Uncertain
 * A reading older than the newest one is judged by its range alone: rate and flat line need the order of time.
 */
export class QualityJudge {
  readonly #signals: HistorianSignals
  readonly #memory = new SignalMemory()
  readonly counts: JudgeCounts = { range: 0, rate: 0, flat: 0, ahead: 0, outOfOrder: 0, notANumber: 0 }

  constructor(signals: HistorianSignals) {
    this.#signals = signals
  }

  /** Judges a window in place. `now`: the platform's clock. */
  judge(batch: ReadingBatch, now: Micros): void {
    const { signal, time, value, quality, length } = batch
    const latest = now + SKEW_TOLERANCE
    for (let row = 0; row < length; row++) {
      quality[row] = this.#judged(signal[row]!, time[row]!, value[row]!, quality[row]!, latest)
    }
  }

  /** Readings of a window that could not be stored will come again: forget them, so that they are judged anew. */
  forget(batch: ReadingBatch): void {
    for (let row = 0; row < batch.length; row++) this.#memory.forget(batch.signal[row]!)
  }

  #judged(key: number, at: Micros, value: number, sent: number, latest: Micros): number {
    const memory = this.#memory
    memory.reach(key)
    const facts = this.#signals.byKey(key)
    const before = memory.time[key]!
    // The same reading sent again: judged as it was the first time, so that a resend changes nothing.
    if (at === before && value === memory.value[key]! && sent <= memory.quality[key]!) return memory.quality[key]!
    const newest = !(at <= before)
    if (!newest) this.counts.outOfOrder++

    let found = 0
    if (!Number.isFinite(value)) {
      this.counts.notANumber++
      found = sent >>> 30 === 2 ? sent : QUALITY.bad
    } else if (facts !== undefined) {
      if ((facts.min !== null && value < facts.min) || (facts.max !== null && value > facts.max)) {
        this.counts.range++
        found = QUALITY.uncertainRange
      } else if (newest && !Number.isNaN(before)) {
        const last = memory.value[key]!
        if (facts.maxRate !== null && Math.abs(value - last) > (facts.maxRate * (at - before)) / SECOND) {
          this.counts.rate++
          found = QUALITY.uncertainSensor
        } else if (facts.flatAfter !== null && value === last && at - memory.since[key]! >= facts.flatAfter) {
          this.counts.flat++
          found = QUALITY.uncertainLastUsable
        }
      }
    }
    if (at > latest) {
      this.counts.ahead++
      if (found === 0) found = QUALITY.uncertain
    }
    // Severity is in the top two bits; a code the sender gave stands unless ours is worse.
    const judged = found >>> 30 > sent >>> 30 ? found : sent
    // A time that far ahead is not to be trusted: it must not make all that follows look late.
    if (newest && at <= latest) {
      if (!(value === memory.value[key]!) || Number.isNaN(before)) memory.since[key] = at
      memory.time[key] = at
      memory.value[key] = value
      memory.quality[key] = judged
    }
    return judged
  }
}
