import type { Random } from '../core/rng.ts'
import { BPFO } from './bearing.ts'

/** An accelerometer on the drive-end bearing housing, radial. */
export const SAMPLE_RATE = 25_600
export const SAMPLES = 4_096

const NOMINAL_SPEED = 303
/** Resonance of the housing that impacts excite: Hz, and damping ratio. */
const RESONANCE = 3_400
const DAMPING = 0.045
/** Slip makes the time between impacts stray by this part. */
const SLIP = 0.012
const VANES = 6
/** m/s² at nominal speed: 1×, 2×, 3×, 4× shaft. */
const HARMONICS = [0.42, 0.16, 0.09, 0.05] as const
const NOISE = 0.45

export interface VibrationCause {
  /** rad/s. */
  readonly speed: number
  /** Shaft angle at the first sample, rad, and the outer race's count of passes. */
  readonly angle: number
  readonly passes: number
  readonly wear: number
  /** 0 balanced, 1 grossly not. */
  readonly unbalance: number
  readonly cavitation: number
}

/**
 * Acceleration of the housing, m/s², SAMPLES long: shaft harmonics (unbalance grows the first with the square of speed),
 * vane passing, twice the line frequency, an impact at each pass of a ball over the spall, each ringing down in the
 * housing's resonance (McFadden and Smith's model with Antoni's slip jitter), cavitation as random bursts above 4 kHz, noise.
 */
export function vibration(cause: VibrationCause, random: Random): Float64Array {
  const wave = new Float64Array(SAMPLES)
  const ratio = cause.speed / NOMINAL_SPEED
  if (ratio < 0.02) {
    for (let i = 0; i < SAMPLES; i++) wave[i] = 0.02 * random.normal()
    return wave
  }
  addHarmonics(wave, cause, ratio)
  addImpacts(wave, cause, ratio, random)
  const noise = NOISE * ratio * (1 + 1.2 * cause.wear)
  for (let i = 0; i < SAMPLES; i++) wave[i]! += noise * random.normal()
  if (cause.cavitation > 0) addBursts(wave, cause.cavitation * ratio, random)
  return wave
}

function addHarmonics(wave: Float64Array, cause: VibrationCause, ratio: number): void {
  const square = ratio * ratio
  const looseness = 1 + 2.5 * cause.wear
  const parts = HARMONICS.map((amplitude, at) => ({
    amplitude: amplitude * square * (at === 0 ? 1 + 9 * cause.unbalance : looseness),
    order: at + 1,
  }))
  parts[0]!.amplitude *= 1 + 1.5 * cause.wear
  parts.push({ amplitude: 0.12 * square * (1 + 2 * cause.cavitation), order: VANES })
  for (const { amplitude, order } of parts) {
    const start = order * cause.angle + order
    const turn = (order * cause.speed) / SAMPLE_RATE
    for (let i = 0; i < SAMPLES; i++) wave[i]! += amplitude * Math.sin(start + turn * i)
  }
  const line = (2 * Math.PI * 100) / SAMPLE_RATE
  for (let i = 0; i < SAMPLES; i++) wave[i]! += 0.06 * Math.sin(line * i)
}

function addImpacts(wave: Float64Array, cause: VibrationCause, ratio: number, random: Random): void {
  if (cause.wear < 0.005) return
  const natural = 2 * Math.PI * RESONANCE
  const damped = natural * Math.sqrt(1 - DAMPING * DAMPING)
  const decay = DAMPING * natural
  const period = (2 * Math.PI) / (cause.speed * BPFO)
  const ring = Math.ceil((7 / decay) * SAMPLE_RATE)
  // The next pass is due when the count of passes reaches a whole number; those that still ring came before.
  let due = (1 - (cause.passes % 1)) * period - 2 * period
  while (due < SAMPLES / SAMPLE_RATE) {
    const at = due + SLIP * period * random.normal()
    const height = 46 * cause.wear * ratio * (1 + 0.2 * random.normal())
    const first = Math.max(0, Math.ceil(at * SAMPLE_RATE))
    const last = Math.min(SAMPLES, first + ring)
    for (let i = first; i < last; i++) {
      const t = i / SAMPLE_RATE - at
      wave[i]! += height * Math.exp(-decay * t) * Math.sin(damped * t)
    }
    due += period
  }
}

function addBursts(wave: Float64Array, strength: number, random: Random): void {
  const bursts = Math.round(120 * strength)
  for (let n = 0; n < bursts; n++) {
    const start = random.index(SAMPLES)
    const turn = (2 * Math.PI * random.between(4_000, 11_000)) / SAMPLE_RATE
    const height = 22 * strength * random.next()
    const last = Math.min(SAMPLES, start + 60)
    for (let i = start; i < last; i++) wave[i]! += height * Math.exp(-(i - start) / 12) * Math.sin(turn * (i - start))
  }
}

export interface VibrationFigures {
  /** m/s². */
  readonly rms: number
  /** 3 for noise, more for impacts. */
  readonly kurtosis: number
  /** Peak over RMS. */
  readonly crest: number
  /** mm/s RMS above 10 Hz, as ISO 10816 judges machines by. */
  readonly velocity: number
}

/** What a vibration transmitter computes of a waveform. Velocity by a leaky integrator with its corner at 10 Hz. */
export function figuresOf(wave: ArrayLike<number>): VibrationFigures {
  const n = wave.length
  let mean = 0
  for (let i = 0; i < n; i++) mean += wave[i]! / n
  let second = 0
  let fourth = 0
  let peak = 0
  for (let i = 0; i < n; i++) {
    const x = wave[i]! - mean
    const square = x * x
    second += square / n
    fourth += (square * square) / n
    peak = Math.max(peak, Math.abs(x))
  }
  const leak = Math.exp((-2 * Math.PI * 10) / SAMPLE_RATE)
  // The integrator needs three of its time constants to settle.
  const settled = Math.floor(n / 3)
  let velocity = 0
  let sum = 0
  let squares = 0
  for (let i = 0; i < n; i++) {
    velocity = velocity * leak + (wave[i]! - mean) / SAMPLE_RATE
    if (i < settled) continue
    sum += velocity
    squares += velocity * velocity
  }
  const used = n - settled
  const variance = Math.max(0, squares / used - (sum / used) ** 2)
  const rms = Math.sqrt(second)
  return {
    rms,
    kurtosis: second > 0 ? fourth / (second * second) : 3,
    crest: rms > 0 ? peak / rms : 0,
    velocity: Math.sqrt(variance) * 1000,
  }
}
