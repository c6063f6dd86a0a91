import type { Frame } from '../../series/frame.ts'
import type { AnomalyModel } from '../model.ts'
import type { AnomalyLabel } from '../normal/history.ts'
import { anomalyScorer } from '../scorer.ts'

/** From this similarity on, two episodes are said to look alike. */
const ALIKE = 0.8
/** Labelled episodes kept in a model at most: the latest. */
const MOST_KNOWN = 200

export interface Resemblance {
  /** What a person called it. */
  readonly name: string
  readonly from: number
  readonly to: number
  /** 0 to 1. */
  readonly similarity: number
}

/** The episode with a name that has the most similar fingerprint; undefined when none is alike. */
export function resemblance(shares: Float64Array, known: AnomalyModel['known']): Resemblance | undefined {
  let best: Resemblance | undefined
  for (const { name, from, to, shares: other } of known) {
    const similarity = cosine(shares, other)
    if (similarity >= ALIKE && similarity > (best?.similarity ?? 0)) best = { name, from, to, similarity }
  }
  return best
}

/** Cosine of the angle between two fingerprints (Salton & McGill 1983): 1 for the same signals in the same shares, 0 for none in common. */
export function cosine(a: Float64Array, b: Float64Array): number {
  let [ab, aa, bb] = [0, 0, 0]
  for (let j = 0; j < a.length; j++) {
    ab += a[j]! * b[j]!
    aa += a[j]! ** 2
    bb += b[j]! ** 2
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0
}

/** Fingerprints of the spans that a person has named, as the new model sees them. */
export function knownEpisodes(
  model: AnomalyModel,
  frame: Frame,
  labels: readonly AnomalyLabel[],
): AnomalyModel['known'] {
  const named = labels.filter(({ verdict, what }) => verdict === 'anomaly' && what !== undefined).slice(-MOST_KNOWN)
  if (named.length === 0) return []
  const { contributions, times, raw } = anomalyScorer(model).score(frame)
  const width = model.signals.length
  return named.flatMap(({ from, to, what }) => {
    const shares = new Float64Array(width)
    let weight = 0
    for (let row = 0; row < times.length; row++) {
      if (times[row]! < from || times[row]! > to) continue
      // Rows at the edges of a label are half normal: the strange ones say what it was.
      weight += raw[row]!
      for (let j = 0; j < width; j++) shares[j]! += raw[row]! * contributions[row * width + j]!
    }
    return weight > 0 ? [{ name: what!, from, to, shares: shares.map((share) => share / weight) }] : []
  })
}
