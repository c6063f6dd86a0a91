import { Strict } from '@millwright/contracts'
import { DAY, MINUTE, parseTime, zoneOf } from '@millwright/foundation'
import { type Static, Type } from 'typebox'
import type { Settings } from '../kind.ts'

/** Fine enough to see a pause between two orders, coarse enough for years. */
export const ENERGY_STEP = 5 * MINUTE
/** Leaks are judged by this much of the past. */
export const LOOKED_BACK = 14 * DAY

const Signal = (title: string, description: string) =>
  Type.String({ title, description, maxLength: 200, default: '', format: 'signal' })
/** A name at the equipment, or the id of a signal elsewhere. */
const AnySignal = (title: string, description: string) =>
  Type.String({ title, description, maxLength: 200, default: '', format: 'any-signal' })
const Hour = (title: string, hour: number) =>
  Type.Number({ title, description: 'Hour of the local day', minimum: 0, maximum: 24, default: hour })

const Battery = Strict(
  {
    capacity: Type.Number({ title: 'Capacity', description: 'kWh', exclusiveMinimum: 0, maximum: 1e6, default: 100 }),
    power: Type.Number({
      title: 'Power',
      description: 'kW, either way',
      exclusiveMinimum: 0,
      maximum: 1e6,
      default: 50,
    }),
    efficiency: Type.Number({
      title: 'Efficiency',
      description: 'Of a whole cycle, 0 to 1',
      minimum: 0.3,
      maximum: 1,
      default: 0.9,
    }),
  },
  { description: 'What stores energy here' },
)

const Job = Strict({
  name: Type.String({ title: 'Name', maxLength: 80, minLength: 1 }),
  power: Type.Number({ title: 'Power', description: 'kW while it runs', exclusiveMinimum: 0, maximum: 1e5 }),
  hours: Type.Integer({ title: 'Hours', description: 'How long it runs', minimum: 1, maximum: 24 }),
  earliest: Hour('Earliest start', 0),
  latest: Hour('Latest end', 24),
  usual: Hour('Usual start', 8),
})

export const EnergySettings = Strict({
  energy: Signal('Energy', 'A meter’s power (kW) or energy counter (kWh) of this equipment'),
  production: Type.Optional(
    AnySignal('Production', 'What was made: a count, or whether it runs. Baseline and idle energy follow from it'),
  ),
  temperature: Type.Optional(AnySignal('Outdoor temperature', 'Heating and cooling follow from it')),
  drivers: Type.Optional(
    Type.Array(Type.String({ maxLength: 200 }), {
      title: 'More drivers',
      description: 'Whatever else energy depends on: another product’s count, running hours, humidity',
      maxItems: 8,
      uniqueItems: true,
      default: [],
      format: 'any-signals',
    }),
  ),
  flow: Type.Optional(
    Signal('Flow', 'Of compressed air, gas, steam or water: leaks are looked for in it, not in the power'),
  ),
  baselineUntil: Type.Optional(
    Type.String({
      title: 'Baseline until',
      description:
        'When the measure began whose saving is to be told, as 2026-03-02T06:00:00Z: the baseline is learnt from what the training span has before it, the load forecast from all of it. Empty: the whole span is the baseline',
      maxLength: 40,
      default: '',
    }),
  ),
  period: Type.Optional(
    Type.Unsafe<'hour' | 'day'>({
      type: 'string',
      enum: ['hour', 'day'],
      title: 'Period',
      description: 'What baseline and saving are reckoned by',
      default: 'hour',
    }),
  ),
  price: Type.Optional(
    Type.Number({ title: 'Price', description: 'Of a kWh', minimum: 0, maximum: 1000, default: 0.22 }),
  ),
  dearPrice: Type.Optional(
    Type.Number({
      title: 'Dear price',
      description: 'Of a kWh in the dear hours; 0: there are none',
      minimum: 0,
      maximum: 1000,
      default: 0,
    }),
  ),
  dearFrom: Type.Optional(Hour('Dear from', 7)),
  dearTo: Type.Optional(Hour('Dear until', 21)),
  currency: Type.Optional(
    Type.String({ title: 'Currency', description: 'ISO 4217 code', pattern: '^[A-Z]{3}$', default: 'EUR' }),
  ),
  timeZone: Type.Optional(
    Type.String({
      title: 'Time zone',
      description: 'As Europe/Berlin, or +01:00: days and tariffs follow it',
      maxLength: 60,
      default: 'UTC',
    }),
  ),
  battery: Type.Optional(Battery),
  jobs: Type.Optional(
    Type.Array(Job, {
      title: 'Jobs that can wait',
      description: 'Each runs once a day, and can begin at another hour',
      maxItems: 20,
      default: [],
    }),
  ),
})
type Given = Static<typeof EnergySettings>
export type EnergySettings = Required<Omit<Given, 'battery'>> & Pick<Given, 'battery'>

export const energySettings = (settings: Settings): EnergySettings => settings as unknown as EnergySettings

export function energyProblem(settings: Settings): string | undefined {
  const { energy, timeZone, jobs, baselineUntil } = energySettings(settings)
  if (energy === '') return 'choose the energy signal.'
  if (zoneOf(timeZone) === undefined) return `"${timeZone}" is no time zone; give one as Europe/Berlin or +01:00.`
  if (baselineUntil !== '' && parseTime(baselineUntil) === undefined)
    return `"${baselineUntil}" is no time; give the end of the baseline as 2026-03-02T06:00:00Z.`
  const late = jobs.find((job) => job.earliest + job.hours > job.latest)
  return late === undefined
    ? undefined
    : `"${late.name}" takes longer than there is time between its earliest start and its latest end.`
}

/** What each input is for. */
export type Role = 'energy' | 'production' | 'temperature' | 'flow' | 'driver'

/** Signals that it reads, each once, and what for; in this order they are inputs. */
export function energyInputs(
  settings: Settings,
): readonly { readonly name: string; readonly roles: readonly Role[] }[] {
  const { energy, production, temperature, flow, drivers } = energySettings(settings)
  const wanted: [Role, string][] = [
    ['energy', energy],
    ['production', production],
    ['temperature', temperature],
    ['flow', flow],
    ...drivers.map((name): [Role, string] => ['driver', name]),
  ]
  const inputs = new Map<string, Role[]>()
  for (const [role, name] of wanted) if (name !== '') inputs.set(name, [...(inputs.get(name) ?? []), role])
  return Array.from(inputs, ([name, roles]) => ({ name, roles }))
}
