import type { Progress } from '../../progress.ts'
import { learningErrors } from '../errors.ts'
import { type Random, sampled, seeded } from '../random.ts'
import { checkTable, listed, rowCount, type Table } from '../table.ts'
import { NodeList } from '../trees/nodes.ts'
import { meanDepth } from './mean-depth.ts'
import type { IsolationModel } from './model.ts'

export interface IsolationSettings {
  readonly trees: number
  /** Rows that each tree is grown from. */
  readonly sample: number
  readonly seed: number
}

/** As the paper proposes: more of either changes little. */
export const isolationDefaults: IsolationSettings = { trees: 100, sample: 256, seed: 1 }

export interface IsolationReport {
  readonly rows: number
  /** Inputs that are constant or missing throughout. */
  readonly inputsLeftOut: readonly string[]
}

/**
 * Isolation forest (Liu, Ting and Zhou 2008): what random splits part from the rest after few steps is odd. A missing value goes the way most
 * rows of the node go.
 * @throws MW-LEARN-0001, -0002, -0005, -0007
 */
export function trainIsolation(
  table: Table,
  given: Partial<IsolationSettings> = {},
  progress?: Progress,
): { readonly model: IsolationModel; readonly report: IsolationReport } {
  const { trees, sample, seed } = { ...isolationDefaults, ...given }
  checkTable(table)
  check('trees', trees, 1, 10_000)
  check('sample', sample, 2, 1_000_000)
  const rows = rowCount(table)
  if (rows < 2) throw learningErrors.tooFewRows({ rows, least: 2 })
  const left = table.names.filter((_, input) => !varies(table.columns[input]!))
  if (left.length === table.names.length) throw learningErrors.nothingVaries({ inputs: listed(table.names) })
  const random = seeded(seed)
  const nodes = new NodeList()
  const size = Math.min(sample, rows)
  const grow = grower(nodes, table.columns, Math.ceil(Math.log2(size)), random)
  for (let tree = 0; tree < trees; tree++) {
    const drawn = sampled(rows, size, random)
    grow(nodes.plant(size), drawn, 0)
    progress?.((tree + 1) / trees, `tree ${tree + 1} of ${trees}`)
  }
  const model: IsolationModel = { kind: 'isolation', names: [...table.names], sample: size, nodes: nodes.done() }
  return { model, report: { rows, inputsLeftOut: left } }
}

function grower(nodes: NodeList, columns: readonly Float64Array[], deepest: number, random: Random) {
  const order = Int32Array.from(columns.keys())
  return function grow(node: number, rows: Int32Array, depth: number): void {
    const found = depth < deepest && rows.length > 1 ? spread(columns, rows, order, random) : undefined
    if (found === undefined) {
      nodes.setValue(node, depth + meanDepth(rows.length))
      return
    }
    const { input, low, high } = found
    const drawn = low + random() * (high - low)
    const threshold = drawn < high ? drawn : low
    const column = columns[input]!
    const present = rows.filter((row) => !Number.isNaN(column[row]!))
    const below = present.reduce((count, row) => count + (column[row]! <= threshold ? 1 : 0), 0)
    const missingLeft = 2 * below >= present.length
    const goesLeft = (row: number) => (Number.isNaN(column[row]!) ? missingLeft : column[row]! <= threshold)
    const lefts = rows.filter(goesLeft)
    const rights = rows.filter((row) => !goesLeft(row))
    const left = nodes.split(node, input, threshold, missingLeft, [lefts.length, rights.length])
    grow(left, lefts, depth + 1)
    grow(left + 1, rights, depth + 1)
  }
}

/** An input, drawn among those that vary within the rows, with its range there. */
function spread(columns: readonly Float64Array[], rows: Int32Array, order: Int32Array, random: Random) {
  for (let tried = 0; tried < order.length; tried++) {
    const place = tried + Math.floor(random() * (order.length - tried))
    const input = order[place]!
    order[place] = order[tried]!
    order[tried] = input
    const column = columns[input]!
    let low = Number.POSITIVE_INFINITY
    let high = Number.NEGATIVE_INFINITY
    for (const row of rows) {
      const value = column[row]!
      if (value < low) low = value
      if (value > high) high = value
    }
    if (low < high && Number.isFinite(high - low)) return { input, low, high }
  }
  return undefined
}

function varies(column: Float64Array): boolean {
  let first = Number.NaN
  for (let row = 0; row < column.length; row++) {
    const value = column[row]!
    if (Number.isNaN(first)) first = value
    else if (value !== first && !Number.isNaN(value)) return true
  }
  return false
}

function check(name: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most)
    throw learningErrors.setting({ name, value, reason: `it is a whole number from ${least} to ${most}` })
}
