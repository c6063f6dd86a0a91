import { aggregate, aggregateNames, lowerBound } from './aggregates.ts'
import type { Visit } from './visit.ts'

/** A signal of a station, in the order of time. */
export interface StationSignal {
  readonly station: string
  readonly name: string
  readonly times: ArrayLike<number>
  /** NaN: missing or Bad. */
  readonly values: ArrayLike<number>
}

/** What a part's row is made of: stations in the order in which parts pass them, each with its signals. */
export interface PartPlan {
  readonly stations: readonly { readonly name: string; readonly signals: readonly string[] }[]
}

/** Names of a row's features: for each station how long the part was there, then the aggregates of each of its signals. */
export const featureNames = ({ stations }: PartPlan): string[] =>
  stations.flatMap(({ name, signals }) => [
    `${name} duration`,
    ...signals.flatMap((signal) => aggregateNames.map((each) => `${name} ${signal} ${each}`)),
  ])

/** A value is known to stand for this long without a new one, µs. */
const STANDS = 60e6

/**
 * One visit's features, as many as `1 + 7 × signals`, into a row. Signals are those of the station, in the plan's order.
 * A signal that is only sent on change is what it was before the visit, if that is not long ago.
 */
export function fillVisit(
  { from, to }: Pick<Visit, 'from' | 'to'>,
  signals: readonly Pick<StationSignal, 'times' | 'values'>[],
  into: Float64Array,
  at: number,
): void {
  into[at] = (to - from) / 1e6
  signals.forEach(({ times, values }, signal) => {
    const before = lowerBound(times, from) - 1
    const stood = before >= 0 && from - times[before]! <= STANDS ? values[before]! : Number.NaN
    aggregate(times, values, from, to, stood, into, at + 1 + signal * aggregateNames.length)
  })
}
