/** How old a value may grow, µs, before it is shown as stale: the signal's own limit, or five of its usual intervals. */
export function staleLimit(staleAfter: number | null, interval: number | undefined): number {
  if (staleAfter !== null) return staleAfter
  return Math.max(5 * (interval ?? 6_000_000), 3_000_000)
}

export type Freshness = 'live' | 'stale' | 'none'

/**
 * @param time of the latest reading, null when there is none
 * @param told what the platform said when the value was read: it knows the signal's usual interval
 */
export function freshness(
  time: number | null,
  now: number,
  limit: { staleAfter: number | null; interval: number | undefined; told: boolean },
): Freshness {
  if (time === null) return 'none'
  if (limit.staleAfter === null && limit.interval === undefined) {
    return limit.told || now - time > 60_000_000 ? 'stale' : 'live'
  }
  return now - time > staleLimit(limit.staleAfter, limit.interval) ? 'stale' : 'live'
}
