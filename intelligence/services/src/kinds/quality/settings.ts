import { Choice, Strict } from '@millwright/contracts'
import { type Static, Type } from 'typebox'
import type { Plan, Settings } from '../kind.ts'

/** A signal of the equipment by its name, or of another machine by its id. */
const SignalName = { maxLength: 200 }
const optionalSignal = (title: string, description: string) =>
  Type.Optional(Type.String({ ...SignalName, title, description, default: '', format: 'signal' }))
const cost = (title: string, description: string, standard: number) =>
  Type.Optional(Type.Number({ title, description, exclusiveMinimum: 0, maximum: 1e9, default: standard }))

export const StationSettings = Strict({
  name: Type.String({ title: 'Station', description: 'As people call it', minLength: 1, maxLength: 60 }),
  part: Type.String({
    ...SignalName,
    title: 'Part signal',
    description: 'Shows the serial number of the part that is in the station; empty or "none" between parts',
    minLength: 1,
    format: 'signal',
  }),
  signals: Type.Array(Type.String(SignalName), {
    title: 'Process signals',
    description: 'What is measured while the part is worked on',
    minItems: 1,
    maxItems: 40,
    uniqueItems: true,
    format: 'signals',
  }),
})

export const QualitySettings = Strict({
  stations: Type.Optional(
    Type.Array(StationSettings, {
      title: 'Stations',
      description: 'In the order in which parts pass them; the decision falls when a part leaves the last one',
      maxItems: 20,
      default: [],
    }),
  ),
  result: optionalSignal('Result signal', 'What the part is judged by later: a measured value, or pass and fail'),
  resultPart: optionalSignal('Part signal of the result', 'Shows the serial number of the part that is measured'),
  learn: Type.Optional(
    Type.Unsafe<'value' | 'verdict'>({
      ...Choice(['value', 'verdict']),
      title: 'Learn',
      description: 'The measured value (it says more, and needs no rejects), or pass and fail alone',
      default: 'value',
    }),
  ),
  lower: Type.Optional(Type.Number({ title: 'Lower limit', description: 'Of the measured value' })),
  upper: Type.Optional(Type.Number({ title: 'Upper limit', description: 'Of the measured value' })),
  good: Type.Optional(
    Type.String({
      title: 'Good is',
      description: 'What the result says of a good part; of numbers and truths: 1',
      maxLength: 60,
      default: 'pass',
    }),
  ),
  miss: cost('Cost of a miss', 'A bad part that goes on', 50),
  falseReject: cost('Cost of a false reject', 'A good part that is taken out', 5),
  unlike: Type.Optional(
    Type.Unsafe<'judge' | 'divert'>({
      ...Choice(['judge', 'divert']),
      title: 'Parts unlike those learnt from',
      description: 'Judged as the others, or taken out',
      default: 'judge',
    }),
  ),
})

export type StationSettings = Static<typeof StationSettings>
export type QualitySettings = Required<Omit<Static<typeof QualitySettings>, 'lower' | 'upper' | 'stations'>> &
  Pick<Static<typeof QualitySettings>, 'lower' | 'upper'> & { readonly stations: readonly StationSettings[] }

export const qualitySettings = (settings: Settings): QualitySettings => settings as unknown as QualitySettings

/** The signals it reads, each once. */
export const namesOf = ({ stations, result, resultPart }: QualitySettings): string[] => [
  ...new Set([
    ...stations.flatMap(({ part, signals }) => [part, ...signals]),
    ...[result, resultPart].filter((name) => name !== ''),
  ]),
]

export interface Layout {
  readonly stations: readonly {
    readonly name: string
    /** Indices into the plan's inputs. */
    readonly part: number
    readonly signals: readonly number[]
    readonly names: readonly string[]
  }[]
  readonly result: number
  readonly resultPart: number
}

/** What each input of a plan is: inputs stand in the order of `namesOf`. */
export function layoutOf(settings: QualitySettings, { inputs }: Plan): Layout {
  const names = namesOf(settings)
  if (names.length !== inputs.length) throw new Error('The settings were changed: train it again.')
  const at = (name: string) => names.indexOf(name)
  return {
    stations: settings.stations.map(({ name, part, signals }) => ({
      name,
      part: at(part),
      signals: signals.map(at),
      names: signals.map((each) => inputs[at(each)]!.name),
    })),
    result: at(settings.result),
    resultPart: at(settings.resultPart),
  }
}
