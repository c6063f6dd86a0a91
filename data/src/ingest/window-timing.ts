import { MILLISECOND, type Micros } from '@millwright/foundation'

/** Shortest window: at low load a reading is durable and on its way to viewers this soon. */
const SHORTEST = 15 * MILLISECOND
/** Longest window: under load fewer, larger inserts cost the engine less. */
const LONGEST = 50 * MILLISECOND
/** Rows a second from which the longest window is used. */
const BUSY = 100_000
/** While the engine refuses, try twice a second. */
const FAILING = 500 * MILLISECOND

/** Chooses how long a window stays open, from how many rows a second came lately. */
export class WindowTiming {
  #rate = 0
  failing = false

  /** A window of `rows` was filled in `took`. */
  filled(rows: number, took: Micros): void {
    const rate = (rows * 1_000_000) / Math.max(took, MILLISECOND)
    this.#rate += (rate - this.#rate) * 0.2
  }

  next(): Micros {
    if (this.failing) return FAILING
    return SHORTEST + (LONGEST - SHORTEST) * Math.min(1, this.#rate / BUSY)
  }
}
