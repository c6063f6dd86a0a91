import type { TreeNodes } from './nodes.ts'

/** Rows that are walked through a tree together, so that a tree stays in the cache for them, and they for the next tree. */
const BLOCK = 128

/** Adds what the trees give to `into`, row by row; tree t to the output `t % outputs`. Rows are taken from columns in blocks. */
export type Walk = (columns: readonly Float64Array[], from: number, to: number, into: Float64Array) => void

export interface Walker {
  readonly columns: Walk
  /** One row; `into` holds one sum for each output. No allocation. */
  row(values: ArrayLike<number>, into: Float64Array): void
}

/**
 * Trees packed for prediction: 16 bytes a node (threshold or value, input, left child), four nodes to a cache line.
 * Bit 30 of the child says that missing goes left.
 */
export function walker(nodes: TreeNodes, inputs: number, outputs: number): Walker {
  const size = nodes.input.length
  const numbers = new Float64Array(size * 2)
  const links = new Int32Array(numbers.buffer)
  for (let node = 0; node < size; node++) {
    const leaf = nodes.input[node]! < 0
    numbers[node * 2] = leaf ? nodes.value[node]! : nodes.threshold[node]!
    links[node * 4 + 2] = nodes.input[node]!
    links[node * 4 + 3] = leaf ? 0 : nodes.left[node]! | (nodes.missingLeft[node] === 1 ? MISSING_LEFT : 0)
  }
  const { roots } = nodes
  const block = new Float64Array(BLOCK * inputs)

  function complete(count: number, into: Float64Array, at: number): void {
    for (let tree = 0; tree < roots.length; tree++) {
      const root = roots[tree]!
      const output = at * outputs + (outputs === 1 ? 0 : tree % outputs)
      for (let row = 0; row < count; row++) {
        const base = row * inputs
        let node = root
        let input = links[node * 4 + 2]!
        while (input >= 0) {
          node = (links[node * 4 + 3]! & CHILD) + (block[base + input]! <= numbers[node * 2]! ? 0 : 1)
          input = links[node * 4 + 2]!
        }
        into[output + row * outputs]! += numbers[node * 2]!
      }
    }
  }

  function gappy(values: ArrayLike<number>, base: number, into: Float64Array, at: number): void {
    for (let tree = 0; tree < roots.length; tree++) {
      let node = roots[tree]!
      let input = links[node * 4 + 2]!
      while (input >= 0) {
        const value = values[base + input]!
        const link = links[node * 4 + 3]!
        const left = value <= numbers[node * 2]! || (Number.isNaN(value) && (link & MISSING_LEFT) !== 0)
        node = (link & CHILD) + (left ? 0 : 1)
        input = links[node * 4 + 2]!
      }
      into[at + (outputs === 1 ? 0 : tree % outputs)]! += numbers[node * 2]!
    }
  }

  return {
    columns(columns, from, to, into) {
      for (let first = from; first < to; first += BLOCK) {
        const count = Math.min(BLOCK, to - first)
        let missing = false
        for (let input = 0; input < inputs; input++) {
          const column = columns[input]!
          for (let row = 0; row < count; row++) {
            const value = column[first + row]!
            block[row * inputs + input] = value
            missing ||= Number.isNaN(value)
          }
        }
        if (!missing) complete(count, into, first - from)
        else for (let row = 0; row < count; row++) gappy(block, row * inputs, into, (first - from + row) * outputs)
      }
    },
    row: (values, into) => gappy(values, 0, into, 0),
  }
}

const MISSING_LEFT = 1 << 30
const CHILD = MISSING_LEFT - 1
