import type { Micros } from '@millwright/foundation'
import { SortedValues } from './sorted-values.ts'
import type { WindowBudget } from './window-budget.ts'

/** Which figures a window must be able to answer; each column costs 8 bytes a reading. */
export interface WindowColumns {
  readonly sum: boolean
  readonly deviation: boolean
  readonly extremes: boolean
  /** Kept in order beside the entries. */
  readonly median: boolean
}

/** Entries at the most. About three quarters of them are exact; beyond, neighbours merge in steps of length / 1024. */
export const MOST_ENTRIES = 2048
const FIRST_CAPACITY = 16
/** A window up to this size is never refused memory. */
const FREE_CAPACITY = 128

/**
 * A sliding window (now - length, now] over one signal: count, sum, deviation, extremes, first and last, in amortised
 * constant time and without ever subtracting, so that nothing drifts over a long run.
 *
 * A queue of two stacks (Tangwongsan, Hirzel, Schneider, "General Incremental Sliding-Window Aggregation", VLDB 2015):
 * an entry of the front [head, mid) holds the aggregate from itself up to `mid`, one of the back [mid, tail) its own,
 * and `back*` the aggregate of all the back. Old entries leave by moving `head`; when the front is used up, the back
 * becomes the front. The newest entry always stays in the back, so that a reading sent again can replace it.
 */
export class Window {
  readonly length: Micros
  readonly #columns: WindowColumns
  readonly #budget: WindowBudget
  #head = 0
  #mid = 0
  #tail = 0
  #capacity = 0
  #bytes = 0
  /** Width of a merged entry, µs; 0 while every reading has an entry of its own. */
  #grain = 0
  /** Newest time within the entry: the entry leaves when this does. */
  #time = new Float64Array(0)
  /** Oldest value within the entry; its own value while nothing is merged. */
  #first = new Float64Array(0)
  /** Only when merging: time of the oldest value, and readings in the entry (front: up to `mid`). */
  #firstTime = new Float64Array(0)
  #count = new Float64Array(0)
  #sum = new Float64Array(0)
  #m2 = new Float64Array(0)
  #min = new Float64Array(0)
  #max = new Float64Array(0)
  readonly #sorted: SortedValues | undefined
  #backCount = 0
  #backSum = 0
  #backM2 = 0
  #backMin = Number.POSITIVE_INFINITY
  #backMax = Number.NEGATIVE_INFINITY
  #lastTime = Number.NEGATIVE_INFINITY
  #last = Number.NaN

  constructor(length: Micros, columns: WindowColumns, budget: WindowBudget) {
    this.length = length
    this.#columns = columns
    this.#budget = budget
    this.#sorted = columns.median ? new SortedValues() : undefined
    this.#resize(FIRST_CAPACITY)
  }

  /** Gives the memory back to the budget; the window must not be used after. */
  release(): void {
    this.#budget.give(this.#bytes)
    this.#bytes = 0
  }

  /** Adds a reading newer than all before it. */
  push(time: Micros, value: number): void {
    this.evict(time)
    const newest = this.#tail - 1
    if (this.#grain > 0 && newest >= this.#head && this.#slot(this.#time[newest]!) === this.#slot(time)) {
      this.#merge(newest, time, value)
    } else {
      if (this.#tail === this.#capacity) this.#makeRoom()
      this.#put(this.#tail++, time, value)
      this.#sorted?.add(value)
    }
    this.#addToBack(1, value, 0, value, value)
    this.#lastTime = time
    this.#last = value
  }

  /** The newest reading came again, with this value. Once entries are merged, what came first stands. */
  replaceNewest(value: number): void {
    if (this.#tail === this.#head || this.#grain > 0) return
    this.#sorted?.remove(this.#first[this.#tail - 1]!)
    this.#sorted?.add(value)
    this.#put(this.#tail - 1, this.#lastTime, value)
    this.#sumBack()
    this.#last = value
  }

  /**
   * Puts a reading older than the newest where it belongs, if the window ending at `now` still reaches it. One that is
   * there already is left alone. O(entries). A window that has begun to merge leaves late readings out.
   */
  insertLate(time: Micros, value: number, now: Micros): void {
    if (time <= now - this.length) return
    if (this.#grain === 0 && this.#tail === this.#capacity) this.#makeRoom()
    if (this.#grain > 0) return
    let at = this.#tail
    while (at > this.#head && this.#time[at - 1]! >= time) at--
    if (at < this.#tail && this.#time[at] === time) return
    this.#time.copyWithin(at + 1, at, this.#tail)
    this.#first.copyWithin(at + 1, at, this.#tail)
    this.#time[at] = time
    this.#first[at] = value
    this.#sorted?.add(value)
    this.#tail++
    if (at === this.#tail - 1) {
      this.#lastTime = time
      this.#last = value
    }
    this.#rebuild()
  }

  /** Lets go of what has left the window ending at `now`. */
  evict(now: Micros): void {
    const edge = now - this.length
    if (this.#head === this.#tail || this.#time[this.#head]! > edge) return
    if (this.#time[this.#tail - 1]! <= edge) {
      this.#empty()
      return
    }
    while (this.#time[this.#head]! <= edge) {
      if (this.#head === this.#mid) this.#flip()
      this.#sorted?.remove(this.#first[this.#head]!)
      this.#head++
    }
  }

  /** When the next entry will leave; Infinity for an empty window. */
  expiry(): Micros {
    return this.#head === this.#tail ? Number.POSITIVE_INFINITY : this.#time[this.#head]! + this.length
  }

  get count(): number {
    if (this.#grain === 0) return this.#tail - this.#head
    return this.#backCount + (this.#head < this.#mid ? this.#count[this.#head]! : 0)
  }

  /** 0 for an empty window. */
  get sum(): number {
    return this.#backSum + (this.#head < this.#mid ? this.#sum[this.#head]! : 0)
  }

  /** Arithmetic mean of the readings; NaN for an empty window. */
  get mean(): number {
    return this.sum / this.count
  }

  /** Sample standard deviation (divisor n - 1); NaN below two readings. */
  get deviation(): number {
    const back = this.#backCount
    const front = this.count - back
    if (front + back < 2) return Number.NaN
    let m2 = this.#backM2
    if (front > 0) m2 += this.#m2[this.#head]! + between(front, this.#sum[this.#head]!, back, this.#backSum)
    return Math.sqrt(Math.max(0, m2) / (front + back - 1))
  }

  /**
   * The middle value, or the mean of the two in the middle; NaN for an empty window. Once entries are merged it is that
   * of the first reading in each: of readings evenly spread over the window.
   */
  get median(): number {
    return this.#sorted?.median ?? Number.NaN
  }

  get min(): number {
    if (this.#head === this.#tail) return Number.NaN
    return this.#head < this.#mid ? Math.min(this.#min[this.#head]!, this.#backMin) : this.#backMin
  }

  get max(): number {
    if (this.#head === this.#tail) return Number.NaN
    return this.#head < this.#mid ? Math.max(this.#max[this.#head]!, this.#backMax) : this.#backMax
  }

  get first(): number {
    return this.#head === this.#tail ? Number.NaN : this.#first[this.#head]!
  }

  get last(): number {
    return this.#head === this.#tail ? Number.NaN : this.#last
  }

  /** Last minus first; NaN below two readings. */
  get delta(): number {
    return this.count < 2 ? Number.NaN : this.#last - this.#first[this.#head]!
  }

  /** Change per second from the first to the last reading; NaN below two readings. */
  get rate(): number {
    if (this.count < 2) return Number.NaN
    const from = this.#grain === 0 ? this.#time[this.#head]! : this.#firstTime[this.#head]!
    return ((this.#last - this.#first[this.#head]!) * 1e6) / (this.#lastTime - from)
  }

  #slot(time: Micros): number {
    return Math.floor(time / this.#grain)
  }

  /** Writes an entry of one reading, as the back holds it. */
  #put(at: number, time: Micros, value: number): void {
    this.#time[at] = time
    this.#first[at] = value
    this.#own(at, value)
    if (this.#grain > 0) {
      this.#firstTime[at] = time
      this.#count[at] = 1
    }
  }

  #own(at: number, value: number): void {
    if (this.#columns.sum) this.#sum[at] = value
    if (this.#columns.deviation) this.#m2[at] = 0
    if (this.#columns.extremes) {
      this.#min[at] = value
      this.#max[at] = value
    }
  }

  /** Adds a newer reading to an entry of the back. */
  #merge(at: number, time: Micros, value: number): void {
    const count = this.#count[at]!
    if (this.#columns.deviation) this.#m2[at]! += between(count, this.#sum[at]!, 1, value)
    if (this.#columns.sum) this.#sum[at]! += value
    if (this.#columns.extremes) {
      this.#min[at] = Math.min(this.#min[at]!, value)
      this.#max[at] = Math.max(this.#max[at]!, value)
    }
    this.#count[at] = count + 1
    this.#time[at] = time
  }

  #addToBack(count: number, sum: number, m2: number, min: number, max: number): void {
    if (this.#columns.deviation) this.#backM2 += m2 + between(this.#backCount, this.#backSum, count, sum)
    this.#backCount += count
    this.#backSum += sum
    if (min < this.#backMin) this.#backMin = min
    if (max > this.#backMax) this.#backMax = max
  }

  #clearBack(): void {
    this.#backCount = 0
    this.#backSum = 0
    this.#backM2 = 0
    this.#backMin = Number.POSITIVE_INFINITY
    this.#backMax = Number.NEGATIVE_INFINITY
  }

  #sumBack(): void {
    this.#clearBack()
    for (let at = this.#mid; at < this.#tail; at++) this.#addEntryToBack(at)
  }

  #addEntryToBack(at: number): void {
    const { sum, deviation, extremes } = this.#columns
    this.#addToBack(
      this.#grain > 0 ? this.#count[at]! : 1,
      sum ? this.#sum[at]! : 0,
      deviation ? this.#m2[at]! : 0,
      extremes ? this.#min[at]! : 0,
      extremes ? this.#max[at]! : 0,
    )
  }

  #empty(): void {
    this.#head = 0
    this.#mid = 0
    this.#tail = 0
    this.#sorted?.clear()
    this.#clearBack()
  }

  /** Makes all but the newest entry the front: each takes up the aggregate of those after it. */
  #flip(): void {
    const newest = this.#tail - 1
    const { sum, deviation, extremes } = this.#columns
    for (let at = newest - 2; at >= this.#head; at--) {
      const after = this.#grain > 0 ? this.#count[at + 1]! : newest - at - 1
      const own = this.#grain > 0 ? this.#count[at]! : 1
      if (deviation) this.#m2[at]! += this.#m2[at + 1]! + between(own, this.#sum[at]!, after, this.#sum[at + 1]!)
      if (sum) this.#sum[at]! += this.#sum[at + 1]!
      if (extremes) {
        this.#min[at] = Math.min(this.#min[at]!, this.#min[at + 1]!)
        this.#max[at] = Math.max(this.#max[at]!, this.#max[at + 1]!)
      }
      if (this.#grain > 0) this.#count[at] = own + after
    }
    this.#mid = newest
    this.#sumBack()
  }

  /** Starts anew from the single readings: all of them back. Only while nothing is merged. */
  #rebuild(): void {
    for (let at = this.#head; at < this.#tail; at++) this.#own(at, this.#first[at]!)
    this.#mid = this.#head
    this.#sumBack()
  }

  #makeRoom(): void {
    if (this.#head >= this.#capacity / 4) {
      this.#shiftDown()
      return
    }
    const wider = this.#capacity * 2
    const grown = wider <= MOST_ENTRIES && this.#resize(wider)
    if (!grown) this.#startMerging()
  }

  #shiftDown(): void {
    for (const column of this.#all()) column.copyWithin(0, this.#head, this.#tail)
    this.#mid -= this.#head
    this.#tail -= this.#head
    this.#head = 0
  }

  #startMerging(): void {
    this.#rebuild()
    this.#grain = Math.max(1, Math.ceil(this.length / (this.#capacity / 2)))
    this.#firstTime = this.#time.slice()
    this.#count = new Float64Array(this.#capacity).fill(1)
    let to = this.#head
    for (let at = this.#head + 1; at < this.#tail; at++) {
      const value = this.#first[at]!
      const time = this.#time[at]!
      if (this.#slot(this.#time[to]!) === this.#slot(time)) this.#merge(to, time, value)
      else this.#put(++to, time, value)
    }
    this.#tail = to + 1
    this.#sumBack()
    this.#shiftDown()
    this.#sorted?.clear()
    for (let at = this.#head; at < this.#tail; at++) this.#sorted?.add(this.#first[at]!)
  }

  /** @returns false when the budget has no more for this window */
  #resize(capacity: number): boolean {
    const { sum, deviation, extremes, median } = this.#columns
    const bytes = 8 * capacity * (2 + (sum ? 1 : 0) + (deviation ? 1 : 0) + (extremes ? 2 : 0) + (median ? 1 : 0))
    if (!this.#budget.take(bytes - this.#bytes, capacity <= FREE_CAPACITY)) return false
    this.#bytes = bytes
    this.#capacity = capacity
    this.#time = widened(this.#time, capacity)
    this.#first = widened(this.#first, capacity)
    if (sum) this.#sum = widened(this.#sum, capacity)
    if (deviation) this.#m2 = widened(this.#m2, capacity)
    if (extremes) {
      this.#min = widened(this.#min, capacity)
      this.#max = widened(this.#max, capacity)
    }
    return true
  }

  #all(): Float64Array[] {
    return [this.#time, this.#first, this.#firstTime, this.#count, this.#sum, this.#m2, this.#min, this.#max].filter(
      (column) => column.length > 0,
    )
  }
}

const widened = (from: Float64Array, capacity: number): Float64Array<ArrayBuffer> => {
  const to = new Float64Array(capacity)
  to.set(from)
  return to
}

/**
 * What two groups of readings lie apart, as squares about their common mean (Chan, Golub, LeVeque 1979). The squares of
 * a union are those of its parts plus this.
 */
function between(countA: number, sumA: number, countB: number, sumB: number): number {
  if (countA === 0 || countB === 0) return 0
  const apart = sumB / countB - sumA / countA
  return (apart * apart * countA * countB) / (countA + countB)
}
