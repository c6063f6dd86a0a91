import { lag } from '../core/lag.ts'
import { Random, type RandomState } from '../core/rng.ts'

const DAY = 86_400

interface BuildingState {
  second: number
  cooling: boolean
  chiller: number
  random: RandomState
}

/** What a hall takes besides its machines: light by the hour, ventilation, a chiller that cycles. W. */
export class Building {
  readonly #random: Random
  #s: Omit<BuildingState, 'random'>

  /** @param startOfDay seconds since midnight at the plant's beginning */
  constructor(seed: number, startOfDay: number) {
    this.#random = new Random(seed, 'building')
    this.#s = { second: startOfDay, cooling: false, chiller: 0 }
  }

  get power(): number {
    const hour = this.#s.second / 3600
    // One shift's light and offices, with soft shoulders, on top of what never sleeps.
    const occupied = 1 / (1 + Math.exp(-(hour - 6) * 3)) - 1 / (1 + Math.exp(-(hour - 19) * 2))
    return 6_500 + 9_500 * occupied + this.#s.chiller
  }

  step(dt: number): void {
    const s = this.#s
    s.second = (s.second + dt) % DAY
    // The chiller's thermostat: some minutes on, some off.
    if (this.#random.next() < dt / (s.cooling ? 240 : 420)) s.cooling = !s.cooling
    s.chiller = lag(s.chiller, s.cooling ? 7_800 : 600, dt, 2)
  }

  save(): BuildingState {
    return { ...this.#s, random: this.#random.save() }
  }

  restore(saved: BuildingState): void {
    const { random, ...state } = saved
    this.#s = { ...state }
    this.#random.restore(random)
  }
}
