import { CLEAR_DEPTH } from '../diagnosis/bearing.ts'
import { type Diagnosis, diagnose, type MachineDescription } from '../diagnosis/diagnose.ts'
import type { Fault } from '../diagnosis/finding.ts'
import type { Waveform } from '../signal/waveform.ts'
import { type Discriminant, type Neighbour, neighbours } from './discriminant.ts'
import { bandLevels } from './levels.ts'

export type Verdict = Fault | 'none'

/** One recording as the classifier sees it. */
export interface Observation {
  /** {@link bandLevels}. */
  readonly levels: Float64Array
  /** The race whose ball pass modulates the envelope fully; undefined when neither does. */
  readonly race: 'outer race' | 'inner race' | undefined
}

/** @param top Hz up to which the levels reach: the same for all that one classifier sees */
export function observe(waveform: Waveform, machine: MachineDescription, top: number): Observation {
  return { levels: bandLevels(waveform, top), race: clearRace(diagnose(waveform, machine)) }
}

function clearRace({ modulations }: Diagnosis): Observation['race'] {
  const deepest = modulations.flatMap(({ of }) => of.filter(isRace)).sort((one, other) => other.depth - one.depth)[0]
  return deepest !== undefined && deepest.depth >= CLEAR_DEPTH ? (deepest.fault as Observation['race']) : undefined
}

const isRace = ({ fault }: { readonly fault: Verdict }): boolean => fault === 'outer race' || fault === 'inner race'

export interface FaultClassifier {
  readonly discriminant: Discriminant
  /** What each condition is a case of, in the order of the discriminant's. */
  readonly faults: readonly Verdict[]
  /** How many times nearer than any other fault a race fault has to be to be named without its line. */
  readonly margin: number
  /** Distance beyond which a recording is unlike all it was trained on. */
  readonly limit: number
}

export interface Classification {
  readonly fault: Verdict
  /** The most alike of the trained conditions of that fault; undefined when there is none. */
  readonly condition?: string
  /**
   * `line`: its rate shows in the envelope. `likeness`: it sounds as that condition did. `exclusion`: unlike all, and
   * races show their line.
   */
  readonly by: 'line' | 'likeness' | 'exclusion'
  readonly distance: number
  /** Unlike anything it was trained on. */
  readonly outside: boolean
}

/**
 * Which fault, from physics and from examples. The line of a race in the envelope decides. Without it the most alike
 * condition does; but a race fault of a size not seen before shows its line nearly always, a rolling element's seldom
 * does (Smith and Randall, MSSP 64-65, 2015), so that likeness alone names a race only when it is clear.
 */
export function classify(model: FaultClassifier, { levels, race }: Observation): Classification {
  const near = neighbours(model.discriminant, levels)
  const [nearest] = near
  const outside = nearest!.distance > model.limit
  const faultOf = ({ condition }: Neighbour): Verdict => model.faults[model.discriminant.conditions.indexOf(condition)]!
  const first = (test: (fault: Verdict) => boolean): Neighbour | undefined => near.find((each) => test(faultOf(each)))
  if (race !== undefined) {
    const like = first((fault) => fault === race)
    const condition = like === undefined ? {} : { condition: like.condition }
    return { fault: race, ...condition, by: 'line', distance: nearest!.distance, outside }
  }
  const verdict = faultOf(nearest!)
  const likeness = {
    fault: verdict,
    condition: nearest!.condition,
    by: 'likeness',
    distance: nearest!.distance,
    outside,
  } as const
  if (!isRace({ fault: verdict }) || leadOf(near, faultOf) >= model.margin) return likeness
  const instead = first((fault) => !isRace({ fault }))
  if (instead === undefined) return likeness
  return { fault: faultOf(instead), condition: instead.condition, by: 'exclusion', distance: instead.distance, outside }
}

/** How many times nearer the nearest fault is than the next. */
export function leadOf(near: readonly Neighbour[], faultOf: (each: Neighbour) => Verdict): number {
  const [nearest] = near
  const next = near.find((each) => faultOf(each) !== faultOf(nearest!))
  return next === undefined ? 1 : next.distance / Math.max(nearest!.distance, Number.MIN_VALUE)
}
