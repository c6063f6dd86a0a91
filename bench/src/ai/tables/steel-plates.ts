import { join } from 'node:path'
import {
  accuracy,
  confusion,
  macroF1,
  stratifiedFolds,
  tabularDefaults,
  tabularPredictor,
  takeRows,
  takeValues,
  trainTabular,
} from '@millwright/methods/learning'
import type { AiContext, AiResult, AiScenario } from '../scenario.ts'
import { numbers, readColumns } from './read-table.ts'

const CLASSES = 7

export const steelPlates: AiScenario = {
  name: 'steel-plates',
  about: 'steel plates faults: 1,941 surface defects of 7 kinds, 27 measures',
  pack: 'steel_plates',
  run,
}

async function run({ data, log }: AiContext): Promise<AiResult> {
  const columns = readColumns(join(data, 'steel_plates', 'SteelPlatesFaults_Clean.csv'))
  const names = [...columns.keys()]
  const inputs = names.slice(0, -CLASSES)
  const table = { names: inputs, columns: inputs.map((name) => numbers(columns.get(name)!)) }
  const flags = names.slice(-CLASSES).map((name) => numbers(columns.get(name)!))
  const kind = flags[0]!.map((_, row) => flags.findIndex((flag) => flag[row] === 1))
  const said = new Float64Array(kind.length)
  const folds = stratifiedFolds(kind, 10, 1)
  for (const [at, { train, test }] of folds.entries()) {
    const task = { kind: 'multiclass', classes: CLASSES } as const
    const { model, report } = trainTabular(takeRows(table, train), takeValues(kind, train), task, { by: 'class' })
    const predictor = tabularPredictor(model)
    const classes = predictor.said(predictor.table(takeRows(table, test)))
    test.forEach((row, place) => {
      said[row] = classes[place]!
    })
    log(
      `fold ${at + 1}: ${report.rounds} rounds, macro F1 out of fold within the training rows ${report.f1!.toFixed(3)}`,
    )
  }
  const counts = confusion(kind, said, CLASSES)
  return {
    configuration: tabularDefaults,
    scores: [
      { measure: 'macro F1, stratified 10-fold, pooled', ours: macroF1(counts), others: 'none found' },
      { measure: 'accuracy', ours: accuracy(counts) },
    ],
    notes: ['The same configuration as ai4i. "Other faults" is a class of its own, as in the file.'],
  }
}
