import { Random, type RandomState } from '../core/rng.ts'
import type { Part, PartSource } from './part.ts'

interface FeederState {
  count: number
  left: number
  bar: number
  wait: number
  random: RandomState
}

const PARTS_OF_A_BAR = 24

/** Cuts blanks off bars and gives each its serial number; changing the bar takes a while, and sometimes longer. */
export class BarFeeder implements PartSource {
  readonly #random: Random
  #state: Omit<FeederState, 'random'> = { count: 0, left: 9, bar: 1, wait: 0 }

  readonly #series: string

  /** @param series what serial numbers begin with */
  constructor(name: string, seed: number, series: string) {
    this.#series = series
    this.#random = new Random(seed, name)
  }

  step(dt: number): void {
    this.#state.wait = Math.max(0, this.#state.wait - dt)
  }

  take(): Part | undefined {
    const s = this.#state
    if (s.wait > 0) return undefined
    s.count += 1
    s.left -= 1
    const part = {
      serial: `${this.#series}-${String(s.count).padStart(7, '0')}`,
      batch: `BAR-${String(s.bar).padStart(4, '0')}`,
      dimensions: {},
      operations: [],
    }
    if (s.left === 0) {
      s.left = PARTS_OF_A_BAR
      s.bar += 1
      s.wait = 20 + (this.#random.next() < 0.2 ? this.#random.between(30, 90) : this.#random.between(0, 15))
    }
    return part
  }

  save(): FeederState {
    return { ...this.#state, random: this.#random.save() }
  }

  restore(saved: FeederState): void {
    const { random, ...state } = saved
    this.#state = { ...state }
    this.#random.restore(random)
  }
}
