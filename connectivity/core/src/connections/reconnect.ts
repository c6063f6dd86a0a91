import type { Micros } from '@millwright/foundation'

const SHORTEST: Micros = 500_000
const LONGEST: Micros = 30_000_000

/**
 * How long to wait before the next attempt to reach a peer: 0.5 s, doubled with each failure up to 30 s, of it a random
 * part (from half to all), so that a hundred connections do not come back in the same instant.
 * @param failures attempts that failed in a row, 1 or more
 * @param random 0 <= n < 1
 */
export function reconnectWait(failures: number, random: () => number): Micros {
  const whole = Math.min(LONGEST, SHORTEST * 2 ** Math.min(failures, 16))
  return Math.round(whole * (0.5 + random() / 2))
}
