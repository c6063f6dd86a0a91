import { Strict } from '@millwright/contracts'
import { HOUR } from '@millwright/foundation'
import type { FailureLimit, StopCosts, StopWindow } from '@millwright/methods/life'
import { type Static, Type } from 'typebox'
import type { Settings } from '../kind.ts'

const DAY_HOURS = 24
const WEEK_HOURS = 7 * DAY_HOURS
export const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const

const Hours = (title: string, description: string, standard: number) =>
  Type.Optional(Type.Number({ title, description, minimum: 0, maximum: 1_000_000, default: standard }))
const Money = (title: string, description: string) =>
  Type.Optional(Type.Number({ title, description, minimum: 0, maximum: 1e12, default: 0, advanced: false }))

export const LifeSettings = Strict({
  limitSignal: Type.Optional(
    Type.String({
      title: 'Signal with a limit',
      description: 'The signal that tells when the machine counts as failed. Empty: only labelled failures count',
      maxLength: 200,
      default: '',
      format: 'signal',
    }),
  ),
  limit: Type.Optional(
    Type.Number({
      title: 'Limit',
      advanced: false,
      description: 'Value of that signal at which the machine counts as failed',
      default: 0,
    }),
  ),
  direction: Type.Optional(
    Type.Union([Type.Literal('rises'), Type.Literal('falls')], {
      title: 'Wear makes the signal',
      advanced: false,
      description: 'Which way it moves towards its limit',
      default: 'rises',
    }),
  ),
  signals: Type.Optional(
    Type.Array(Type.String({ maxLength: 200 }), {
      title: 'Health signals',
      description:
        'More signals that show wear; they are learnt from once failures are known. None: only the one with the limit',
      maxItems: 100,
      uniqueItems: true,
      default: [],
      format: 'signals',
    }),
  ),
  conditions: Type.Optional(
    Type.Array(Type.String({ maxLength: 200 }), {
      title: 'Operating signals',
      description: 'Signals that say how the machine is run (speed, load): what follows from them is no wear',
      maxItems: 20,
      uniqueItems: true,
      default: [],
      format: 'signals',
    }),
  ),
  sisters: Type.Optional(
    Type.Array(Type.String({ maxLength: 60, format: 'node' }), {
      title: 'Sister machines',
      description:
        'Machines of the same kind whose failures are learnt from as well; they need signals of the same names',
      maxItems: 50,
      uniqueItems: true,
      default: [],
    }),
  ),
  horizon: Hours(
    'Look ahead (hours)',
    'The longest remaining life that is told. 0: as known lives suggest, else 30 days',
    0,
  ),
  within: Type.Optional(
    Type.Number({
      title: 'Probability of failure within (hours)',
      description: 'The time that the probability of failure is told for',
      exclusiveMinimum: 0,
      maximum: 100_000,
      default: 24,
    }),
  ),
  alarmAt: Type.Optional(
    Type.Number({
      title: 'Alarm from a probability of',
      description: 'Probability of failure within that time from which the alarm is raised, 0 to 1',
      minimum: 0.01,
      maximum: 1,
      default: 0.5,
    }),
  ),
  failureCost: Money(
    'Cost of a failure',
    'Repair, damage and lost production of a failure in service. 0: no advice on costs',
  ),
  plannedCost: Money('Cost of a planned stop', 'The same repair, planned: parts, work and lost production'),
  currency: Type.Optional(
    Type.String({ title: 'Currency', description: 'ISO 4217', pattern: '^[A-Z]{3}$', default: 'EUR' }),
  ),
  lifeHours: Hours(
    'Usual life (hours)',
    'How long a repair lasts as a rule: what an hour of it is worth. 0: as known lives say, else a year',
    0,
  ),
  windows: Type.Optional(
    Type.Array(
      Strict({
        weekday: Type.Union(
          WEEKDAYS.map((day) => Type.Literal(day)),
          { title: 'Day', default: 'Sunday' },
        ),
        from: Type.Number({ title: 'From (UTC hour)', minimum: 0, exclusiveMaximum: DAY_HOURS, default: 6 }),
        hours: Type.Number({ title: 'Hours', exclusiveMinimum: 0, maximum: WEEK_HOURS, default: 8 }),
        cost: Type.Number({ title: 'Cost of a stop then', minimum: 0, maximum: 1e12, default: 0 }),
      }),
      {
        title: 'Cheaper times',
        description: 'Times of the week in which a planned stop costs less',
        maxItems: 20,
        default: [],
      },
    ),
  ),
  acceleration: Type.Optional(
    Type.Number({
      title: 'Acceleration',
      description:
        'Hours of use that an hour on the clock stands for: 1 as a rule, more in an accelerated life test or a simulation. All hours here and in the results are hours of use',
      minimum: 0.001,
      maximum: 1_000_000,
      default: 1,
    }),
  ),
  step: Type.Optional(
    Type.Integer({
      title: 'Step',
      description: 'Seconds that one look at the machine takes in. 0: as the pace of the signals suggests',
      minimum: 0,
      maximum: 86_400,
      default: 0,
    }),
  ),
})
export type LifeSettings = Required<Static<typeof LifeSettings>>

export const lifeSettings = (settings: Settings): LifeSettings => settings as unknown as LifeSettings

export const limitOf = ({ limitSignal, limit, direction }: LifeSettings): FailureLimit | undefined =>
  limitSignal === '' ? undefined : { signal: limitSignal, value: limit, direction }

/** The signals it reads, each once: the one with the limit first. */
export const inputsOf = ({ limitSignal, signals, conditions }: LifeSettings): string[] => [
  ...new Set([...(limitSignal === '' ? [] : [limitSignal]), ...signals, ...conditions]),
]

const YEAR_HOURS = 8766

/** Undefined: nobody said what things cost, or a failure costs no more than a stop. @param known usual life that training found */
export function costsOf(
  { failureCost, plannedCost, lifeHours }: LifeSettings,
  known: number | undefined,
): StopCosts | undefined {
  if (!(plannedCost > 0 && failureCost > plannedCost)) return undefined
  return { failure: failureCost, planned: plannedCost, life: lifeHours > 0 ? lifeHours : (known ?? YEAR_HOURS) }
}

/** Cheaper times from now to `ahead` hours of use on. @param now µs on the clock */
export function windowsOf(
  { windows, plannedCost, acceleration }: LifeSettings,
  now: number,
  ahead: number,
): StopWindow[] {
  const found: StopWindow[] = []
  const last = ahead / acceleration
  // 1970-01-01 was a Thursday: Monday begins three days before it.
  const hour = (now / HOUR + 3 * DAY_HOURS) % WEEK_HOURS
  for (const { weekday, from, hours, cost } of windows) {
    const planned = Math.min(cost || plannedCost, plannedCost)
    const start = WEEKDAYS.indexOf(weekday) * DAY_HOURS + from - hour
    for (let at = start - WEEK_HOURS; at <= last; at += WEEK_HOURS)
      if (at + hours > 0)
        found.push({
          from: Math.max(0, at) * acceleration,
          to: Math.min(last, at + hours) * acceleration,
          planned,
        })
  }
  return found
}
