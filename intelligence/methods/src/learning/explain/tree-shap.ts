import type { TreeModel } from '../trees/model.ts'
import type { TreeNodes } from '../trees/nodes.ts'

/**
 * Shapley values of a model of trees, path-dependent (Lundberg 2018, algorithm 2): how much each input moved the raw score of this row away from
 * the mean of the training rows. They add up to exactly that difference.
 */
export interface TreeExplainer {
  /** Mean raw score of each output over the training rows, by the trees' covers. */
  readonly expected: Float64Array
  /** One row; fills `into` with `into[output * inputs + input]`, in units of the raw score (log-odds for classes). No allocation. */
  row(values: ArrayLike<number>, into: Float64Array): void
}

export const treeExplainer = ({ nodes, base, names }: TreeModel): TreeExplainer =>
  nodesExplainer(nodes, base, names.length)

/** Also for other trees than boosted ones: `base` is what each output starts from. */
export function nodesExplainer(nodes: TreeNodes, base: Float64Array, inputs: number): TreeExplainer {
  const outputs = base.length
  const expected = base.slice()
  const means = subtreeMeans(nodes)
  nodes.roots.forEach((root, tree) => {
    expected[tree % outputs]! += means[root]!
  })
  const path = new Path(deepest(nodes) + 2)
  const { input, threshold, left, missingLeft, value, cover } = nodes
  let row: ArrayLike<number> = []
  let into: Float64Array = new Float64Array(0)
  let output = 0

  function walk(node: number, depth: number, length: number, zero: number, one: number, by: number): void {
    path.copy(depth, length)
    path.extend(depth, length, zero, one, by)
    const split = input[node]!
    if (split < 0) {
      for (let at = 1; at <= length; at++)
        into[output * inputs + path.input(depth, at)]! += path.contribution(depth, at, length) * value[node]!
      return
    }
    const its = row[split]!
    const goesLeft = its <= threshold[node]! || (Number.isNaN(its) && missingLeft[node] === 1)
    const hot = left[node]! + (goesLeft ? 0 : 1)
    const cold = left[node]! + (goesLeft ? 1 : 0)
    let [before, after, last] = [1, 1, length]
    // An input that the path has split by before counts once: its fractions multiply.
    const known = path.find(depth, split, length)
    if (known > 0) {
      before = path.zero(depth, known)
      after = path.one(depth, known)
      path.unwind(depth, known, length)
      last--
    }
    const parts = cover[left[node]!]! + cover[left[node]! + 1]!
    const share = (child: number) => (parts > 0 ? cover[child]! / parts : 0.5)
    walk(hot, depth + 1, last + 1, before * share(hot), after, split)
    walk(cold, depth + 1, last + 1, before * share(cold), 0, split)
  }

  return {
    expected,
    row(values, sums) {
      row = values
      into = sums
      into.fill(0)
      for (let tree = 0; tree < nodes.roots.length; tree++) {
        output = tree % outputs
        walk(nodes.roots[tree]!, 0, 0, 1, 1, -1)
      }
    },
  }
}

/** The unique path of each depth of the walk: element 0 is the root, which belongs to no input. */
class Path {
  private readonly width: number
  private readonly inputs: Int32Array
  private readonly zeros: Float64Array
  private readonly ones: Float64Array
  private readonly weights: Float64Array

  constructor(width: number) {
    this.width = width
    this.inputs = new Int32Array(width * width)
    this.zeros = new Float64Array(width * width)
    this.ones = new Float64Array(width * width)
    this.weights = new Float64Array(width * width)
  }

  input = (depth: number, at: number): number => this.inputs[depth * this.width + at]!
  zero = (depth: number, at: number): number => this.zeros[depth * this.width + at]!
  one = (depth: number, at: number): number => this.ones[depth * this.width + at]!

  copy(depth: number, length: number): void {
    if (depth === 0) return
    const [from, to] = [(depth - 1) * this.width, depth * this.width]
    for (const part of [this.inputs, this.zeros, this.ones, this.weights]) part.copyWithin(to, from, from + length)
  }

  find(depth: number, input: number, last: number): number {
    for (let at = 1; at <= last; at++) if (this.input(depth, at) === input) return at
    return -1
  }

  extend(depth: number, last: number, zero: number, one: number, input: number): void {
    const base = depth * this.width
    const { weights } = this
    this.inputs[base + last] = input
    this.zeros[base + last] = zero
    this.ones[base + last] = one
    weights[base + last] = last === 0 ? 1 : 0
    for (let at = last - 1; at >= 0; at--) {
      weights[base + at + 1]! += (one * weights[base + at]! * (at + 1)) / (last + 1)
      weights[base + at] = (zero * weights[base + at]! * (last - at)) / (last + 1)
    }
  }

  unwind(depth: number, out: number, last: number): void {
    const base = depth * this.width
    const { weights } = this
    const [zero, one] = [this.zeros[base + out]!, this.ones[base + out]!]
    let next = weights[base + last]!
    for (let at = last - 1; at >= 0; at--) {
      const held = weights[base + at]!
      if (one !== 0) {
        weights[base + at] = (next * (last + 1)) / ((at + 1) * one)
        next = held - (weights[base + at]! * zero * (last - at)) / (last + 1)
      } else weights[base + at] = (held * (last + 1)) / (zero * (last - at))
    }
    for (const part of [this.inputs, this.zeros, this.ones])
      part.copyWithin(base + out, base + out + 1, base + last + 1)
  }

  /** What the leaf's value counts for an element of the path: the sum of the weights without it, times how it differs. */
  contribution(depth: number, out: number, last: number): number {
    const base = depth * this.width
    const { weights } = this
    const [zero, one] = [this.zeros[base + out]!, this.ones[base + out]!]
    let next = weights[base + last]!
    let total = 0
    for (let at = last - 1; at >= 0; at--) {
      if (one !== 0) {
        const without = (next * (last + 1)) / ((at + 1) * one)
        total += without
        next = weights[base + at]! - (without * zero * (last - at)) / (last + 1)
      } else if (zero !== 0) total += (weights[base + at]! * (last + 1)) / (zero * (last - at))
    }
    return total * (one - zero)
  }
}

/** Mean of the leaves below each node, by cover. Children stand after their parent, so one pass from the end is enough. */
function subtreeMeans({ input, left, value, cover }: TreeNodes): Float64Array {
  const means = value.slice()
  for (let node = input.length - 1; node >= 0; node--) {
    if (input[node]! < 0) continue
    const [a, b] = [left[node]!, left[node]! + 1]
    const parts = cover[a]! + cover[b]!
    const share = parts > 0 ? cover[a]! / parts : 0.5
    means[node] = share * means[a]! + (1 - share) * means[b]!
  }
  return means
}

function deepest({ input, left }: TreeNodes): number {
  const depths = new Int32Array(input.length)
  let most = 0
  for (let node = 0; node < input.length; node++) {
    if (input[node]! < 0) continue
    depths[left[node]!] = depths[left[node]! + 1] = depths[node]! + 1
    most = Math.max(most, depths[node]! + 1)
  }
  return most
}
