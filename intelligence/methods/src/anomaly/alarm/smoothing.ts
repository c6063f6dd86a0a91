/** How many times faster the score falls than it rises: an episode is a lasting thing, and over when it is over. */
const FALL = 4

/** The next level of a score that is smoothed over about so many rows. */
export function nextLevel(level: number, score: number, rows: number): number {
  const rise = 2 / (rows + 1)
  return level + (score < level ? Math.min(1, FALL * rise) : rise) * (score - level)
}

/** The levels of scores in order, begun at 0; NaN counts as 0. */
export function smoothed(scores: Float64Array, rows: number): Float64Array {
  let level = 0
  return scores.map((score) => {
    level = nextLevel(level, Number.isNaN(score) ? 0 : score, rows)
    return level
  })
}
