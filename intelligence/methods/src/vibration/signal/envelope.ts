import { vibrationErrors } from '../errors.ts'
import { fourier, inverseComplex, powerOfTwo } from './fourier.ts'
import { type Spectrum, spectrum } from './spectrum.ts'
import { conditioned, type Waveform } from './waveform.ts'

/** Hz. */
export interface Band {
  readonly from: number
  readonly to: number
}

/** The bins of a waveform, so that several bands can be taken out of one transform. */
export interface Transformed {
  readonly bins: Float64Array
  readonly samples: number
  readonly sampleRate: number
}

/** Part of the waveform at each end that is faded in and out: a sudden end would ring in every band. */
const FADE = 1 / 40

export function transformed(waveform: Waveform): Transformed {
  const { samples, sampleRate } = conditioned(waveform)
  const fade = Math.ceil(FADE * samples.length)
  for (let i = 0; i < fade; i++) {
    const gain = Math.sin((Math.PI / 2) * ((i + 0.5) / fade)) ** 2
    samples[i]! *= gain
    samples[samples.length - 1 - i]! *= gain
  }
  return { bins: fourier(samples), samples: samples.length, sampleRate }
}

/**
 * Squared envelope of a band: |x + i H(x)|² of the band-passed waveform (H: Hilbert transform), from the positive
 * frequencies alone, shifted to zero and sampled no faster than its bandwidth asks for (twice the band, as the square
 * is twice as wide). The band's edges are cosines over an eighth of it: sharp ones ring. The faded ends of the
 * waveform, a fortieth each, are left out.
 * @throws MW-VIBRATION-0005 when the band holds fewer than eight lines
 */
export function squaredEnvelope({ bins, samples, sampleRate }: Transformed, { from, to }: Band): Waveform {
  const size = bins.length - 2
  const step = sampleRate / size
  const low = Math.max(1, Math.ceil(from / step))
  const high = Math.min(size / 2 - 1, Math.floor(to / step))
  const count = high - low + 1
  if (!(count >= 8)) throw vibrationErrors.band({ from, to, limit: sampleRate / 2, step })
  const length = Math.min(size, powerOfTwo(2 * count))
  const shifted = new Float64Array(2 * length)
  const edge = Math.max(1, Math.floor(count / 8))
  for (let k = 0; k < count; k++) {
    const inside = Math.min(k, count - 1 - k) + 1
    const gain = inside > edge ? 1 : Math.sin((Math.PI / 2) * (inside / (edge + 1))) ** 2
    shifted[2 * k] = gain * bins[2 * (low + k)]!
    shifted[2 * k + 1] = gain * bins[2 * (low + k) + 1]!
  }
  const complex = inverseComplex(shifted)
  // The inverse transform divides by `length`, the bins were made over `size`; positive frequencies alone are half.
  const scale = (2 * length) / size
  const first = Math.ceil((FADE * samples * length) / size)
  const last = Math.floor(((1 - FADE) * samples * length) / size)
  const squared = new Float64Array(Math.max(0, last - first))
  for (let i = 0; i < squared.length; i++) {
    const at = 2 * (first + i)
    squared[i] = (complex[at]! ** 2 + complex[at + 1]! ** 2) * scale * scale
  }
  return { samples: squared, sampleRate: (sampleRate * length) / size }
}

/** Envelope of a band in the unit of the waveform: 1 for a sine of amplitude 1 in the band. */
export function envelope(waveform: Waveform, band: Band): Waveform {
  const squared = squaredEnvelope(transformed(waveform), band)
  return { samples: squared.samples.map(Math.sqrt), sampleRate: squared.sampleRate }
}

/**
 * Spectrum of the envelope (amplitude demodulation): impacts that ring in the band show as lines at their rate and its
 * harmonics (Randall and Antoni, "Rolling element bearing diagnostics - a tutorial", MSSP 25, 2011).
 * @param to Hz, highest line kept
 */
export function envelopeSpectrum(waveform: Waveform, band: Band, to: number): Spectrum {
  const demodulated = envelope(waveform, band)
  return spectrum(demodulated, { to: Math.min(to, demodulated.sampleRate / 2) })
}
