import { DAY, type Micros } from '@millwright/foundation'

/** What the trees see of a context when they forecast one step of the horizon. */
export interface TreeInputs {
  readonly seasons: readonly number[]
  readonly step: Micros
  /** How far local clocks are ahead of UTC: loads follow the clock on the wall. */
  readonly utcOffset: Micros
}

const SEASONS_BACK = 3

export function treeInputNames({ seasons }: TreeInputs): string[] {
  return [
    'lead',
    'last',
    'before last',
    'trend',
    'spread',
    'time of day',
    'day of week',
    ...seasons.flatMap((season) => Array.from({ length: SEASONS_BACK }, (_, k) => `${k + 1} × ${season} before`)),
    ...seasons.map((season) => `around ${season} before`),
  ]
}

/** Steps of the past that a row is made of. */
export const treeContext = ({ seasons }: TreeInputs, horizon: number): number =>
  Math.max(48, ...seasons.map((season) => (SEASONS_BACK - 1 + Math.ceil(horizon / season)) * season + 2))

/** Mean of the newest season (24 steps without one): what everything else is given relative to, so that a new level is no new world. */
export function levelBefore({ seasons }: TreeInputs, values: Float64Array, end: number): number {
  return meanOf(values, end - (seasons[0] ?? 24), end)
}

/**
 * @param end index after the last known value; `lead` 1 is the step `end` itself
 * @param time start of the step that is forecast
 * @param row filled in the order of the names
 */
export function fillTreeRow(
  inputs: TreeInputs,
  values: Float64Array,
  end: number,
  lead: number,
  time: Micros,
  level: number,
  row: Float64Array,
): void {
  const { seasons, utcOffset } = inputs
  const around = seasons[0] ?? 24
  const last = values[end - 1]!
  let spread = 0
  for (let i = end - around; i < end; i++) spread += Math.abs(values[i]! - level)
  const local = time + utcOffset
  let at = 0
  row[at++] = lead
  row[at++] = last - level
  row[at++] = values[end - 2]! - level
  row[at++] = level - meanOf(values, end - 2 * around, end - around)
  row[at++] = spread / around
  row[at++] = (((local % DAY) + DAY) % DAY) / DAY
  row[at++] = (((Math.floor(local / DAY) + 4) % 7) + 7) % 7
  const target = end + lead - 1
  for (const season of seasons) {
    const newest = target - Math.ceil(lead / season) * season
    for (let k = 0; k < SEASONS_BACK; k++) row[at++] = values[newest - k * season]! - level
  }
  for (const season of seasons) {
    const newest = target - Math.ceil(lead / season) * season
    row[at++] = meanOf(values, newest - 2, Math.min(end, newest + 3)) - level
  }
}

function meanOf(values: Float64Array, from: number, end: number): number {
  let sum = 0
  let count = 0
  for (let i = Math.max(0, from); i < end; i++) {
    sum += values[i]!
    count++
  }
  return count === 0 ? 0 : sum / count
}
