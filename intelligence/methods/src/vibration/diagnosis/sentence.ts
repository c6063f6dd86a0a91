import type { Diagnosis } from './diagnose.ts'
import type { Fault, Finding } from './finding.ts'
import { type Line, significant } from './lines.ts'

const FAULTS: Readonly<Record<Fault, string>> = {
  unbalance: 'The rotor is out of balance',
  misalignment: 'The shafts are misaligned',
  looseness: 'Something is loose',
  'outer race': 'The outer race is damaged',
  'inner race': 'The inner race is damaged',
  'rolling element': 'A rolling element is damaged',
  cage: 'The cage is damaged',
  gear: 'A tooth is damaged or worn',
  cavitation: 'The pump cavitates',
}

/** From here on a sentence states; below, it suspects. */
const SURE = 0.75

/** What a technician would say of a diagnosis, with the evidence. English; frequencies in Hz, velocity in mm/s. */
export function sentenceOf({ findings, shaft, severity, limits }: Diagnosis): string {
  const level = `Vibration is ${severity.velocity.toFixed(1)} mm/s (zone ${severity.zone})`
  const [worst, ...others] = findings
  if (worst === undefined) {
    if (limits.includes('speed unknown'))
      return `${level}. The speed is not known and does not show in the spectrum, so nothing can be said of bearings, gears and the shaft.`
    if (limits.includes('recording too short'))
      return `${level}. The recording holds too few turns of the shaft to say more.`
    return `${level}. Nothing speaks for a fault.`
  }
  const turning = shaft?.from === 'estimated' ? ` (speed ${(60 * shaft.frequency).toFixed(0)} rpm, estimated)` : ''
  const also = others.length === 0 ? '' : ` Also possible: ${others.map(({ fault }) => fault).join(', ')}.`
  return `${claim(worst)}: ${evidence(worst)}${turning}. ${level}.${also}`
}

function claim({ fault, part, confidence }: Finding): string {
  const said = part === undefined ? FAULTS[fault] : `${FAULTS[fault]} (${part})`
  return confidence >= SURE ? said : `Suspected: ${said[0]!.toLowerCase()}${said.slice(1)}`
}

function evidence({ fault, lines, strength, measure, band }: Finding): string {
  if (fault === 'cavitation')
    return `${(100 * strength).toFixed(0)} % of the vibration is noise above ${((band?.from ?? 0) / 1000).toFixed(0)} kHz, in bursts without a rate`
  const seen = lines.filter(significant).slice(0, 3).map(placed)
  return `${seen.join(', ')}; ${measure} ${strength.toFixed(fault === 'looseness' ? 0 : 1)}`
}

const placed = ({ name, frequency, amplitude, floor }: Line): string =>
  `${name} at ${frequency.toFixed(1)} Hz stands ${(amplitude / floor).toFixed(0)} times above the noise`
