import { type Prognosis, PrognosisFollower, type PrognosisModel, weibullMean } from '@millwright/methods/life'
import type { GridRows } from '../../scoring/grid-rows.ts'
import type { EpisodeFact, Plan, Scorer, Scores } from '../kind.ts'
import { adviceFor } from './advice.ts'
import { type LifeOutput, outputIndex } from './outputs.ts'
import { type LifeSettings, limitOf } from './settings.ts'
import { explained } from './words.ts'

type Row = Scores['rows'][number]

/** Share by which the remaining life has to change for a new explanation: not a new sentence with every step. */
const NEW_WORDS = 0.1

/** Scores the rows of the grid: outputs for each, words when they change, an episode from the begin of a wear to its repair. */
export function lifeScorer(model: PrognosisModel, settings: LifeSettings, plan: Plan, grid: GridRows): Scorer {
  const follower = new PrognosisFollower(model)
  const limit = limitOf(settings)
  const unit = plan.inputs.find(({ name }) => name === limit?.signal)?.unit ?? '1'
  const usualLife = model.ageing === undefined ? undefined : weibullMean(model.ageing)
  const values = new Float64Array(model.names.length)
  const order = model.names.map((name) => plan.inputs.findIndex((input) => input.name === name))
  let said = ''
  let saidState = ''
  let saidHours = Number.NaN
  let episode: EpisodeFact | undefined

  function score(time: number, rows: Row[], episodes: Map<number, EpisodeFact>): void {
    const found = follower.prognosis()
    const known = found.state !== 'learning' && found.state !== 'failed'
    const advice = known ? adviceFor(settings, found, time, model.horizon, usualLife) : undefined
    const put = (name: LifeOutput, value: number | string) => rows.push({ output: outputIndex(name), time, value })
    put('health', found.health)
    put('remaining life', found.hours)
    put('remaining life low', found.low)
    put('remaining life high', found.high)
    put('failure probability', 1 - found.survival(settings.within))
    put('stop within', advice?.at ?? Number.NaN)
    put('cost of stopping', advice?.cost ?? Number.NaN)
    put('cost of waiting', advice?.waiting ?? Number.NaN)
    const moved = !(Math.abs(found.hours - saidHours) < NEW_WORDS * saidHours)
    if (found.state !== saidState || (found.state === 'wearing' && moved)) {
      const words = explained(found, limit, unit, advice)
      if (found.state !== saidState) put('state', found.state)
      if (words !== said) put('explanation', words)
      said = words
      saidState = found.state
      saidHours = found.hours
    }
    follow(found, time, episodes)
  }

  /** A wear from its begin until it is repaired, its peak where the health was worst. */
  function follow(found: Prognosis, time: number, episodes: Map<number, EpisodeFact>): void {
    const worn = found.state === 'wearing' || found.state === 'failed'
    if (worn) {
      const peak = 1 - found.health / 100
      const from = episode?.from ?? Math.floor(found.since === undefined ? time : found.since / settings.acceleration)
      const higher = episode === undefined || peak > episode.peak
      episode = {
        from,
        to: null,
        peak: higher ? peak : episode!.peak,
        peakAt: higher ? time : episode!.peakAt,
        explanation: said,
        signals: limit === undefined ? [] : [{ name: limit.signal, share: 1 }],
      }
      episodes.set(from, episode)
    } else if (episode !== undefined && found.state === 'healthy') {
      episodes.set(episode.from, { ...episode, to: time })
      episode = undefined
    }
  }

  return {
    take(arrivals) {
      const { times, columns } = grid.take(arrivals)
      const rows: Row[] = []
      const episodes = new Map<number, EpisodeFact>()
      for (let row = 0; row < times.length; row++) {
        for (let at = 0; at < values.length; at++) values[at] = columns[order[at]!]?.[row] ?? Number.NaN
        follower.push(times[row]! * settings.acceleration, values)
        score(times[row]!, rows, episodes)
      }
      return { rows, episodes: [...episodes.values()] }
    },
  }
}
