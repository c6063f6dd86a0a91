import type { Micros } from '@millwright/foundation'
import type { Arrivals } from '../kinds/kind.ts'

/** What waits for a scorer that still reads its past; beyond, the oldest of it will be missing. */
const MOST_ROWS = 500_000

/** Readings of one service's inputs since it was asked last. */
export class Collected {
  readonly #told: Float64Array
  #length = 0
  #input = new Uint16Array(64)
  #time = new Float64Array(64)
  #value = new Float64Array(64)
  #wide: Arrivals['wide'][number][] = []

  constructor(inputs: number) {
    this.#told = new Float64Array(inputs).fill(Number.NEGATIVE_INFINITY)
  }

  get empty(): boolean {
    return this.#length === 0 && this.#wide.length === 0
  }

  /** Stored readings were told: what is not newer has been told as well. */
  past({ length, input, time, wide }: Arrivals): void {
    const told = this.#told
    for (let row = 0; row < length; row++) told[input[row]!] = Math.max(told[input[row]!]!, time[row]!)
    for (const each of wide) told[each.input] = Math.max(told[each.input]!, each.time)
  }

  push(input: number, time: Micros, value: number): void {
    if (this.#length === MOST_ROWS) return
    if (this.#length === this.#input.length) this.#grow()
    const at = this.#length++
    this.#input[at] = input
    this.#time[at] = time
    this.#value[at] = value
  }

  pushWide(row: Arrivals['wide'][number]): void {
    if (this.#wide.length < MOST_ROWS) this.#wide.push(row)
  }

  /** The rows are a view that holds until the next `push`. */
  take(now: Micros): Arrivals {
    if (this.#told.some((time) => time > Number.NEGATIVE_INFINITY)) this.#dropTold()
    const wide = this.#wide
    this.#wide = []
    const length = this.#length
    this.#length = 0
    return { length, input: this.#input, time: this.#time, value: this.#value, wide, now }
  }

  /** Once, when the past is over: some of what came meanwhile was stored when the past was read. */
  #dropTold(): void {
    const told = this.#told
    let kept = 0
    for (let row = 0; row < this.#length; row++) {
      if (this.#time[row]! <= told[this.#input[row]!]!) continue
      this.#input[kept] = this.#input[row]!
      this.#time[kept] = this.#time[row]!
      this.#value[kept++] = this.#value[row]!
    }
    this.#length = kept
    this.#wide = this.#wide.filter(({ input, time }) => time > told[input]!)
    told.fill(Number.NEGATIVE_INFINITY)
  }

  #grow(): void {
    const size = this.#input.length * 2
    const [input, time, value] = [new Uint16Array(size), new Float64Array(size), new Float64Array(size)]
    input.set(this.#input)
    time.set(this.#time)
    value.set(this.#value)
    this.#input = input
    this.#time = time
    this.#value = value
  }
}
