/**
 * Seeded randomness: the same seed gives the same plant, bit for bit, on every machine. xoshiro128** (Blackman and Vigna,
 * "Scrambled linear pseudorandom number generators", 2021), seeded by splitmix32 over the seed and a name, so that each
 * machine has its own stream and adding a machine does not change the others.
 */
export class Random {
  readonly #state: Uint32Array
  /** The second of each pair that the polar method makes. */
  #spare: number | undefined

  constructor(seed: number, name: string) {
    let mixed = seed >>> 0
    for (let i = 0; i < name.length; i++) mixed = Math.imul(mixed ^ name.charCodeAt(i), 0x01000193) >>> 0
    this.#state = new Uint32Array(4)
    for (let i = 0; i < 4; i++) {
      mixed = (mixed + 0x9e3779b9) >>> 0
      let word = mixed
      word = Math.imul(word ^ (word >>> 16), 0x21f0aaad)
      word = Math.imul(word ^ (word >>> 15), 0x735a2d97)
      this.#state[i] = (word ^ (word >>> 15)) >>> 0
    }
  }

  /** 32 random bits. */
  bits(): number {
    const s = this.#state
    const scrambled = Math.imul(s[1]!, 5)
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0
    const shifted = s[1]! << 9
    s[2]! ^= s[0]!
    s[3]! ^= s[1]!
    s[1]! ^= s[2]!
    s[0]! ^= s[3]!
    s[2]! ^= shifted
    s[3] = (s[3]! << 11) | (s[3]! >>> 21)
    return result
  }

  /** Uniform in [0, 1). */
  next(): number {
    return this.bits() / 0x1_0000_0000
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.next()
  }

  /** An integer in [0, below). */
  index(below: number): number {
    return Math.floor(this.next() * below)
  }

  /** Normal with mean 0 and standard deviation 1 (Marsaglia's polar method). */
  normal(): number {
    if (this.#spare !== undefined) {
      const spare = this.#spare
      this.#spare = undefined
      return spare
    }
    for (;;) {
      const x = this.next() * 2 - 1
      const y = this.next() * 2 - 1
      const square = x * x + y * y
      if (square >= 1 || square === 0) continue
      const factor = Math.sqrt((-2 * Math.log(square)) / square)
      this.#spare = y * factor
      return x * factor
    }
  }

  save(): RandomState {
    return { words: [...this.#state], spare: this.#spare ?? null }
  }

  restore(saved: RandomState): void {
    this.#state.set(saved.words)
    this.#spare = saved.spare ?? undefined
  }
}

export interface RandomState {
  readonly words: readonly number[]
  readonly spare: number | null
}
