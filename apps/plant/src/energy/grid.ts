import { FaultSwitch } from '../core/fault.ts'
import { lag } from '../core/lag.ts'
import { Random, type RandomState } from '../core/rng.ts'

interface GridState {
  nominal: number
  sag: number
  frequency: number
  random: RandomState
}

/** The supply that all meters hang on: voltage and frequency wander about their nominal values (Ornstein-Uhlenbeck). */
export class Grid {
  readonly fault = new FaultSwitch('voltage-sag', 'The supply sags to 85 % of its voltage')
  readonly #random: Random
  #s: Omit<GridState, 'random'> = { nominal: 231.5, sag: 0, frequency: 50 }

  constructor(seed: number) {
    this.#random = new Random(seed, 'grid')
  }

  /** V between phase and neutral, unloaded. */
  get voltage(): number {
    return this.#s.nominal * (1 - this.#s.sag)
  }

  /** Hz */
  get frequency(): number {
    return this.#s.frequency
  }

  step(dt: number): void {
    const s = this.#s
    const root = Math.sqrt(dt)
    s.nominal += (231.5 - s.nominal) * (dt / 300) + 0.075 * root * this.#random.normal()
    s.frequency += (50 - s.frequency) * (dt / 60) + 0.002 * root * this.#random.normal()
    s.sag = lag(s.sag, this.fault.active ? 0.15 : 0, dt, 0.1)
  }

  save(): GridState & { sagging: boolean } {
    return { ...this.#s, sagging: this.fault.active, random: this.#random.save() }
  }

  restore(saved: GridState & { sagging: boolean }): void {
    const { random, sagging, ...state } = saved
    this.#s = { ...state }
    this.fault.active = sagging
    this.#random.restore(random)
  }
}
