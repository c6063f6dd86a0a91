import type { Detector } from '../detector.ts'

/**
 * The Hampel identifier (Hampel, JASA 69 (1974) 383; Davies & Gather, JASA 88 (1993) 782): the signal that is the most robust
 * standard deviations from its median. Rows come centred and scaled by median and MAD, so there is nothing left to learn.
 */
export const robust: Detector = {
  source: 'Hampel 1974; Davies & Gather 1993',
  least: () => 20,
  fit: () => ({}),
  scorer: (_, width) => ({
    score(values, at, parts) {
      let most = 0
      for (let j = 0; j < width; j++) {
        const distance = Math.abs(values[at + j]!)
        parts[j] = distance * distance
        if (distance > most) most = distance
      }
      return most * most
    },
    reset() {},
  }),
}
