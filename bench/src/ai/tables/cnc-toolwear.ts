import { join } from 'node:path'
import {
  accuracy,
  classMeasures,
  confusion,
  groupFolds,
  rocArea,
  tabularDefaults,
  tabularPredictor,
  takeRows,
  takeValues,
  trainTabular,
} from '@millwright/methods/learning'
import type { AiContext, AiResult, AiScenario } from '../scenario.ts'
import { numbers, readColumns } from './read-table.ts'
import { windowFeatures } from './window-features.ts'

const RUNS = 18
/** Rows of a window, 10 a second. */
const WINDOW = 50

export const cncToolwear: AiScenario = {
  name: 'cnc-toolwear',
  about: 'milling runs at 10 Hz, 48 columns: is the tool worn? one run left out at a time',
  pack: 'cnc_toolwear',
  run,
}

async function run({ data, log }: AiContext): Promise<AiResult> {
  const { table, worn, runs } = read(join(data, 'cnc_toolwear'))
  const score = new Float64Array(worn.length)
  const said = new Float64Array(worn.length)
  const [runWorn, runSaid, runScore] = [0, 1, 2].map(() => new Float64Array(RUNS))
  for (const { train, test } of groupFolds(runs)) {
    const groups = Float64Array.from(train, (row) => runs[row]!)
    const { model } = trainTabular(
      takeRows(table, train),
      takeValues(worn, train),
      { kind: 'binary' },
      { by: 'group', groups },
    )
    const predictor = tabularPredictor(model)
    const scores = predictor.table(takeRows(table, test))
    const classes = predictor.said(scores)
    const of = runs[test[0]!]! - 1
    test.forEach((row, place) => {
      score[row] = scores[place]!
      said[row] = classes[place]!
    })
    runWorn![of] = worn[test[0]!]!
    runScore![of] = scores.reduce((sum, each) => sum + each, 0) / scores.length
    runSaid![of] = classes.reduce((sum, each) => sum + each, 0) * 2 > classes.length ? 1 : 0
    log(`run ${of + 1}: ${runWorn![of] ? 'worn' : 'unworn'}, mean probability ${runScore![of]!.toFixed(2)}`)
  }
  const counts = confusion(worn, said, 2)
  const runCounts = confusion(runWorn!, runSaid!, 2)
  return {
    configuration: { ...tabularDefaults, windowRows: WINDOW },
    scores: [
      {
        measure: 'F1 of worn, windows of 5 s',
        ours: classMeasures(counts, 1).f1,
        others: 'always worn 0.69; none trustworthy published',
      },
      { measure: 'accuracy, windows', ours: accuracy(counts), others: 'always worn 0.53' },
      { measure: 'area under ROC, windows', ours: rocArea(worn, score) },
      { measure: 'runs right of 18 (majority of windows)', ours: runCounts[0]! + runCounts[3]! },
      { measure: 'area under ROC, runs', ours: rocArea(runWorn!, runScore!) },
    ],
    notes: [
      'The same configuration as ai4i; folds within the training runs are by run, too. Each column gives mean, deviation, range and roughness of a window.',
      'Feed rate and clamp pressure of the labels are no inputs. 18 runs of one machine: one run is 5.6 % of the run scores.',
    ],
  }
}

function read(folder: string) {
  const labels = readColumns(join(folder, 'labels_1_18.csv')).get('tool_condition')!
  const features: number[][] = []
  const worn: number[] = []
  const runs: number[] = []
  let names: readonly string[] = []
  for (let of = 1; of <= RUNS; of++) {
    const columns = readColumns(join(folder, 'data', `experiment_${String(of).padStart(2, '0')}.csv`))
    const signals = [...columns.keys()].filter((name) => !['', 'Machining_Process', 'tool_condition'].includes(name))
    const made = windowFeatures({ names: signals, columns: signals.map((name) => numbers(columns.get(name)!)) }, WINDOW)
    names = made.names
    for (const row of made.rows) {
      features.push(row)
      worn.push(labels[of - 1] === 'worn' ? 1 : 0)
      runs.push(of)
    }
  }
  const columns = names.map((_, at) => Float64Array.from(features, (row) => row[at]!))
  return { table: { names, columns }, worn: Float64Array.from(worn), runs }
}
