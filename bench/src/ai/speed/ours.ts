import {
  isolationScorer,
  openOwnOnnx,
  projectTable,
  rowCount,
  type Table,
  trainIsolation,
  trainPca,
  trainTrees,
  treePredictor,
  treesToOnnx,
} from '@millwright/methods/learning'
import { median } from '../../median.ts'

export interface Timed {
  /** Seconds. */
  readonly times: Readonly<Record<string, number>>
  readonly error: number
}

/** The same work as in sklearn_speed.py, on one thread. */
export async function ours(table: Table, y: Float64Array, rounds: number, cpu: boolean): Promise<Timed> {
  const middle = y.toSorted()[Math.floor(y.length / 2)]!
  const bad = y.map((value) => (value > middle ? 1 : 0))
  const row = table.columns.map((column) => column[0]!)
  const times: Record<string, number> = {}
  const now = () => (cpu ? process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6 : performance.now() / 1000)
  const timed = <T>(name: string, work: () => T, repeat = rounds): T => {
    const spent: number[] = []
    let result: T
    for (let round = 0; round < repeat; round++) {
      const began = now()
      result = work()
      spent.push(now() - began)
    }
    times[name] = median(spent)
    return result!
  }

  /** A single row is too short for a clock: many together. */
  const single = (name: string, work: () => void) => {
    const many = 5000
    timed(name, () => {
      for (let at = 0; at < many; at++) work()
    })
    times[name]! /= many
  }

  const { model } = timed('regression training', () => trainTrees(table, y, { kind: 'squared' }, { rounds: 100 }))
  const predictor = treePredictor(model)
  const predicted = timed('regression batch', () => predictor.table(table))
  const one = new Float64Array(1)
  single('regression single row', () => predictor.row(row, one))
  const classes = timed('classification training', () =>
    trainTrees(table, bad, { kind: 'binary' }, { rounds: 100 }),
  ).model
  timed('classification batch', () => treePredictor(classes).table(table))
  const forest = timed('isolation forest training', () => trainIsolation(table)).model
  const scorer = isolationScorer(forest)
  timed('isolation forest batch', () => scorer.table(table))
  single('isolation forest single row', () => scorer.row(row))
  const pca = timed('PCA training', () => trainPca(table, { keep: { components: 5 }, standardise: false })).model
  const rows = rowCount(table)
  timed('PCA batch', () => projectTable(pca, table))

  const session = await openOwnOnnx(treesToOnnx(model))
  const spent: number[] = []
  for (let at = 0; at < 1200; at++) {
    const values = Float64Array.from(table.columns, (column) => column[at]!)
    const began = performance.now()
    await session.run(values, 1)
    if (at >= 200) spent.push((performance.now() - began) / 1000)
  }
  spent.sort((a, b) => a - b)
  times['ONNX single prediction p50'] = spent[500]!
  times['ONNX single prediction p99'] = spent[990]!
  const error = Math.sqrt(predicted.reduce((sum, value, at) => sum + (value - y[at]!) ** 2, 0) / rows)
  return { times, error }
}
