import type { Table } from '../table.ts'
import type { TreeSettings, TreeTask } from '../trees/settings.ts'
import { trainTrees } from '../trees/train.ts'

/** A new input made of two: what physics often asks for (power, slip, efficiency, a difference of temperatures), and a tree can only approximate in steps. */
export interface Construct {
  readonly kind: 'product' | 'ratio' | 'difference'
  readonly a: number
  readonly b: number
}

export const constructName = ({ kind, a, b }: Construct, names: readonly string[]): string =>
  `${names[a]} ${kind === 'product' ? '×' : kind === 'ratio' ? '/' : '−'} ${names[b]}`

export function construct({ kind, a, b }: Construct, values: ArrayLike<number>): number {
  const [x, y] = [values[a]!, values[b]!]
  // A division by 0 says nothing that a tree could use: missing.
  return kind === 'product' ? x * y : kind === 'difference' ? x - y : y === 0 ? Number.NaN : x / y
}

/** The inputs with the constructed ones behind them. */
export function withConstructs(table: Table, constructs: readonly Construct[]): Table {
  const rows = table.columns[0]?.length ?? 0
  const pair = new Float64Array(2)
  const columns = constructs.map(({ kind, a, b }) => {
    const [x, y] = [table.columns[a]!, table.columns[b]!]
    return Float64Array.from({ length: rows }, (_, row) => {
      pair[0] = x[row]!
      pair[1] = y[row]!
      return construct({ kind, a: 0, b: 1 }, pair)
    })
  })
  return {
    names: [...table.names, ...constructs.map((each) => constructName(each, table.names))],
    columns: [...table.columns, ...columns],
  }
}

export interface ConstructSettings {
  /** Inputs that are paired at most: the most important ones of a first model. */
  readonly paired: number
  /** Constructed inputs that are kept at most: the most important ones of a second model; 0 for none. */
  readonly kept: number
}

/** Chooses constructed inputs by what they are worth to trees on these rows: give it training rows only. */
export function chooseConstructs(
  table: Table,
  target: Float64Array,
  task: TreeTask,
  { paired, kept }: ConstructSettings,
  settings: Partial<TreeSettings>,
): Construct[] {
  if (kept === 0 || table.names.length < 2) return []
  const screening = { ...settings, rounds: Math.min(60, settings.rounds ?? 60) }
  const first = trainTrees(table, target, task, screening).report.importance
  const best = strongest(first, paired)
  const all = best.flatMap((a, at) =>
    best.slice(at + 1).flatMap((b): Construct[] => [
      { kind: 'product', a, b },
      { kind: 'ratio', a, b },
      { kind: 'difference', a, b },
    ]),
  )
  const second = trainTrees(withConstructs(table, all), target, task, screening).report.importance
  return strongest(second.subarray(table.names.length), kept).map((at) => all[at]!)
}

/** The places of the largest values above 0, in their order of size. */
function strongest(importance: Float64Array, count: number): number[] {
  return Array.from(importance.keys())
    .filter((at) => importance[at]! > 0)
    .sort((a, b) => importance[b]! - importance[a]!)
    .slice(0, count)
}
