import { type Static, Type } from 'typebox'
import { Choice, Id, IdParams, Key, Nullable, Page, PageQuery, Strict, Time } from './common.ts'
import { LIFE_STATES } from './lists.ts'
import { operation } from './operation.ts'

const Remaining = Strict({
  hours: Type.Number({ description: 'With one half of the probability it is less' }),
  low: Type.Number({ description: 'Ends of the interval that holds the truth with the coverage' }),
  high: Type.Number(),
  atLeast: Type.Boolean({ description: 'It lasts at least as long as is looked ahead' }),
})

/** When to stop: hours the machine runs are worth what a repair costs over its usual life, a failure costs more than a stop. */
const Advice = Strict({
  stopAt: Type.Integer({ description: 'µs; the time of the least expected cost' }),
  needed: Type.Boolean({ description: 'False: not within the time that is looked ahead' }),
  from: Time,
  to: Type.Integer({ description: 'From `from` to `to` the expected cost is next to the least' }),
  cost: Type.Number({ description: 'Expected cost of stopping then: the stop, or a failure before it' }),
  failureBefore: Type.Number({ description: 'Probability that it fails before' }),
  waiting: Type.Number({ description: 'Expected cost of not stopping within the look-ahead' }),
  currency: Type.String(),
})

const prediction = {
  service: Id('svc'),
  serviceName: Type.String(),
  equipment: Id('ast'),
  equipmentName: Type.String(),
  /** Time of the prediction; null: there is none yet. */
  at: Nullable(Time),
  /** Whether the service scores now; without, the prediction is an old one. */
  live: Type.Boolean(),
  state: Choice(LIFE_STATES),
  /** 0 to 100. */
  health: Nullable(Type.Number()),
  remaining: Nullable(Remaining),
  coverage: Type.Number(),
  /** The interval was calibrated on lives that were held out. */
  calibrated: Type.Boolean(),
  failureProbability: Nullable(Type.Number()),
  /** Hours that the probability is for. */
  within: Type.Number(),
  explanation: Type.String(),
  acceleration: Type.Number({
    description: 'Hours of use that an hour on the clock stands for; all hours here are hours of use',
  }),
  /** Null: nobody said what things cost, or there is nothing to decide. */
  advice: Nullable(Advice),
  /** Signals of the service's results. */
  signals: Strict({
    health: Nullable(Id('sig')),
    remaining: Nullable(Id('sig')),
    low: Nullable(Id('sig')),
    high: Nullable(Id('sig')),
  }),
}

export const LifePrediction = Strict(prediction, { $id: 'LifePrediction' })
export type LifePrediction = Static<typeof LifePrediction>

export const LifeDetail = Strict(
  {
    ...prediction,
    horizon: Type.Number({ description: 'Hours that are looked ahead' }),
    /** Expected cost by the time of the stop; empty without advice. */
    curve: Type.Array(
      Strict({
        hours: Type.Number({ description: 'From the time of the prediction' }),
        cost: Type.Number(),
        failureBefore: Type.Number(),
        total: Type.Number({
          description: 'The cost less the worth of the hours run: what is least at the advised time',
        }),
      }),
    ),
    /** The signal with a limit, where there is one. */
    limit: Nullable(
      Strict({ signal: Nullable(Id('sig')), name: Key, value: Type.Number(), direction: Choice(['rises', 'falls']) }),
    ),
    costsKnown: Type.Boolean({ description: 'The settings say what a failure and a planned stop cost' }),
    /** What a learnt prediction rests on, largest share first. */
    drivers: Type.Array(Strict({ name: Type.String(), share: Type.Number() })),
    /** How training judged it, in its words. */
    summary: Type.String(),
  },
  { $id: 'LifeDetail' },
)
export type LifeDetail = Static<typeof LifeDetail>

export const lifeOperations = {
  listLifePredictions: operation({
    id: 'listLifePredictions',
    method: 'GET',
    path: '/life',
    tag: 'AI services',
    summary: 'Remaining life of every machine that has such a service, the most urgent first',
    access: 'actor',
    query: Strict({ ...PageQuery, under: Type.Optional(Id('ast')), equipment: Type.Optional(Id('ast')) }),
    reply: Page(LifePrediction),
  }),
  getLife: operation({
    id: 'getLife',
    method: 'GET',
    path: '/services/{id}/life',
    tag: 'AI services',
    summary: 'Remaining life of one machine, with what waiting costs and what the prediction rests on',
    access: 'actor',
    params: IdParams('svc'),
    reply: LifeDetail,
  }),
}
