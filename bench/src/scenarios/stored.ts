import type { Platform } from '../platform/start.ts'
import { allSignals } from '../platform/viewer.ts'

const SIGNALS_AT_ONCE = 50
const MINUTE = 60_000_000

/** Points of all signals since then, as queries count them: a point that were stored twice would count once, a lost one not. */
export async function storedPoints(platform: Platform, since: number): Promise<number> {
  const ids = (await allSignals(platform)).map(({ id }) => id)
  const from = Math.floor(since / MINUTE) * MINUTE
  const to = Date.now() * 1000 + MINUTE
  let points = 0
  for (let at = 0; at < ids.length; at += SIGNALS_AT_ONCE) {
    const signals = ids.slice(at, at + SIGNALS_AT_ONCE)
    const { series } = await platform.client.querySeries({ body: { signals, from, to, resolution: '1m' } })
    for (const each of series) points += each.points
  }
  return points
}
