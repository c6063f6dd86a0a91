import type { Spectrum } from '../signal/spectrum.ts'
import { lineAt, noiseFloor, significant } from './lines.ts'

export interface SpeedEstimate {
  /** Hz. */
  readonly frequency: number
  /** 0 to 1: how much better this speed explains the lines than the best other that is no multiple or part of it. */
  readonly confidence: number
}

const HARMONICS = 8
/** Lines per hertz of speed that are needed: with fewer, anything fits anything. */
const LEAST_LINES = 8
/** ln of power over noise that noise itself reaches often. */
const USUAL = 1.5
/** A score that a single clear line reaches. */
const CLEAR = 5
/** Below this, the estimate is not worth having. */
const CONFIDENT = 0.4

/**
 * Shaft speed from the harmonics that it leaves in a spectrum (of velocity: it favours the low ones). Each candidate
 * scores by how far its harmonics stand above the noise, the first ones the most; half a speed scores less, for its odd
 * harmonics are missing.
 * @param from Hz, slowest speed that can be; `to` the fastest
 * @returns undefined when no speed stands out, or the lines lie too far apart to tell
 */
export function speedFrom(of: Spectrum, from: number, to: number): SpeedEstimate | undefined {
  const candidates: { frequency: number; score: number }[] = []
  for (let frequency = Math.max(from, LEAST_LINES * of.step); frequency <= to; frequency += of.step / HARMONICS)
    candidates.push({ frequency, score: score(of, frequency) })
  const first = candidates[0]
  if (first === undefined) return undefined
  const best = candidates.reduce((most, each) => (each.score > most.score ? each : most), first)
  const blur = Math.max(0.02, (3 * of.step) / best.frequency)
  const rival = candidates
    .filter(({ frequency }) => !related(frequency, best.frequency, blur))
    .reduce((most, each) => Math.max(most, each.score), 0)
  const confidence = best.score === 0 ? 0 : (1 - rival / best.score) * Math.min(1, best.score / CLEAR)
  if (confidence < CONFIDENT) return undefined
  return { frequency: refined(of, best.frequency), confidence }
}

function score(of: Spectrum, frequency: number): number {
  const floor = noiseFloor(of)
  let sum = 0
  for (let n = 1; n <= HARMONICS; n++) {
    const at = (n * frequency - of.first) / of.step
    const low = Math.floor(at)
    if (low < 0 || low + 1 >= of.amplitude.length) break
    // Between two lines, what lies nearer counts more: so the score peaks at the speed itself.
    const amplitude = of.amplitude[low]! + (at - low) * (of.amplitude[low + 1]! - of.amplitude[low]!)
    if (amplitude > 0 && floor[low]! > 0) sum += Math.max(0, 2 * Math.log(amplitude / floor[low]!) - USUAL) / n
  }
  return sum
}

/** Whether one is a simple fraction of the other: what they share makes neither a rival. */
function related(one: number, other: number, blur: number): boolean {
  for (let p = 1; p <= 4; p++)
    for (let q = 1; q <= 4; q++) if (Math.abs(one / other - p / q) < blur * (p / q)) return true
  return false
}

/** The higher a harmonic that is clear, the more exactly it gives the speed. */
function refined(of: Spectrum, frequency: number): number {
  let better = frequency
  for (let n = 1; n <= HARMONICS; n++) {
    const line = lineAt(of, '', n * better, 0)
    if (line !== undefined && significant(line) && Math.abs(line.frequency / n - better) < of.step / n)
      better = line.frequency / n
  }
  return better
}
