import { vibrationErrors } from '../errors.ts'
import { fourier, powerOfTwo } from './fourier.ts'
import { conditioned, duration, LEAST_SAMPLES, type Waveform } from './waveform.ts'
import { type WindowName, windowOf } from './window.ts'

/** One-sided: line k lies at `first + k * step` Hz. */
export interface Spectrum {
  readonly first: number
  /** Hz between two lines. */
  readonly step: number
  /**
   * Peak amplitude in the unit of the waveform, corrected for the window: a sine of amplitude 1 on a line shows as 1.
   */
  readonly amplitude: Float64Array
  /** Equivalent noise bandwidth of one line, Hz: what turns amplitudes into energy. */
  readonly noiseBandwidth: number
  readonly averages: number
}

export interface SpectrumSettings {
  /** Hz: lines this far apart are told apart; the longest that the waveform allows when left out. */
  readonly resolution?: number
  readonly window?: WindowName
  /** Part of a segment that the next one repeats: 0 to 0.9. */
  readonly overlap?: number
  /** Hz: only these lines are kept. */
  readonly from?: number
  readonly to?: number
}

/**
 * Amplitude spectrum by Welch's method (IEEE Trans. Audio Electroacoustics 15, 1967): segments of 1/resolution seconds,
 * windowed, their squares averaged.
 * @throws MW-VIBRATION-0001 to 0006
 */
export const spectrum = (waveform: Waveform, settings: SpectrumSettings = {}): Spectrum =>
  spectrumOf(conditioned(waveform), settings)

/** {@link spectrum} of a waveform that is known to be conditioned. */
export function spectrumOf(waveform: Waveform, settings: SpectrumSettings = {}): Spectrum {
  const { samples, sampleRate } = waveform
  const { window: name = 'hann', overlap = 0.5 } = settings
  const length = segmentLength(waveform, settings.resolution)
  const size = powerOfTwo(length)
  const weights = windowOf(name, length)
  const hop = Math.max(1, Math.round(length * (1 - Math.min(0.9, Math.max(0, overlap)))))
  const power = new Float64Array(size / 2 + 1)
  const segment = new Float64Array(size)
  let averages = 0
  for (let start = 0; start + length <= samples.length; start += hop) {
    for (let i = 0; i < length; i++) segment[i] = samples[start + i]! * weights[i]!
    const bins = fourier(segment, size)
    for (let k = 0; k < power.length; k++) power[k]! += bins[2 * k]! ** 2 + bins[2 * k + 1]! ** 2
    averages++
  }
  let sum = 0
  let squares = 0
  for (const weight of weights) {
    sum += weight
    squares += weight * weight
  }
  const last = power.length - 1
  const amplitude = power.map((p, k) => (Math.sqrt(p / averages) * (k === 0 || k === last ? 1 : 2)) / sum)
  const noiseBandwidth = (sampleRate * squares) / (sum * sum)
  const whole: Spectrum = { first: 0, step: sampleRate / size, amplitude, noiseBandwidth, averages }
  return settings.from === undefined && settings.to === undefined ? whole : cropped(whole, settings)
}

function segmentLength(waveform: Waveform, resolution: number | undefined): number {
  if (resolution === undefined) return waveform.samples.length
  const length = Math.round(waveform.sampleRate / resolution)
  if (!(length <= waveform.samples.length))
    throw vibrationErrors.resolution({ wanted: resolution, seconds: 1 / resolution, lasts: duration(waveform) })
  return Math.max(LEAST_SAMPLES, length)
}

function cropped(whole: Spectrum, { from = 0, to = Number.POSITIVE_INFINITY }: SpectrumSettings): Spectrum {
  const low = Math.max(0, Math.ceil(from / whole.step))
  const high = Math.min(whole.amplitude.length - 1, Math.floor(to / whole.step))
  if (!(low <= high)) throw outside(whole, from, to)
  return { ...whole, first: low * whole.step, amplitude: whole.amplitude.slice(low, high + 1) }
}

/**
 * RMS of what lies between two frequencies, in the unit of the spectrum, by the energy of its lines.
 * @throws MW-VIBRATION-0005 when no line lies between them
 */
export function bandRms(of: Spectrum, from: number, to: number): number {
  const low = Math.max(0, Math.ceil((from - of.first) / of.step))
  const high = Math.min(of.amplitude.length - 1, Math.floor((to - of.first) / of.step))
  if (!(low <= high)) throw outside(of, from, to)
  let squares = 0
  for (let k = low; k <= high; k++) squares += of.amplitude[k]! ** 2
  return Math.sqrt((squares / 2) * (of.step / of.noiseBandwidth))
}

const outside = (of: Spectrum, from: number, to: number) =>
  vibrationErrors.band({ from, to, limit: of.first + (of.amplitude.length - 1) * of.step, step: of.step })
