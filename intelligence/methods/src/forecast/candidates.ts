import type { Progress } from '../progress.ts'
import { type Context, type Fitted, originsOf } from './context.ts'
import { segmentsOf } from './gaps.ts'
import { applyLinear, fitLinear } from './linear.ts'
import { type MemberModel, memberOf, smoothingContext } from './members.ts'
import { fitSmoothing } from './smoothing.ts'
import { fitTrees } from './trees.ts'
import { windowMoments } from './windows.ts'

/** Smoothing with a longer season has more state than its few seasons of history can give. */
const LONGEST_SMOOTHED = 400
/** The newest values are what smoothing is fitted on. */
const SMOOTHED = 5000

/** Everything that can be fitted on the values before `cut`. Ridges are chosen on what follows, as the weights are. */
export function candidates(context: Context, cut: number, progress: Progress): Fitted[] {
  const { seasons, horizon, lookBacks } = context
  const usable = lookBacks.filter((lookBack) => cut >= 2 * (lookBack + horizon))
  // A history too short for any of them may still hold a season and two horizons.
  const short = Math.max(2, seasons[0] ?? Math.floor(cut / 6))
  const maps = usable.length > 0 || cut < short + 2 * horizon ? usable : [short]
  const tasks: [string, () => (Fitted | undefined)[]][] = [
    ['naive', () => naives(seasons, cut)],
    ['exponential smoothing', () => [smoothing(context, cut)]],
    ...maps.map((lookBack): [string, () => Fitted[]] => [
      `linear on ${lookBack}`,
      () => [linear(context, lookBack, cut)],
    ]),
    ...(context.trees
      ? [['boosted trees', () => [trees(context, cut)]] as [string, () => (Fitted | undefined)[]]]
      : []),
  ]
  return tasks.flatMap(([stage, fit], i) => {
    progress(i / tasks.length, stage)
    return fit().filter((fitted) => fitted !== undefined)
  })
}

function naives(seasons: readonly number[], cut: number): Fitted[] {
  const models = [
    { season: 1, count: 1 },
    ...seasons.flatMap((season) => [
      { season, count: 1 },
      { season, count: 4 },
    ]),
  ]
  return models
    .filter(({ season, count }) => season * count * 2 < cut)
    .map(({ season, count }) => {
      const model: MemberModel = { kind: 'naive', season, count }
      return { model, refit: () => model }
    })
}

function smoothing({ seasons, filled }: Context, cut: number): Fitted | undefined {
  const first = seasons[0] ?? 1
  const season = first > LONGEST_SMOOTHED ? 1 : first
  const fit = (end: number): MemberModel | undefined => {
    const newest = segmentsOf(filled.subarray(0, end)).at(-1)
    if (newest === undefined || newest.length < Math.max(20, 3 * season)) return undefined
    const context = Math.min(smoothingContext(season), Math.floor((newest.length * 2) / 3))
    const fitted = fitSmoothing(newest.subarray(Math.max(0, newest.length - SMOOTHED)), season)
    return { kind: 'smoothing', context, ...fitted }
  }
  const model = fit(cut)
  return model === undefined ? undefined : { model, refit: (end) => fit(end) ?? model }
}

function linear(context: Context, lookBack: number, cut: number): Fitted {
  const { filled, horizon, ridges } = context
  const momentsOf = (end: number) => windowMoments(segmentsOf(filled.subarray(0, end)), lookBack, horizon)
  const moments = momentsOf(cut)
  const tried = ridges.map((ridge) => ({ ridge, map: fitLinear(moments, ridge) }))
  const origins = originsOf(context, lookBack, cut)
  const out = new Float64Array(horizon)
  const errors = tried.map(({ map }) => {
    let sum = 0
    for (const end of origins) {
      applyLinear(map, filled, end, out)
      for (let h = 0; h < horizon; h++) {
        const truth = context.raw[end + h]!
        if (!Number.isNaN(truth)) sum += (truth - out[h]!) ** 2
      }
    }
    return sum
  })
  const best = tried[errors.indexOf(Math.min(...errors))]!
  return {
    model: { kind: 'linear', ...best.map },
    refit: (end) => ({ kind: 'linear', ...fitLinear(momentsOf(end), best.ridge) }),
  }
}

function trees(
  { seasons, step, utcOffset, filled, raw, start, horizon, seed }: Context,
  cut: number,
): Fitted | undefined {
  const inputs = { seasons, step, utcOffset }
  const fit = (end: number): MemberModel | undefined => {
    const model = fitTrees(inputs, filled.subarray(0, end), (i) => !Number.isNaN(raw[i]!), start, horizon, seed)
    return model === undefined ? undefined : { kind: 'trees', trees: model, ...inputs }
  }
  const model = fit(cut)
  // A member whose context the validation could not even hold would never be judged.
  if (model === undefined || memberOf(model, horizon).context >= cut) return undefined
  return { model, refit: (end) => fit(end) ?? model }
}
