/** One input's part in a prediction: what a sentence is made of. */
export interface Contribution {
  readonly name: string
  /** NaN where the input was missing. */
  readonly value: number
  /** In units of the score that is explained; above 0 it pushed the score up. */
  readonly contribution: number
  /** Of all contributions by their size, 0 to 1. */
  readonly share: number
}

/** The inputs that moved a prediction most, the strongest first; none that did nothing. */
export function topContributions(
  names: readonly string[],
  values: ArrayLike<number>,
  contributions: ArrayLike<number>,
  count: number,
): Contribution[] {
  const all = names.map((name, at) => ({ name, value: values[at]!, contribution: contributions[at]! }))
  const sum = all.reduce((total, { contribution }) => total + Math.abs(contribution), 0)
  return all
    .filter(({ contribution }) => contribution !== 0)
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
    .slice(0, count)
    .map((each) => ({ ...each, share: Math.abs(each.contribution) / sum }))
}
