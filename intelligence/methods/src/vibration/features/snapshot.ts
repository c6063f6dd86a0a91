import { squaredEnvelope, transformed } from '../signal/envelope.ts'
import { integratedSpectrum } from '../signal/integrate.ts'
import { kurtogramOf, mostImpulsive } from '../signal/kurtogram.ts'
import { bandRms, spectrum } from '../signal/spectrum.ts'
import { waveformStatistics } from '../signal/statistics.ts'
import { conditioned, type Waveform } from '../signal/waveform.ts'

/** Octaves below the highest frequency, the lowest taking all that is left. */
const OCTAVES = 6

/** What {@link snapshotFeatures} gives, in its order. */
export const snapshotFeatureNames: readonly string[] = [
  'rms',
  'peak',
  'crest',
  'kurtosis',
  'skewness',
  'velocity rms',
  ...Array.from({ length: OCTAVES }, (_, n) => `band ${n + 1} of ${OCTAVES} rms`),
  'highest spectral kurtosis',
  'envelope rms',
  'envelope modulation',
  'envelope line',
]

/**
 * One row of condition figures for a recording, for trends and remaining life: amplitudes in the unit of the waveform
 * (m/s²), velocity in mm/s from 10 Hz to 1 kHz, band 1 the lowest. `envelope modulation` is the standard deviation of
 * the squared envelope of the most impulsive band over its mean (1 for noise), `envelope line` its largest spectral
 * line over the median line.
 * @throws MW-VIBRATION-0001 to 0005
 */
export function snapshotFeatures(waveform: Waveform): Float64Array {
  const clean = conditioned(waveform)
  const figures = waveformStatistics(clean)
  const lines = spectrum(clean)
  const top = clean.sampleRate / 2
  const bands = Array.from({ length: OCTAVES }, (_, n) => {
    const to = top / 2 ** (OCTAVES - 1 - n)
    return bandRms(lines, n === 0 ? 0 : to / 2, to)
  })
  const of = transformed(clean)
  const band = mostImpulsive(kurtogramOf(of)) ?? { from: 0, to: top, kurtosis: 0 }
  const demodulated = squaredEnvelope(of, band)
  const squared = demodulated.samples
  const mean = squared.reduce((sum, each) => sum + each, 0) / squared.length
  const variance = squared.reduce((sum, each) => sum + (each - mean) ** 2, 0) / squared.length
  return Float64Array.of(
    figures.rms,
    figures.peak,
    figures.crest,
    figures.kurtosis,
    figures.skewness,
    1e3 * bandRms(integratedSpectrum(lines, 1), 10, Math.min(1000, top)),
    ...bands,
    band.kurtosis,
    Math.sqrt(mean / 2),
    mean === 0 ? 0 : Math.sqrt(variance) / mean,
    largestLine(demodulated),
  )
}

function largestLine(demodulated: Waveform): number {
  const lines = spectrum(demodulated).amplitude.slice(1)
  const median = lines.slice().sort()[lines.length >> 1]!
  return median === 0 ? 0 : lines.reduce((most, each) => Math.max(most, each), 0) / median
}
