import type { Micros } from '@millwright/foundation'

/** Where readings usually come every `usual` µs, a pause of more than five of these is a gap. */
const PAUSE = 5

/** The median distance of neighbouring times; undefined for fewer than three. */
export function medianInterval(times: readonly Micros[]): Micros | undefined {
  if (times.length < 3) return undefined
  const gaps = times.slice(1).map((time, i) => time - times[i]!)
  gaps.sort((a, b) => a - b)
  return gaps[gaps.length >> 1]
}

/**
 * Puts an empty row (`undefined` in `rows`) into each pause longer than `longest`, half way, so that a chart breaks its
 * line there. `times` rises; answers for each row of the result its time and the index of the row it came from.
 */
export function withGaps(times: readonly Micros[], longest: Micros): { time: Micros[]; from: (number | undefined)[] } {
  const time: Micros[] = []
  const from: (number | undefined)[] = []
  for (const [i, at] of times.entries()) {
    const before = times[i - 1]
    if (before !== undefined && at - before > longest) {
      time.push(before + Math.floor((at - before) / 2))
      from.push(undefined)
    }
    time.push(at)
    from.push(i)
  }
  return { time, from }
}

/** The pause from which a line breaks: as announced for the signal, or by its usual pace, but never within a row. */
export function longestPause(staleAfter: Micros | null, usual: Micros | undefined, step: Micros): Micros {
  const announced = staleAfter ?? (usual === undefined ? Infinity : usual * PAUSE)
  return Math.max(announced, step * 1.5)
}
