import type { Micros } from '@millwright/foundation'
import type { MemberModel } from './members.ts'
import type { ForecastSettings } from './settings.ts'

/** What the fitting and the weighing of members work on. */
export interface Context extends ForecastSettings {
  readonly seasons: readonly number[]
  readonly step: Micros
  readonly start: Micros
  /** Scaled, NaN = missing. */
  readonly raw: Float64Array
  /** Scaled, gaps filled where they are short enough. */
  readonly filled: Float64Array
}

export interface Fitted {
  readonly model: MemberModel
  /** The same, fitted on everything before an index. */
  refit(end: number): MemberModel
}

/** Ends of contexts in the part after `cut` from which the whole horizon is known, evenly spread; every one is after the cut. */
export function originsOf({ filled, horizon, origins }: Context, context: number, cut: number): number[] {
  const last = filled.length - horizon
  const stride = Math.max(1, (last - cut + 1) / origins)
  const ends: number[] = []
  for (let at = cut; at <= last; at += stride) {
    const end = Math.floor(at)
    if (end < context) continue
    let whole = true
    for (let i = end - context; i < end && whole; i++) whole = !Number.isNaN(filled[i]!)
    if (whole) ends.push(end)
  }
  return ends
}
