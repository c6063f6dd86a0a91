import { fourier, inverseFourier, powerOfTwo } from './fourier.ts'
import { conditioned, type Waveform } from './waveform.ts'

/** Value k lies at a quefrency of k / `sampleRate` seconds. */
export interface Cepstrum {
  readonly sampleRate: number
  readonly values: Float64Array
}

/** Bins smaller than this part of the largest are raised to it: the logarithm of nothing is no number. */
const FLOOR = 1e-10

/**
 * Power cepstrum: inverse transform of the logarithm of the power spectrum (Bogert, Healy and Tukey 1963; Randall, "A
 * history of cepstrum analysis", MSSP 97, 2017). A family of harmonics or sidebands f apart gathers at 1/f seconds.
 */
export function powerCepstrum(waveform: Waveform): Cepstrum {
  const { samples, sampleRate } = conditioned(waveform)
  const bins = fourier(samples, powerOfTwo(samples.length))
  const power = logPower(bins)
  const logs = new Float64Array(bins.length)
  for (let k = 0; k < power.length; k++) logs[2 * k] = power[k]!
  const values = inverseFourier(logs)
  return { sampleRate, values: values.slice(0, values.length / 2) }
}

/**
 * The waveform without the families of harmonics of the given spacings (Hz): a comb lifter that clears their
 * quefrencies and keeps each line's phase (Randall and Sawalhi, "A new method for separating discrete components from a
 * signal", 2011).
 */
export function withoutHarmonics(waveform: Waveform, spacings: readonly number[]): Waveform {
  const { samples, sampleRate } = conditioned(waveform)
  const bins = fourier(samples, powerOfTwo(samples.length))
  const before = logPower(bins)
  const logs = new Float64Array(bins.length)
  for (let k = 0; k < before.length; k++) logs[2 * k] = before[k]!
  const values = inverseFourier(logs)
  const size = values.length
  for (const spacing of spacings) {
    const period = sampleRate / spacing
    for (let n = 1; n * period < size / 2; n++) {
      // A real family is not quite regular: the further out, the wider it lies.
      const reach = Math.max(1, Math.round(0.002 * n * period))
      const middle = Math.round(n * period)
      for (let i = Math.max(1, middle - reach); i <= Math.min(size / 2 - 1, middle + reach); i++) {
        values[i] = 0
        values[size - i] = 0
      }
    }
  }
  const after = fourier(values)
  for (let k = 0; 2 * k < bins.length; k++) {
    const gain = Math.exp((after[2 * k]! - before[k]!) / 2)
    bins[2 * k]! *= gain
    bins[2 * k + 1]! *= gain
  }
  return { samples: inverseFourier(bins).slice(0, samples.length), sampleRate }
}

/**
 * The waveform with all its lines made equally strong (cepstral pre-whitening: Borghesani et al., MSSP 36, 2013): what
 * comes once a turn no longer hides what comes at random, and impacts stand out.
 */
export function prewhitened(waveform: Waveform): Waveform {
  const { samples, sampleRate } = conditioned(waveform)
  const bins = fourier(samples, powerOfTwo(samples.length))
  const power = logPower(bins)
  for (let k = 0; 2 * k < bins.length; k++) {
    const gain = Math.exp(-power[k]! / 2)
    bins[2 * k]! *= gain
    bins[2 * k + 1]! *= gain
  }
  return { samples: inverseFourier(bins).slice(0, samples.length), sampleRate }
}

function logPower(bins: Float64Array): Float64Array {
  const power = Float64Array.from({ length: bins.length / 2 }, (_, k) => bins[2 * k]! ** 2 + bins[2 * k + 1]! ** 2)
  const least = FLOOR * power.reduce((most, each) => Math.max(most, each), Number.MIN_VALUE)
  return power.map((each) => Math.log(Math.max(each, least)))
}
