import type { BearingOrders } from '../machine/bearing.ts'
import type { GearPair } from '../machine/gear.ts'
import { type Severity, type SeverityClassName, severity, severityClasses } from '../machine/severity.ts'
import { integratedSpectrum } from '../signal/integrate.ts'
import { type Spectrum, spectrum } from '../signal/spectrum.ts'
import { type WaveformStatistics, waveformStatistics } from '../signal/statistics.ts'
import { conditioned, duration, type Waveform } from '../signal/waveform.ts'
import { bearingFindings, demodulations, highestLooked, type Modulation, modulations } from './bearing.ts'
import { cavitationFindings, type HighFrequency, highFrequency } from './cavitation.ts'
import type { Finding } from './finding.ts'
import { gearFindings } from './gear.ts'
import { shaftFindings } from './shaft.ts'
import { speedFrom } from './speed.ts'

/** What is known of the machine that the waveform comes from. */
export interface MachineDescription {
  /** Hz: the turning speed during the recording. */
  readonly shaft?: number
  /** Hz: where to look for it when it is not known. */
  readonly speedRange?: { readonly from: number; readonly to: number }
  readonly bearings: readonly { readonly name: string; readonly orders: BearingOrders }[]
  readonly gears: readonly { readonly name: string; readonly pair: GearPair }[]
  /** Whether it moves a liquid, and so can cavitate. */
  readonly pump: boolean
  readonly severityClass: SeverityClassName
  /** What it does when it is well, where that is known. */
  readonly normal?: {
    /** mm/s RMS. */
    readonly velocity?: number
    /** m/s² RMS above 4 kHz. */
    readonly highFrequency?: number
  }
}

export interface Shaft {
  /** Hz. */
  readonly frequency: number
  readonly from: 'given' | 'estimated'
  readonly confidence: number
}

/** Something that could not be judged, and why. */
export type Limit = 'speed unknown' | 'recording too short' | 'sample rate too low for cavitation'

export interface Diagnosis {
  /** Most confident first; empty when nothing speaks for a fault. */
  readonly findings: readonly Finding[]
  readonly shaft?: Shaft
  readonly severity: Severity
  readonly statistics: WaveformStatistics
  readonly modulations: readonly { readonly bearing: string; readonly of: readonly Modulation[] }[]
  readonly highFrequency?: HighFrequency
  readonly limits: readonly Limit[]
}

/**
 * Turns of the shaft that a recording needs, so that its harmonics are lines apart; a bearing's rates are faster, and
 * say themselves when they are not.
 */
const LEAST_TURNS = 5

/**
 * What an acceleration (m/s²) says about a machine, without any training: every fault by the physics of how it shows,
 * with the lines that speak for it.
 * @throws MW-VIBRATION-0001 to 0008
 */
export function diagnose(waveform: Waveform, machine: MachineDescription): Diagnosis {
  const clean = conditioned(waveform)
  const acceleration = spectrum(clean)
  const velocity = integratedSpectrum(acceleration, 1)
  const shaft = shaftOf(velocity, machine)
  const limits: Limit[] = []
  const level = severity(acceleration, machine.severityClass, shaft?.frequency)
  const high = highFrequency(clean)
  const findings: Finding[] = []
  const found: { bearing: string; of: readonly Modulation[] }[] = []
  if (shaft === undefined) limits.push('speed unknown')
  else {
    for (const { name, orders } of machine.bearings) {
      const of = modulations(demodulations(clean, highestLooked(orders, shaft.frequency)), orders, shaft.frequency)
      found.push({ bearing: name, of })
      findings.push(...bearingFindings(name, of))
    }
    if (shaft.frequency * duration(clean) < LEAST_TURNS) limits.push('recording too short')
    else {
      for (const { name, pair } of machine.gears)
        findings.push(...gearFindings(name, pair, acceleration, shaft.frequency))
      findings.push(...shaftFindings(velocity, shaft.frequency, alarming(level, machine)))
    }
  }
  if (machine.pump && high === undefined) limits.push('sample rate too low for cavitation')
  if (machine.pump)
    findings.push(...cavitationFindings(risen(high, machine), clean.sampleRate, findings.some(impacting)))
  findings.sort((one, other) => other.confidence - one.confidence)
  return {
    findings,
    ...(shaft && { shaft }),
    severity: level,
    statistics: waveformStatistics(clean),
    modulations: found,
    ...(high && { highFrequency: high }),
    limits,
  }
}

function shaftOf(velocity: Spectrum, { shaft, speedRange }: MachineDescription): Shaft | undefined {
  if (shaft !== undefined) return shaft > 0 ? { frequency: shaft, from: 'given', confidence: 1 } : undefined
  if (speedRange === undefined) return undefined
  const estimate = speedFrom(velocity, speedRange.from, speedRange.to)
  return estimate && { ...estimate, from: 'estimated' }
}

/** Zone C or D, or a change by a quarter of the limit between B and C (criterion II of ISO 20816-1:2016, 6.5). */
function alarming({ zone, velocity }: Severity, { normal, severityClass }: MachineDescription): boolean {
  if (zone > 'B') return true
  return normal?.velocity !== undefined && velocity - normal.velocity > severityClasses[severityClass].velocity[1] / 4
}

/** High frequencies are news only where they are twice what they were. */
const risen = (high: HighFrequency | undefined, { normal }: MachineDescription): HighFrequency | undefined =>
  high !== undefined && high.rms > 2 * (normal?.highFrequency ?? 0) ? high : undefined

const impacting = ({ spectrum: lies }: Finding): boolean => lies === 'envelope'
