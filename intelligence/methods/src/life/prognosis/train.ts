import { MillwrightError } from '@millwright/foundation'
import type { Progress } from '../../progress.ts'
import type { Frame } from '../../series/index.ts'
import { lifeErrors } from '../errors.ts'
import { type LifeReport, trainLife } from '../learned/train.ts'
import { lengthHours, type Run } from '../run.ts'
import { fitWeibull, type Weibull, weibayes } from '../survival/weibull.ts'
import { type Lives, livesOf } from './lives.ts'
import type { PrognosisModel } from './model.ts'
import { checkPrognosisSettings, DEFAULT_HORIZON, type PrognosisSettings, prognosisDefaults } from './settings.ts'

/** The history of one machine, and when people said that it failed. */
export interface MachinePast {
  readonly unit: string
  readonly frame: Frame
  /** µs. */
  readonly ends: readonly number[]
}

export interface PrognosisReport {
  readonly lives: number
  readonly failures: number
  readonly horizon: number
  /** Of machines: what was cut out of the history, and why. */
  readonly rowsFailed: number
  readonly ageing: (Weibull & { readonly by: 'fit' | 'assumed shape' }) | undefined
  readonly learned: LifeReport | undefined
  /** Why nothing could be learned from lives, where that is so. */
  readonly notLearned: string | undefined
}

const LEAST_LIVES = 4
/** Below this a fitted shape would say more than the failures do (Abernethy). */
const FITTED_FROM = 5
/** Of rolling bearings, gears and seals: wear, with chance in it. */
const ASSUMED_SHAPE = 2

/**
 * Takes out of the history of a machine and of others like it all that tells how long it will last: lives learned from, ages at which they ended,
 * and the value at which one counts as failed.
 * @throws MW-LIFE-0003 when there is neither a limit nor a failure, -0005 for settings, -0001 and -0002 for histories that cannot be used
 */
export function trainPrognosis(
  machines: readonly MachinePast[],
  given: Partial<PrognosisSettings>,
  progress: Progress = () => {},
): { readonly model: PrognosisModel; readonly report: PrognosisReport } {
  const settings = { ...prognosisDefaults, ...given }
  const { names } = machines[0]!.frame
  checkPrognosisSettings(settings, names)
  const cut = machines.map(({ unit, frame, ends }) => livesOf(unit, frame, settings.limit, ends))
  const runs = cut.flatMap((each) => each.runs)
  const failures = runs.filter((run) => run.ended === 'failure').length
  if (settings.limit === undefined && failures === 0) throw lifeErrors.tooFewFailures({ failures, least: 1 })
  const ageing = ageingOf(cut)
  const horizon = settings.horizon ?? horizonOf(runs) ?? DEFAULT_HORIZON
  let learned: ReturnType<typeof trainLife> | undefined
  let notLearned: string | undefined =
    failures < LEAST_LIVES
      ? `There are ${failures} lives that ended in a failure, and from ${LEAST_LIVES} on their course is learnt.`
      : undefined
  if (notLearned === undefined) {
    try {
      learned = trainLife(runs, { horizon, conditions: settings.conditions, coverage: settings.coverage }, progress)
    } catch (error) {
      if (!(error instanceof MillwrightError) || settings.limit === undefined) throw error
      notLearned = error.message
    }
  }
  const model: PrognosisModel = {
    kind: 'prognosis',
    names,
    horizon,
    coverage: settings.coverage,
    stepHours: learned?.model.pipeline.stepHours ?? horizon / 1000,
    ...(settings.limit === undefined ? {} : { limit: settings.limit }),
    ...(learned === undefined ? {} : { learned: learned.model }),
    ...(ageing === undefined ? {} : { ageing: { shape: ageing.shape, scale: ageing.scale } }),
  }
  const report = {
    lives: runs.length,
    failures,
    horizon,
    rowsFailed: cut.reduce((sum, each) => sum + each.rowsFailed, 0),
    ageing,
    learned: learned?.report,
    notLearned,
  }
  return { model, report }
}

/** Of lives whose begin was seen: of the others the age is not known. */
function ageingOf(cut: readonly Lives[]): PrognosisReport['ageing'] {
  const whole = cut.flatMap(({ runs, firstIsWhole }) => (firstIsWhole ? runs : runs.slice(1)))
  const lifetimes = {
    time: Float64Array.from(whole, lengthHours),
    failed: Uint8Array.from(whole, (run) => (run.ended === 'failure' ? 1 : 0)),
  }
  const failures = lifetimes.failed.reduce((sum, each) => sum + each, 0)
  if (failures === 0) return undefined
  if (failures >= FITTED_FROM && new Set(lifetimes.time).size > 1) return { ...fitWeibull(lifetimes), by: 'fit' }
  return { ...weibayes(lifetimes, ASSUMED_SHAPE), by: 'assumed shape' }
}

function horizonOf(runs: readonly Run[]): number | undefined {
  const lives = runs
    .filter((run) => run.ended === 'failure')
    .map(lengthHours)
    .sort((a, b) => a - b)
  return lives.length === 0 ? undefined : (5 / 8) * lives[lives.length >> 1]!
}
