import { bandRms, type Spectrum } from '../signal/spectrum.ts'
import type { Finding } from './finding.ts'
import { harmonics, type Line, significant } from './lines.ts'

const HARMONICS = 10
const TOLERANCE = 0.005

/** RMS share (0 to 1, of amplitudes) of the velocity that a line has to carry to name a fault by it. */
const DOMINANT = 0.6
/**
 * 2× over 1×: from 0.5 a misaligned coupling is suspected, from 1.5 it is severe (Piotrowski, Shaft Alignment
 * Handbook).
 */
const MISALIGNED = 0.75
/** So many harmonics of the shaft stand out when a part is loose and hits its stop. */
const LOOSE = 5
/** Lines this close (part of the speed) tell half orders from what stands beside them. */
const FINE = 0.05
/** A harmonic counts for looseness from this part of the largest on. */
const ALIKE = 0.1

/**
 * Unbalance, misalignment and looseness from the shaft's harmonics in a velocity spectrum (m/s), after ISO
 * 13373-3:2015, Annex A: once per turn and little else; twice per turn as strong as once; many harmonics, or halves of
 * them.
 * @param alarming whether the machine shakes enough for any of these to be a fault rather than how it is
 */
export function shaftFindings(velocity: Spectrum, shaft: number, alarming: boolean): Finding[] {
  const whole = harmonics(velocity, (n) => `${n}×`, shaft, HARMONICS, TOLERANCE)
  // Between coarse lines a half order is whatever stands near it.
  const fine = velocity.step <= FINE * shaft
  const halves = (fine ? [0.5, 1.5, 2.5, 3.5] : []).flatMap((order) =>
    harmonics(velocity, () => `${order}×`, order * shaft, 1, TOLERANCE),
  )
  const [first, second] = whole
  if (first === undefined || !alarming) return []
  const end = velocity.first + (velocity.amplitude.length - 1) * velocity.step
  const overall = Math.SQRT2 * bandRms(velocity, 0.3 * shaft, Math.min(1000, end))
  const strongest = Math.max(...whole.map(({ amplitude }) => amplitude))
  const standing = [...whole, ...halves].filter((line) => significant(line) && line.amplitude >= ALIKE * strongest)
  const ratio = second !== undefined && significant(second) ? second.amplitude / first.amplitude : 0
  const found: Finding[] = []
  const add = (fault: Finding['fault'], strength: number, measure: string, scale: number, lines: readonly Line[]) =>
    found.push({ fault, strength, measure, confidence: 1 - Math.exp(-strength / scale), lines, spectrum: 'velocity' })

  const share = Math.min(1, first.amplitude / overall)
  const halfLines = halves.filter((line) => standing.includes(line))
  const loose = standing.length >= LOOSE || (halfLines.length >= 2 && standing.length >= 4)
  if (loose) add('looseness', standing.length, 'harmonics that stand out', 4, standing)
  if (significant(first) && share >= DOMINANT && ratio < MISALIGNED && !loose)
    add('unbalance', share, 'share of the velocity', 0.4, whole.slice(0, 3))
  if (ratio >= MISALIGNED && second!.amplitude / overall >= DOMINANT / 2 && !loose)
    add('misalignment', ratio, '2× over 1×', 0.8, whole.slice(0, 4))
  return found
}
