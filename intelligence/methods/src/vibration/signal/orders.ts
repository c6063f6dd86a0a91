import { vibrationErrors } from '../errors.ts'
import { type Spectrum, type SpectrumSettings, spectrum } from './spectrum.ts'
import { conditioned, duration, type Waveform } from './waveform.ts'

/** Speed over the recording: `frequency[n]` Hz at `times[n]` seconds after the first sample, times ascending. */
export interface SpeedTrack {
  readonly times: Float64Array
  readonly frequency: Float64Array
}

/**
 * Speed from the pulses of a tacho.
 * @param pulses seconds after the first sample of the waveform, ascending
 * @throws MW-VIBRATION-0010 when there are fewer than two turns, or they do not ascend
 */
export function speedOfPulses(pulses: Float64Array, perTurn: number): SpeedTrack {
  if (!(Number.isInteger(perTurn) && perTurn >= 1))
    throw vibrationErrors.pulses({ reason: `${perTurn} marks per turn` })
  if (pulses.length < 2 * perTurn + 1) throw vibrationErrors.pulses({ reason: 'they cover fewer than two turns' })
  const times = new Float64Array(pulses.length - perTurn)
  const frequency = new Float64Array(times.length)
  for (let n = 0; n < times.length; n++) {
    // Over whole turns: the marks on a shaft are never quite evenly apart.
    const turn = pulses[n + perTurn]! - pulses[n]!
    if (!(turn > 0)) throw vibrationErrors.pulses({ reason: `pulse ${n + perTurn} does not come after the one before` })
    times[n] = (pulses[n]! + pulses[n + perTurn]!) / 2
    frequency[n] = 1 / turn
  }
  return { times, frequency }
}

/**
 * Computed order tracking (Fyfe and Munck, MSSP 11, 1997): the waveform resampled at equal steps of shaft angle, so
 * that what turns with the shaft stays one line while the speed changes. Angle by the integral of the speed (linear
 * between its values), samples by cubic interpolation.
 * @param perTurn samples per turn; orders up to half of it show, if the sample rate allows
 * @returns a waveform whose sample rate counts samples per turn: its spectrum is in orders
 * @throws MW-VIBRATION-0009 when the speed does not cover the waveform, or is not above zero
 */
export function byAngle(waveform: Waveform, speed: SpeedTrack, perTurn: number): Waveform {
  const { samples, sampleRate } = conditioned(waveform)
  checkSpeed(speed, duration(waveform), sampleRate, perTurn)
  const angles = new Float64Array(samples.length)
  let at = 0
  for (let i = 1; i < samples.length; i++) {
    const middle = (i - 0.5) / sampleRate
    while (at < speed.times.length - 2 && speed.times[at + 1]! <= middle) at++
    angles[i] = angles[i - 1]! + interpolated(speed, at, middle) / sampleRate
  }
  const turned = new Float64Array(Math.floor(angles.at(-1)! * perTurn))
  let i = 0
  for (let n = 0; n < turned.length; n++) {
    const angle = n / perTurn
    while (i < samples.length - 2 && angles[i + 1]! <= angle) i++
    turned[n] = cubic(samples, i, (angle - angles[i]!) / (angles[i + 1]! - angles[i]!))
  }
  return { samples: turned, sampleRate: perTurn }
}

/** Spectrum in orders: `step` and `first` count turns of the shaft instead of Hz. */
export const orderSpectrum = (
  waveform: Waveform,
  speed: SpeedTrack,
  perTurn: number,
  settings?: SpectrumSettings,
): Spectrum => spectrum(byAngle(waveform, speed, perTurn), settings)

function checkSpeed({ times, frequency }: SpeedTrack, lasts: number, sampleRate: number, perTurn: number): void {
  if (times.length === 0 || times.length !== frequency.length)
    throw vibrationErrors.speed({ reason: `it has ${times.length} times and ${frequency.length} values` })
  // A track of one value is a constant speed; of more, it may end one mean step before the recording does.
  const slack = times.length === 1 ? Number.POSITIVE_INFINITY : (2 * (times.at(-1)! - times[0]!)) / (times.length - 1)
  if (times[0]! > slack || times.at(-1)! < lasts - slack)
    throw vibrationErrors.speed({
      reason: `it covers ${times[0]!.toFixed(2)} to ${times.at(-1)!.toFixed(2)} s of ${lasts.toFixed(2)} s`,
    })
  for (let n = 0; n < times.length; n++) {
    if (!(frequency[n]! > 0)) throw vibrationErrors.speed({ reason: `it is ${frequency[n]} Hz at ${times[n]} s` })
    if (frequency[n]! * perTurn > 4 * sampleRate)
      throw vibrationErrors.speed({
        reason: `${perTurn} samples per turn at ${frequency[n]} Hz are more than the waveform has`,
      })
    if (n > 0 && !(times[n]! > times[n - 1]!)) throw vibrationErrors.speed({ reason: 'its times do not ascend' })
  }
}

/** Constant before the first value and after the last. */
function interpolated({ times, frequency }: SpeedTrack, at: number, time: number): number {
  if (times.length === 1 || time <= times[0]!) return frequency[0]!
  if (time >= times.at(-1)!) return frequency.at(-1)!
  const part = (time - times[at]!) / (times[at + 1]! - times[at]!)
  return frequency[at]! + part * (frequency[at + 1]! - frequency[at]!)
}

/** Catmull-Rom through the four samples around `i` + `part`. */
function cubic(samples: Float64Array, i: number, part: number): number {
  const b = samples[i]!
  const c = samples[Math.min(i + 1, samples.length - 1)]!
  const a = samples[Math.max(0, i - 1)]!
  const d = samples[Math.min(i + 2, samples.length - 1)]!
  return b + 0.5 * part * (c - a + part * (2 * a - 5 * b + 4 * c - d + part * (3 * (b - c) + d - a)))
}
