import { squaredEnvelope, transformed } from '../signal/envelope.ts'
import { bandRms, spectrum } from '../signal/spectrum.ts'
import type { Waveform } from '../signal/waveform.ts'
import type { Finding } from './finding.ts'

/** Hz: collapsing bubbles ring above this, most else below. */
export const CAVITATION_FROM = 4_000
/** Hz: of a slower sensor there is too little above to judge. */
const REACH = 8_000
/** Share of the RMS above {@link CAVITATION_FROM}. */
const HIGH = 0.6
/** Squared envelope: standard deviation over mean; 1 for steady noise, more for bursts. */
const BURSTS = 1.15

export interface HighFrequency {
  /** RMS above 4 kHz over the RMS of all, 0 to 1. */
  readonly share: number
  /** In the unit of the waveform. */
  readonly rms: number
  readonly burstiness: number
}

/** @returns undefined when the sample rate is too low to hear cavitation */
export function highFrequency(waveform: Waveform): HighFrequency | undefined {
  const top = waveform.sampleRate / 2
  if (top < REACH) return undefined
  const lines = spectrum(waveform)
  const rms = bandRms(lines, CAVITATION_FROM, top)
  const squared = squaredEnvelope(transformed(waveform), { from: CAVITATION_FROM, to: top }).samples
  const mean = squared.reduce((sum, each) => sum + each, 0) / squared.length
  const variance = squared.reduce((sum, each) => sum + (each - mean) ** 2, 0) / squared.length
  return { rms, share: rms / bandRms(lines, 0, top), burstiness: mean === 0 ? 0 : Math.sqrt(variance) / mean }
}

/**
 * Cavitation: broadband, bursting vibration at high frequencies without a rate of its own (Čudina, "Detection of
 * cavitation phenomenon in a centrifugal pump using audible sound", MSSP 17, 2003).
 * @param impacts whether a bearing or gear already accounts for bursts
 */
export function cavitationFindings(of: HighFrequency | undefined, sampleRate: number, impacts: boolean): Finding[] {
  if (of === undefined || impacts || of.share < HIGH || of.burstiness < BURSTS) return []
  return [
    {
      fault: 'cavitation',
      strength: of.share,
      measure: 'share of the vibration above 4 kHz',
      confidence: 1 - Math.exp(-(of.share - HIGH / 2) / 0.35),
      lines: [],
      spectrum: 'acceleration',
      band: { from: CAVITATION_FROM, to: sampleRate / 2 },
    },
  ]
}
