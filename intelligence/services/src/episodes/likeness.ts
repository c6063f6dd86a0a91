import type { EpisodeFact } from '../kinds/kind.ts'

type Shares = EpisodeFact['signals']

/** From here on one episode is said to look like another. */
export const ALIKE = 0.8

/** How alike two episodes are by which signals make them: the cosine of their shares, 0 (nothing in common) to 1. */
export function likeness(a: Shares, b: Shares): number {
  const other = new Map(b.map(({ name, share }) => [name, share]))
  let dot = 0
  for (const { name, share } of a) dot += share * (other.get(name) ?? 0)
  const norm = (shares: Shares) => Math.sqrt(shares.reduce((sum, { share }) => sum + share * share, 0))
  const norms = norm(a) * norm(b)
  return norms > 0 ? dot / norms : 0
}
