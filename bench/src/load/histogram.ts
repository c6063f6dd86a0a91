/** Steps of 0.1 ms up to 60 s. */
const STEP = 0.1
const STEPS = 600_000

/** Latencies in milliseconds, counted in steps of 0.1 ms: no object per measurement. */
export class Histogram {
  max = 0
  #count = 0
  readonly #steps = new Uint32Array(STEPS)

  add(ms: number): void {
    const step = Math.min(STEPS - 1, Math.max(0, Math.floor(ms / STEP)))
    this.#steps[step] = this.#steps[step]! + 1
    this.#count++
    if (ms > this.max) this.max = Number(ms.toFixed(1))
  }

  /** @param share 0 to 1 @returns milliseconds; 0 when nothing was measured */
  percentile(share: number): number {
    const wanted = Math.ceil(this.#count * share)
    let seen = 0
    for (let step = 0; step < STEPS; step++) {
      seen += this.#steps[step]!
      if (seen >= wanted && seen > 0) return Number(((step + 1) * STEP).toFixed(1))
    }
    return this.max
  }
}
