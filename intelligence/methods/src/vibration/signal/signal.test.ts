import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MillwrightError } from '@millwright/foundation'
import fc from 'fast-check'
import { SimulatedMachine } from '../testing/machine.ts'
import { powerCepstrum, prewhitened, withoutHarmonics } from './cepstrum.ts'
import { envelope, envelopeSpectrum } from './envelope.ts'
import { fourier, inverseFourier } from './fourier.ts'
import { integrated, integratedSpectrum } from './integrate.ts'
import { kurtogram, mostImpulsive } from './kurtogram.ts'
import { byAngle, orderSpectrum, speedOfPulses } from './orders.ts'
import { spectrogram } from './spectrogram.ts'
import { bandRms, type Spectrum, spectrum } from './spectrum.ts'
import { waveformStatistics } from './statistics.ts'
import type { Waveform } from './waveform.ts'
import type { WindowName } from './window.ts'

const RATE = 8192

const made = (seconds: number, value: (t: number) => number, sampleRate = RATE): Waveform => ({
  samples: Float64Array.from({ length: Math.round(seconds * sampleRate) }, (_, i) => value(i / sampleRate)),
  sampleRate,
})
const sine = (frequency: number, amplitude = 1) => made(1, (t) => amplitude * Math.sin(2 * Math.PI * frequency * t))
const near = (actual: number, expected: number, part: number, what = '') =>
  assert.ok(Math.abs(actual - expected) <= part * Math.abs(expected), `${what} ${actual} is not about ${expected}`)
const code = (number: string) => (error: unknown) =>
  error instanceof MillwrightError && error.code === `MW-VIBRATION-${number}`
const peak = ({ amplitude, first, step }: Spectrum) => {
  let at = 1
  for (let k = 1; k < amplitude.length; k++) if (amplitude[k]! > amplitude[at]!) at = k
  return { frequency: first + at * step, amplitude: amplitude[at]! }
}

describe('the Fourier transform', () => {
  it('is the sum that defines it, and its inverse brings the samples back', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 2, maxLength: 16 }), (values) => {
        const bins = fourier(Float64Array.from(values), 16)
        for (let k = 0; k <= 8; k++) {
          const real = values.reduce((sum, x, i) => sum + x * Math.cos((2 * Math.PI * k * i) / 16), 0)
          const imaginary = values.reduce((sum, x, i) => sum - x * Math.sin((2 * Math.PI * k * i) / 16), 0)
          assert.ok(Math.hypot(bins[2 * k]! - real, bins[2 * k + 1]! - imaginary) < 1e-9)
        }
        const back = inverseFourier(bins)
        values.forEach((x, i) => {
          assert.ok(Math.abs(back[i]! - x) < 1e-9)
        })
      }),
      { numRuns: 50 },
    )
  })
})

describe('a spectrum', () => {
  it('shows a sine at its frequency with its amplitude, whatever the window', () => {
    for (const window of ['rectangular', 'hann', 'flat-top'] satisfies WindowName[]) {
      const top = peak(spectrum(sine(440, 2.5), { window }))
      near(top.frequency, 440, 1e-9, window)
      near(top.amplitude, 2.5, 1e-3, window)
    }
  })

  it('reads the amplitude of a sine between two lines right with a flat top', () => {
    near(peak(spectrum(sine(440.5, 2.5), { window: 'flat-top', resolution: 2 })).amplitude, 2.5, 0.002)
  })

  it('keeps the energy: the RMS of all its lines is the RMS of the waveform (Parseval)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 3000, max: 9000 }), (seed, length) => {
        const whole = new SimulatedMachine(seed, { sampleRate: RATE, seconds: length / RATE, noise: 1 })
          .tone(400, 2)
          .waveform()
        for (const resolution of [8, 20]) {
          const lines = spectrum(whole, { resolution })
          near(bandRms(lines, 0, RATE / 2), waveformStatistics(whole).rms, 0.06)
        }
      }),
      { numRuns: 20 },
    )
  })

  it('zooms: a finer resolution parts two lines that a coarse one does not', () => {
    const two = made(4, (t) => Math.sin(2 * Math.PI * 100 * t) + Math.sin(2 * Math.PI * 102 * t))
    const valley = (resolution: number) => {
      const { amplitude, first, step } = spectrum(two, { resolution, from: 90, to: 110 })
      return amplitude[Math.round((101 - first) / step)]!
    }
    assert.ok(valley(0.25) < 0.05 && valley(8) > 0.5)
  })

  it('refuses what it cannot do in a sentence', () => {
    assert.throws(() => spectrum({ samples: new Float64Array(3).fill(1), sampleRate: 10 }), code('0001'))
    assert.throws(() => spectrum({ samples: sine(9).samples, sampleRate: 0 }), code('0002'))
    const gap = sine(9).samples
    gap[77] = Number.NaN
    assert.throws(() => spectrum({ samples: gap, sampleRate: RATE }), code('0003'))
    assert.throws(() => spectrum({ samples: new Float64Array(999).fill(4), sampleRate: RATE }), code('0004'))
    assert.throws(() => spectrum(sine(9), { from: 5000, to: 6000 }), code('0005'))
    assert.throws(() => spectrum(sine(9), { resolution: 0.1 }), code('0006'))
  })
})

describe('integration', () => {
  it('makes velocity and displacement of an acceleration, in time and in the spectrum', () => {
    const omega = 2 * Math.PI * 50
    for (const times of [1, 2] as const) {
      const expected = 3 / omega ** times
      near(peak(integratedSpectrum(spectrum(sine(50, 3)), times)).amplitude, expected, 1e-3)
      const inTime = integrated(sine(50, 3), times, 10, 1000)
      const middle = inTime.samples.slice(2000, 6000).reduce((most, x) => Math.max(most, Math.abs(x)), 0)
      near(middle, expected, 0.1)
    }
  })

  it('leaves out what lies below its band', () => {
    const drifting = made(1, (t) => Math.sin(2 * Math.PI * 50 * t) + 20 * Math.sin(2 * Math.PI * 2 * t))
    near(1000 * bandRms(integratedSpectrum(spectrum(drifting), 1), 10, 1000), 1000 / (100 * Math.PI * Math.SQRT2), 0.01)
  })
})

it('statistics are those of textbooks: a sine, a square, noise', () => {
  const of = waveformStatistics(sine(50, 2))
  near(of.rms, Math.SQRT2, 1e-6)
  near(of.crest, Math.SQRT2, 1e-3)
  near(of.kurtosis, 1.5, 1e-3)
  near(waveformStatistics(made(1, (t) => Math.sign(Math.sin(100 * t + 0.1)))).kurtosis, 1, 0.01)
  near(waveformStatistics(new SimulatedMachine(1, { seconds: 4 }).waveform()).kurtosis, 3, 0.03)
})

describe('the envelope', () => {
  it('is the modulation of a carrier', () => {
    const modulated = made(1, (t) => (1 + 0.5 * Math.cos(2 * Math.PI * 30 * t)) * Math.sin(2 * Math.PI * 2000 * t))
    const top = peak(envelopeSpectrum(modulated, { from: 1500, to: 2500 }, 200))
    near(top.frequency, 30, 0.02)
    near(top.amplitude, 0.5, 0.02)
    const { samples } = envelope(modulated, { from: 1500, to: 2500 })
    near(
      samples.reduce((most, x) => Math.max(most, x), 0),
      1.5,
      0.01,
    )
  })

  it('is taken by the kurtogram where impacts ring, wherever that is', () => {
    for (const resonance of [1800, 3400, 7000]) {
      const waveform = new SimulatedMachine(7, { noise: 1 })
        .tone(120, 5)
        .impacts(87, 8, { resonance, damping: 0.03 })
        .waveform()
      const band = mostImpulsive(kurtogram(waveform, { narrowest: 400 }))
      assert.ok(band && band.from <= 1.15 * resonance && band.to >= 0.85 * resonance, JSON.stringify(band))
      const wide = envelopeSpectrum(waveform, band, 300)
      near(peak(wide).frequency, 87, 0.02)
    }
  })
})

describe('the cepstrum', () => {
  it('gathers a family of harmonics at its spacing', () => {
    let family = new SimulatedMachine(3, { sampleRate: RATE, noise: 0.1 })
    for (let n = 1; n <= 60; n++) family = family.tone(50 * n, 1)
    const { values, sampleRate } = powerCepstrum(family.waveform())
    const from = Math.round(0.008 * sampleRate)
    let at = from
    for (let k = from; k < 0.03 * sampleRate; k++) if (values[k]! > values[at]!) at = k
    near(at / sampleRate, 1 / 50, 0.02)
  })

  it('lifts a family out and leaves the rest', () => {
    let family = new SimulatedMachine(5, { sampleRate: RATE, seconds: 2, noise: 0.05 })
    for (let n = 1; n <= 60; n++) family = family.tone(50 * n, 1)
    const before = family.tone(1234, 1).waveform()
    const after = spectrum(withoutHarmonics(before, [50]))
    const at = (frequency: number) => bandRms(after, frequency - 2, frequency + 2) * Math.SQRT2
    const left = [500, 1000, 1500, 2000].reduce((sum, frequency) => sum + at(frequency) / 4, 0)
    assert.ok(left < 0.5, `harmonics left: ${left}`)
    assert.ok(at(1234) > 2 * left, `the other line: ${at(1234)}`)
  })

  it('whitens: no line stands out any more', () => {
    const white = spectrum(prewhitened(new SimulatedMachine(2).tone(1000, 50).waveform()))
    assert.ok(peak(white).amplitude < 6 * bandRms(white, 0, 12_000) * Math.sqrt((2 * white.noiseBandwidth) / 12_000))
  })
})

describe('order tracking', () => {
  // A run-up from 10 to 30 Hz in 4 s; the phase is the integral of the speed.
  const turns = (t: number) => 10 * t + (20 / 8) * t * t
  const runUp = made(4, (t) => Math.sin(2 * Math.PI * 3 * turns(t)))

  it('keeps the third order one line while the speed triples', () => {
    const times = Float64Array.from({ length: 41 }, (_, n) => n / 10)
    const speed = { times, frequency: times.map((t) => 10 + 5 * t) }
    const top = peak(orderSpectrum(runUp, speed, 32))
    near(top.frequency, 3, 0.005)
    near(top.amplitude, 1, 0.02)
    assert.ok(peak(spectrum(runUp)).amplitude < 0.2, 'in Hz it is smeared')
  })

  it('takes the speed from tacho pulses', () => {
    const pulses = Float64Array.from({ length: 160 }, (_, n) => (-10 + Math.sqrt(100 + 10 * (n / 2))) / 5)
    const speed = speedOfPulses(pulses, 2)
    near(speed.frequency[100]!, 10 + 5 * speed.times[100]!, 0.001)
    near(peak(orderSpectrum(runUp, speed, 32)).frequency, 3, 0.005)
  })

  it('refuses a speed that does not cover the recording, or is none', () => {
    const short = { times: Float64Array.of(0, 0.1, 0.2), frequency: Float64Array.of(10, 10, 10) }
    assert.throws(() => byAngle(runUp, short, 32), code('0009'))
    assert.throws(() => byAngle(runUp, { times: Float64Array.of(0), frequency: Float64Array.of(0) }, 32), code('0009'))
    assert.throws(() => byAngle(runUp, { times: new Float64Array(), frequency: new Float64Array() }, 32), code('0009'))
    assert.throws(() => speedOfPulses(Float64Array.of(0, 1, 1, 2, 3), 1), code('0010'))
    assert.throws(() => speedOfPulses(Float64Array.of(0, 1), 1), code('0010'))
  })
})

it('a spectrogram shows when a tone sounds', () => {
  const late = made(2, (t) => (t < 1 ? 0 : Math.sin(2 * Math.PI * 500 * t)))
  const { times, step, rows, amplitude } = spectrogram(late, { resolution: 20, columns: 40, to: 1000 })
  const row = Math.round(500 / step)
  for (const [n, time] of times.entries()) {
    if (time < 0.9) assert.ok(amplitude[n * rows + row]! < 0.01)
    if (time > 1.1) near(amplitude[n * rows + row]!, 1, 0.05)
  }
})
