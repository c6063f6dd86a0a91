import { readPrognosis } from '@millwright/methods/life'
import { GridRows } from '../../scoring/grid-rows.ts'
import type { KindWork } from '../kind.ts'
import { lifeScorer } from './scorer.ts'
import { lifeSettings } from './settings.ts'
import { trainLifeService } from './train.ts'

export const lifeWork: KindWork = {
  train: trainLifeService,
  scorer: (model, { settings, plan }) =>
    lifeScorer(readPrognosis(model), lifeSettings(settings), plan, new GridRows(plan)),
}
