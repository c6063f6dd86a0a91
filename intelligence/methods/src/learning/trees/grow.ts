import { type Adder, adder } from './adder.ts'
import type { Binned } from './bins.ts'
import { fillHistogram, type HistogramLayout, histogramLayout, type Packing, subtractHistogram } from './histogram.ts'
import type { NodeList } from './nodes.ts'
import { refineSplit } from './refine.ts'
import { bestSplit, type Split, type Sums } from './split.ts'

export interface GrowRules {
  readonly leaves: number
  readonly depth: number
  readonly leafRows: number
  readonly l2: number
  /** Splits stand between two values, not between two bins. */
  readonly exact: boolean
}

/** A finished leaf: its rows are `rows[from]` to `rows[to - 1]` of the grower. */
export interface Leaf {
  readonly node: number
  readonly from: number
  readonly to: number
  readonly sums: Sums
}

interface Candidate extends Leaf {
  readonly depth: number
  readonly histogram: Float64Array
  readonly split: Split
}

/**
 * Grows one tree after the other, the most rewarding leaf first (best-first, Shi 2007; as LightGBM and scikit-learn do). Of two siblings only the smaller one's
 * histogram is added up; the other's is what remains of their parent's.
 */
export class TreeGrower {
  private readonly binned: Binned
  private readonly columns: readonly Float64Array[]
  private readonly rules: GrowRules
  private readonly layout: HistogramLayout
  private readonly free: Float64Array[] = []
  private readonly aside: Int32Array
  private readonly sides = new Uint8Array(256)
  private readonly adder: Adder

  constructor(binned: Binned, columns: readonly Float64Array[], rules: GrowRules) {
    this.binned = binned
    this.columns = columns
    this.rules = rules
    this.layout = histogramLayout(binned)
    this.adder = adder(binned.bins, binned.rows)
    this.aside = new Int32Array(binned.rows + 1)
  }

  /** The rows of the tree that was grown last, leaf by leaf. */
  get rows(): Int32Array {
    return this.adder.rows
  }

  /** @param rows the rows to learn from; @param gain adds up what each input was worth */
  grow(
    nodes: NodeList,
    rows: Int32Array,
    gradient: Float64Array,
    packed: Float64Array,
    packing: Packing,
    sums: Sums,
    inputs: ArrayLike<number>,
    gain: Float64Array,
  ): Leaf[] {
    const { leaves: most } = this.rules
    this.adder.rows.set(rows)
    const root = nodes.plant(sums.curvature)
    const whole = { node: root, from: 0, to: rows.length, sums }
    const candidates: Candidate[] = []
    const done: Leaf[] = []
    const consider = (leaf: Leaf, depth: number, histogram: Float64Array) => {
      const split = bestSplit(histogram, this.binned, this.layout, packing, inputs, leaf.sums, this.rules)
      if (split !== undefined) return void candidates.push({ ...leaf, depth, histogram, split })
      this.free.push(histogram)
      done.push(leaf)
    }
    if (this.worthSplitting(whole, 0)) consider(whole, 0, this.histogramOf(whole, gradient, packed, inputs))
    else done.push(whole)
    while (candidates.length > 0 && candidates.length + done.length < most) {
      const parent = takeBest(candidates)
      const { split, depth } = parent
      gain[split.input]! += split.gain
      const [left, right] = this.divide(nodes, parent, gradient, packed, packing)
      const last = candidates.length + done.length + 2 >= most
      const children = [left, right].filter((child) => {
        const worth = !last && this.worthSplitting(child, depth + 1)
        if (!worth) done.push(child)
        return worth
      })
      if (children.length === 0) {
        this.free.push(parent.histogram)
        continue
      }
      const small = left.to - left.from <= right.to - right.from ? left : right
      const large = small === left ? right : left
      const added = this.histogramOf(small, gradient, packed, inputs)
      if (children.includes(large)) {
        subtractHistogram(parent.histogram, added)
        consider(large, depth + 1, parent.histogram)
      } else this.free.push(parent.histogram)
      if (children.includes(small)) consider(small, depth + 1, added)
      else this.free.push(added)
    }
    for (const candidate of candidates) {
      this.free.push(candidate.histogram)
      done.push(candidate)
    }
    return done
  }

  /** The leaf that a row falls into: for rows that the tree was not grown from. */
  leafOf(nodes: NodeList, root: number, row: number): number {
    let node = root
    for (let input = nodes.inputOf(node); input >= 0; input = nodes.inputOf(node)) {
      const value = this.columns[input]![row]!
      const left = Number.isNaN(value) ? nodes.missingGoesLeft(node) : value <= nodes.thresholdOf(node)
      node = nodes.leftOf(node) + (left ? 0 : 1)
    }
    return node
  }

  private worthSplitting({ from, to }: Leaf, depth: number): boolean {
    return depth < this.rules.depth && to - from >= 2 * this.rules.leafRows
  }

  private histogramOf(
    { from, to }: Leaf,
    gradient: Float64Array,
    packed: Float64Array,
    inputs: ArrayLike<number>,
  ): Float64Array {
    const length = this.layout.offsets[this.layout.offsets.length - 1]!
    const histogram = this.free.pop() ?? new Float64Array(length)
    const { rows, pairs } = this.adder
    for (let place = from, at = 0; place < to; place++, at += 2) {
      const row = rows[place]!
      pairs[at] = gradient[row]!
      pairs[at + 1] = packed[row]!
    }
    fillHistogram(histogram, this.adder, this.layout, inputs, from, to - from)
    return histogram
  }

  private divide(
    nodes: NodeList,
    { split: found, node, from, to }: Candidate,
    gradient: Float64Array,
    packed: Float64Array,
    packing: Packing,
  ): [Leaf, Leaf] {
    const { input, bin } = found
    const edges = this.binned.edges[input]!
    const bins = this.adder.bins[input]!
    const column = this.columns[input]!
    const { split, threshold } = this.rules.exact
      ? refineSplit(found, edges, column, bins, this.rows, from, to, gradient, packed, packing, this.rules)
      : { split: found, threshold: edges[bin] ?? Number.POSITIVE_INFINITY }
    // Without missing values in training, they go where most rows went.
    const missingLeft = this.binned.missing[input]! ? split.missingLeft : split.left.rows >= split.right.rows
    const left = nodes.split(node, input, threshold, missingLeft, [split.left.curvature, split.right.curvature])
    const middle = this.rules.exact
      ? this.partitionExactly(column, from, to, threshold, missingLeft)
      : this.partition(bins, from, to, bin, split.missingLeft ? edges.length + 1 : -1)
    return [
      { node: left, from, to: middle, sums: split.left },
      { node: left + 1, from: middle, to, sums: split.right },
    ]
  }

  /** Puts the rows of a leaf that go left before those that go right, each in their order. */
  private partition(bins: Uint8Array, from: number, to: number, bin: number, missing: number): number {
    const { aside } = this
    const { rows } = this.adder
    // Which way half of the rows go cannot be foreseen: a table and no branch lets the processor run on.
    const goesRight = this.sides.fill(1)
    goesRight.fill(0, 0, bin + 1)
    if (missing >= 0) goesRight[missing] = 0
    let left = from
    let right = 0
    for (let place = from; place < to; place++) {
      const row = rows[place]!
      const side = goesRight[bins[row]!]!
      rows[left] = row
      aside[right] = row
      left += 1 - side
      right += side
    }
    rows.set(aside.subarray(0, right), left)
    return left
  }

  private partitionExactly(
    column: Float64Array,
    from: number,
    to: number,
    threshold: number,
    missing: boolean,
  ): number {
    const { aside } = this
    const { rows } = this.adder
    let left = from
    let right = 0
    for (let place = from; place < to; place++) {
      const row = rows[place]!
      const value = column[row]!
      if (value <= threshold || (missing && Number.isNaN(value))) rows[left++] = row
      else aside[right++] = row
    }
    rows.set(aside.subarray(0, right), left)
    return left
  }
}

function takeBest(candidates: Candidate[]): Candidate {
  let best = 0
  for (let at = 1; at < candidates.length; at++)
    if (candidates[at]!.split.gain > candidates[best]!.split.gain) best = at
  return candidates.splice(best, 1)[0]!
}
