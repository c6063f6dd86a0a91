import { MINUTE, type Micros, SECOND } from '@millwright/foundation'
import type { Frame } from '@millwright/methods/series'
import type { Arrivals, Plan } from '../kinds/kind.ts'

/** How long after its end a step waits for readings of slower senders. */
const LATENESS: Micros = SECOND
/** A reading from further ahead of the platform's time than this has a wrong time: it must not make all others come too late. */
const AHEAD: Micros = 10 * MINUTE
/** Steps that may be open: what many senders send in one batch must not fill the memory. */
const MOST_OPEN = 10_000

interface Open {
  readonly sum: Float64Array
  readonly count: Uint32Array
}

/**
 * Puts readings as they come on the grid that the service was trained on: means over steps, gaps held as in training. Time
 * goes by the readings' own; a step ends when a reading comes from well after it, or when nothing more comes. What comes later
 * than that is left out here (scoring the past again takes it in).
 */
export class GridRows {
  readonly #plan: Plan & { readonly step: Micros }
  readonly #open = new Map<number, Open>()
  readonly #held: Float64Array
  readonly #heldUntil: Float64Array
  /** The newest reading. */
  #newest = Number.NEGATIVE_INFINITY
  /** Steps before this one are over. */
  #over = Number.NEGATIVE_INFINITY
  /** Platform's time at which the last readings came. */
  #cameAt = Number.NEGATIVE_INFINITY
  /** Readings that were left out for their time. */
  late = 0

  constructor(plan: Plan) {
    if (plan.step === null) throw new Error('a grid needs a step')
    this.#plan = { ...plan, step: plan.step }
    this.#held = new Float64Array(plan.inputs.length).fill(Number.NaN)
    this.#heldUntil = new Float64Array(plan.inputs.length)
  }

  /** @returns rows that are complete now, in the order of time; a row's time is the end of its step */
  take({ length, input, time, value, now }: Arrivals): Frame {
    const { step, inputs } = this.#plan
    for (let row = 0; row < length; row++) {
      const at = time[row]!
      const each = value[row]!
      if (Number.isNaN(each)) continue
      const index = Math.floor(at / step)
      if (index < this.#over || at > now + AHEAD) {
        this.late++
        continue
      }
      if (at > this.#newest) this.#newest = at
      let open = this.#open.get(index)
      if (open === undefined) {
        open = { sum: new Float64Array(inputs.length), count: new Uint32Array(inputs.length) }
        this.#open.set(index, open)
      }
      open.sum[input[row]!]! += each
      open.count[input[row]!]!++
    }
    if (length > 0) this.#cameAt = now
    return this.#rows(this.#due(now))
  }

  /** Steps that are over: all, when nothing came for a while. */
  #due(now: Micros): number[] {
    if (this.#open.size === 0) return []
    const { step } = this.#plan
    const silent = now - this.#cameAt > 2 * step + LATENESS
    const until = silent ? Number.POSITIVE_INFINITY : Math.floor((this.#newest - Math.min(LATENESS, step)) / step)
    const due = [...this.#open.keys()].filter((index) => index < until).sort((a, b) => a - b)
    if (due.length > 0 || this.#open.size <= MOST_OPEN) return due
    return [...this.#open.keys()].sort((a, b) => a - b).slice(0, this.#open.size - MOST_OPEN)
  }

  #rows(due: readonly number[]): Frame {
    const { step, inputs } = this.#plan
    const times = new Float64Array(due.length)
    const columns = inputs.map(() => new Float64Array(due.length))
    for (const [row, index] of due.entries()) {
      const { sum, count } = this.#open.get(index)!
      this.#open.delete(index)
      this.#over = index + 1
      const end = (index + 1) * step
      times[row] = end
      for (let i = 0; i < inputs.length; i++) {
        if (count[i]! > 0) {
          this.#held[i] = sum[i]! / count[i]!
          this.#heldUntil[i] = end + inputs[i]!.hold * step
        }
        columns[i]![row] = end <= this.#heldUntil[i]! ? this.#held[i]! : Number.NaN
      }
    }
    return { times, names: inputs.map(({ name }) => name), columns }
  }
}
