import type { LifeDetail } from '../../api/types.ts'

const HOUR = 3_600_000_000
const POINTS = 24

type Point = [ms: number, health: number]

/** Ways from the health now to 0 at the ends of the interval and in its middle, on the same times of the clock; empty when nothing leads there. */
export function fan({
  at,
  health,
  remaining,
  acceleration,
}: Pick<LifeDetail, 'at' | 'health' | 'remaining' | 'acceleration'>): {
  low: Point[]
  middle: Point[]
  high: Point[]
} {
  if (at === null || health === null || remaining === null || remaining.atLeast)
    return { low: [], middle: [], high: [] }
  const { low, hours, high } = remaining
  const times = [...new Set([...Array.from({ length: POINTS + 1 }, (_, n) => (high * n) / POINTS), low, hours])].sort(
    (a, b) => a - b,
  )
  const way = (end: number): Point[] =>
    times.map((each) => [
      (at + (each * HOUR) / acceleration) / 1000,
      end > 0 ? Math.max(0, health * (1 - each / end)) : 0,
    ])
  return { low: way(low), middle: way(hours), high: way(high) }
}
