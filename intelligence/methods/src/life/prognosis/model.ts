import type { ModelData } from '../../model-file/index.ts'
import { readModel, writeModel } from '../../model-file/index.ts'
import { aNumber, anything, aText, fits, listOf, oneOf, optional, record } from '../../model-file/shape.ts'
import { lifeOf } from '../learned/file.ts'
import type { LifeModel } from '../learned/model.ts'
import type { Weibull } from '../survival/weibull.ts'
import type { FailureLimit } from './settings.ts'

/** All that is known of how such a machine ends: each part may be missing, not all of them. */
export interface PrognosisModel {
  readonly kind: 'prognosis'
  /** Every signal that a row holds, in order. */
  readonly names: readonly string[]
  readonly horizon: number
  readonly coverage: number
  readonly stepHours: number
  readonly limit?: FailureLimit
  /** From run-to-failure histories. */
  readonly learned?: LifeModel
  /** How long such machines last, by age alone. */
  readonly ageing?: Weibull
}

const shape = record({
  kind: oneOf(['prognosis']),
  names: listOf(aText),
  horizon: aNumber,
  coverage: aNumber,
  stepHours: aNumber,
  limit: optional(record({ signal: aText, value: aNumber, direction: oneOf(['rises', 'falls']) })),
  learned: optional(anything),
  ageing: optional(record({ shape: aNumber, scale: aNumber })),
})

export const writePrognosis = (model: PrognosisModel): Uint8Array => writeModel(model as unknown as ModelData)

/** @throws MW-MODEL-0001 when the bytes are no prognosis, or its parts do not go together */
export function readPrognosis(bytes: Uint8Array): PrognosisModel {
  const { limit, learned, ageing, ...rest } = shape(readModel(bytes), '')
  fits(rest.horizon > 0 && rest.stepHours > 0 && rest.coverage > 0 && rest.coverage < 1, 'horizon', 'above 0')
  fits(limit === undefined || rest.names.includes(limit.signal), 'limit', 'of one of its signals')
  fits(ageing === undefined || (ageing.shape > 0 && ageing.scale > 0), 'ageing', 'above 0')
  const life = learned === undefined ? undefined : lifeOf(learned)
  fits(life === undefined || life.pipeline.names.join('\n') === rest.names.join('\n'), 'learned', 'for these signals')
  return {
    ...rest,
    ...(limit === undefined ? {} : { limit }),
    ...(life === undefined ? {} : { learned: life }),
    ...(ageing === undefined ? {} : { ageing }),
  }
}
