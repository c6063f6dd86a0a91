import { type Band, squaredEnvelope, type Transformed, transformed } from './envelope.ts'
import type { Waveform } from './waveform.ts'

/** One cell of the kurtogram. */
export interface KurtogramBand extends Band {
  /** 0: the whole band in one; the number of bands is 2^level, and 3 times a power of two for the .6 levels. */
  readonly level: number
  /** Excess of the spectral kurtosis: 0 for stationary noise, -1 for a sine, large for impacts. */
  readonly kurtosis: number
}

export interface KurtogramSettings {
  /** Hz: bands narrower than this cannot carry the rates looked for, and are left out. */
  readonly narrowest?: number
}

/** A band of fewer independent envelope values than this has a kurtosis of chance. */
const LEAST_VALUES = 100
const DEEPEST = 6
/** A band with less than this part of the power holds rounding, not vibration. */
const EMPTY = 1e-9

/**
 * Fast kurtogram: spectral kurtosis of the complex envelope over the 1/3-binary tree of bands of J. Antoni, "Fast
 * computation of the kurtogram for the detection of transient faults", MSSP 21, 2007 (online 2006). The tree and the
 * statistic are the paper's; the bands are cut out in the frequency domain rather than by its chain of FIR filters.
 * @returns all bands looked at, level by level
 */
export function kurtogram(waveform: Waveform, settings: KurtogramSettings = {}): KurtogramBand[] {
  return kurtogramOf(transformed(waveform), settings)
}

export function kurtogramOf(of: Transformed, { narrowest = 0 }: KurtogramSettings = {}): KurtogramBand[] {
  const top = of.sampleRate / 2
  const seconds = of.samples / of.sampleRate
  const empty = EMPTY * moments(squaredEnvelope(of, { from: 0, to: top }).samples).power
  const found: KurtogramBand[] = []
  for (let level = 0; level <= DEEPEST; level++) {
    for (const [name, count] of partitions(level)) {
      const width = top / count
      if (width < narrowest || width * seconds < LEAST_VALUES) continue
      for (let n = 0; n < count; n++) {
        const band = { from: n * width, to: (n + 1) * width }
        const { power, kurtosis } = moments(squaredEnvelope(of, band).samples)
        if (power > empty) found.push({ ...band, level: name, kurtosis })
      }
    }
  }
  return found
}

/** The band whose envelope is the most impulsive; undefined when the waveform is too short for any. */
export function mostImpulsive(bands: readonly KurtogramBand[]): KurtogramBand | undefined {
  return bands.reduce<KurtogramBand | undefined>(
    (best, each) => (each.kurtosis > (best?.kurtosis ?? -2) ? each : best),
    undefined,
  )
}

const partitions = (level: number): [number, number][] =>
  level === 0
    ? [[0, 1]]
    : level === 1
      ? [[1, 2]]
      : [
          [level - 0.4, 3 * 2 ** (level - 2)],
          [level, 2 ** level],
        ]

/** Of a complex envelope c given as |c|²: E|c|², and E|c|⁴ / (E|c|²)² - 2. */
function moments(squared: Float64Array): { power: number; kurtosis: number } {
  let second = 0
  let fourth = 0
  for (const value of squared) {
    second += value
    fourth += value * value
  }
  return { power: second / squared.length, kurtosis: (fourth * squared.length) / second ** 2 - 2 }
}
