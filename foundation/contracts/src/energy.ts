/** What energy services tell: what was saved against a baseline, where energy is wasted, and what lies ahead. */
import { type Static, Type } from 'typebox'
import { Id, IdParams, Nullable, Strict, Time } from './common.ts'
import { operation } from './operation.ts'

const Numbers = Type.Array(Type.Number())
/** A null is a gap. */
const Gapped = Type.Array(Nullable(Type.Number()))

export const EnergyTerm = Strict({
  name: Type.String(),
  /** kWh for each unit of it. */
  coefficient: Type.Number(),
  standardError: Type.Number(),
  /** Probability of so large an effect by chance. */
  p: Type.Number(),
})

export const EnergyBaseline = Strict({
  from: Time,
  to: Time,
  /** Periods it was made of. */
  rows: Type.Integer(),
  r2: Type.Number(),
  /** Coefficient of variation of the root mean square error, ASHRAE Guideline 14. */
  cvRmse: Type.Number(),
  terms: Type.Array(EnergyTerm),
  leftOut: Type.Array(Strict({ what: Type.String(), reason: Type.String() })),
  /** What speaks against using it, in sentences. */
  doubts: Type.Array(Type.String()),
})

export const EnergySaving = Strict({
  from: Time,
  to: Time,
  /** Periods with everything that is needed. */
  rows: Type.Integer(),
  /** kWh */
  expected: Type.Number(),
  actual: Type.Number(),
  /** expected - actual; below 0 it is more than the baseline would have used. */
  avoided: Type.Number(),
  /** Half the width of its interval. */
  uncertainty: Type.Number(),
  /** Of the interval, 0 to 1. */
  confidence: Type.Number(),
  /** As ASHRAE Guideline 14 accepts it: the uncertainty at 68 % is below half of the saving. */
  significant: Type.Boolean(),
  /** avoided / expected */
  share: Type.Number(),
  cost: Type.Number(),
  costUncertainty: Type.Number(),
  /** Share of periods whose drivers the baseline never saw. */
  outside: Type.Number(),
})

export const EnergyIdle = Strict({
  /** Of the time since the baseline, or of the baseline when nothing has come since. */
  hours: Type.Number(),
  energy: Type.Number(),
  share: Type.Number(),
  /** kW, usually */
  power: Type.Number(),
  cost: Type.Number(),
  /** Days of what was looked at. */
  days: Type.Number(),
  by: Type.String({ description: 'production or power' }),
  longest: Type.Array(Strict({ from: Time, to: Time, energy: Type.Number() })),
})

export const EnergyLeak = Strict({
  /** Signal that was looked at, and its unit. */
  signal: Type.String(),
  unit: Type.String(),
  /** What flows while nothing is made: now, and at best. */
  now: Type.Number(),
  best: Type.Number(),
  /** What could be mended: 0 when now is as good as it was at best. */
  leak: Type.Number(),
  share: Type.Number(),
  /** When the flow at rest changed last, and by how much. */
  change: Nullable(Strict({ at: Time, by: Type.Number() })),
})

export const EnergyView = Strict(
  {
    service: Id('svc'),
    version: Type.Integer(),
    /** µs of a period. */
    period: Type.Integer(),
    currency: Type.String(),
    simulated: Type.Boolean(),
    baseline: EnergyBaseline,
    /** null: nothing has come since the baseline. */
    saving: Nullable(EnergySaving),
    /** Times are the ends of periods; kWh. `low` and `high` are about `expected`. */
    series: Strict({ time: Type.Array(Time), actual: Gapped, expected: Gapped, low: Gapped, high: Gapped }),
    /** kWh avoided since the baseline, with its interval. */
    sum: Strict({ time: Type.Array(Time), avoided: Numbers, low: Numbers, high: Numbers }),
    /** Energy of a period over each driver that stayed. */
    drivers: Type.Array(
      Strict({
        name: Type.String(),
        unit: Type.String(),
        baseline: Strict({ x: Numbers, y: Numbers }),
        since: Strict({ x: Numbers, y: Numbers }),
      }),
    ),
    idle: Nullable(EnergyIdle),
    leak: Nullable(EnergyLeak),
  },
  { $id: 'EnergyView' },
)
export type EnergyView = Static<typeof EnergyView>

export const EnergySchedule = Strict({
  /** kW in each step. */
  grid: Numbers,
  /** The same with an idle battery and every job at its usual time. */
  gridWithout: Numbers,
  charge: Numbers,
  discharge: Numbers,
  /** kWh in the battery after each step. */
  stored: Numbers,
  jobs: Type.Array(Strict({ name: Type.String(), start: Time, usual: Time })),
  cost: Type.Number(),
  /** Of `gridWithout`. */
  costWithout: Type.Number(),
  optimal: Type.Boolean(),
})

export const EnergyPlan = Strict(
  {
    service: Id('svc'),
    currency: Type.String(),
    /** Starts of steps. */
    time: Type.Array(Time),
    /** µs */
    step: Type.Integer(),
    /** kW, forecast. */
    load: Strict({ mean: Numbers, low: Numbers, high: Numbers, coverage: Type.Number() }),
    /** The newest day before, kW. */
    past: Strict({ time: Type.Array(Time), value: Gapped }),
    /** Why the forecast is worth less than its validation says. */
    outside: Nullable(Type.String()),
    price: Numbers,
    /** null: nothing can be shifted. */
    schedule: Nullable(EnergySchedule),
  },
  { $id: 'EnergyPlan' },
)
export type EnergyPlan = Static<typeof EnergyPlan>

export const SignalForecast = Strict(
  {
    service: Id('svc'),
    signal: Type.String(),
    unit: Type.String(),
    /** µs */
    step: Type.Integer(),
    /** Starts of steps. */
    time: Type.Array(Time),
    mean: Numbers,
    low: Numbers,
    high: Numbers,
    coverage: Type.Number(),
    past: Strict({ time: Type.Array(Time), value: Gapped }),
    outside: Nullable(Type.String()),
  },
  { $id: 'SignalForecast' },
)
export type SignalForecast = Static<typeof SignalForecast>

export const energyOperations = {
  getEnergy: operation({
    id: 'getEnergy',
    method: 'GET',
    path: '/services/{id}/energy',
    tag: 'AI services',
    summary: 'What an energy service knows: the saving against its baseline, idle energy, leaks',
    access: 'actor',
    params: IdParams('svc'),
    query: Strict({ from: Type.Optional(Time), to: Type.Optional(Time) }),
    reply: EnergyView,
  }),
  getEnergyPlan: operation({
    id: 'getEnergyPlan',
    method: 'GET',
    path: '/services/{id}/energy/plan',
    tag: 'AI services',
    summary: 'The load ahead, and the cheapest schedule of battery and jobs for it',
    access: 'actor',
    params: IdParams('svc'),
    reply: EnergyPlan,
  }),
  getForecast: operation({
    id: 'getForecast',
    method: 'GET',
    path: '/services/{id}/forecast',
    tag: 'AI services',
    summary: 'What a forecast service expects from now on, step by step',
    access: 'actor',
    params: IdParams('svc'),
    reply: SignalForecast,
  }),
}
