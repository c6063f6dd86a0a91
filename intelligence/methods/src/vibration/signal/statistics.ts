import { conditioned, type Waveform } from './waveform.ts'

export interface WaveformStatistics {
  /** In the unit of the waveform, about its mean. */
  readonly rms: number
  readonly peak: number
  readonly peakToPeak: number
  /** Peak over RMS: 1.41 for a sine, about 4 for noise, more for impacts. */
  readonly crest: number
  /** Fourth moment over the squared second: 1.5 for a sine, 3 for noise, more for impacts. */
  readonly kurtosis: number
  readonly skewness: number
}

/** @throws MW-VIBRATION-0001 to 0004 */
export function waveformStatistics(waveform: Waveform): WaveformStatistics {
  const { samples } = conditioned(waveform)
  let second = 0
  let third = 0
  let fourth = 0
  let low = 0
  let high = 0
  for (const x of samples) {
    const square = x * x
    second += square
    third += square * x
    fourth += square * square
    if (x < low) low = x
    if (x > high) high = x
  }
  const n = samples.length
  const variance = second / n
  const rms = Math.sqrt(variance)
  const peak = Math.max(high, -low)
  return {
    rms,
    peak,
    peakToPeak: high - low,
    crest: peak / rms,
    kurtosis: fourth / n / variance ** 2,
    skewness: third / n / variance ** 1.5,
  }
}
