import { fourier, inverseFourier, powerOfTwo } from './fourier.ts'
import type { Spectrum } from './spectrum.ts'
import { conditioned, type Waveform } from './waveform.ts'

/** How often acceleration is integrated: once for velocity, twice for displacement. */
export type Integrations = 1 | 2

/**
 * Velocity (m/s) or displacement (m) of an acceleration (m/s²), by division by iω in the frequency domain. Only what
 * lies between `from` and `to` Hz is kept: below, an accelerometer's noise grows without bound when integrated.
 */
export function integrated(waveform: Waveform, times: Integrations, from: number, to: number): Waveform {
  const { samples, sampleRate } = conditioned(waveform)
  // Twice the length: what a filter rings around the end must not come back at the beginning.
  const size = powerOfTwo(2 * samples.length)
  const bins = fourier(samples, size)
  const step = sampleRate / size
  for (let k = 0; 2 * k < bins.length; k++) {
    const omega = 2 * Math.PI * k * step
    const real = bins[2 * k]!
    const imaginary = bins[2 * k + 1]!
    const kept = k > 0 && k * step >= from && k * step <= to
    bins[2 * k] = !kept ? 0 : times === 1 ? imaginary / omega : -real / omega ** 2
    bins[2 * k + 1] = !kept ? 0 : times === 1 ? -real / omega : -imaginary / omega ** 2
  }
  return { samples: inverseFourier(bins).slice(0, samples.length), sampleRate }
}

/**
 * The spectrum of velocity or displacement out of that of acceleration; the line at 0 Hz, which has none, becomes 0.
 */
export function integratedSpectrum(of: Spectrum, times: Integrations): Spectrum {
  const amplitude = of.amplitude.map((a, k) => {
    const omega = 2 * Math.PI * (of.first + k * of.step)
    return omega === 0 ? 0 : a / omega ** times
  })
  return { ...of, amplitude }
}
