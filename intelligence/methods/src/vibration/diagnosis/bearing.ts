import type { BearingOrders } from '../machine/bearing.ts'
import { prewhitened } from '../signal/cepstrum.ts'
import { type Band, squaredEnvelope, type Transformed, transformed } from '../signal/envelope.ts'
import { kurtogramOf } from '../signal/kurtogram.ts'
import { type Spectrum, spectrum } from '../signal/spectrum.ts'
import type { Waveform } from '../signal/waveform.ts'
import type { Fault, Finding } from './finding.ts'
import { harmonics, type Line, multiples, sidebands, significant } from './lines.ts'

const HARMONICS = 3
/** Slip and the inexactness of speed and geometry: a bearing's lines lie this much (part) off, all by the same. */
const SLIP = 0.015
/** Once the slip is found, what is left to stray. */
const TOLERANCE = 0.004
const IMPULSIVE_BANDS = 3
/** A family whose lines are not this close (part of its frequency) could be anything near it. */
const FINE = 0.04

/**
 * Modulation depth: RSS of the amplitudes of a family's lines over the mean of the squared envelope. Separate impacts
 * reach 1 and more (a train of short ones 2 for each line); noise, load changes and the play of a sound bearing stay
 * well below. It depends on neither unit nor length.
 */
export interface Modulation {
  readonly fault: Fault
  readonly depth: number
  /** Factor on the frequency from geometry at which the lines were found. */
  readonly slip: number
  readonly band: Band
  readonly lines: readonly Line[]
}

interface Demodulated {
  readonly band: Band
  readonly mean: number
  readonly lines: Spectrum
}

interface Family {
  readonly fault: Fault
  readonly nameOf: (harmonic: number) => string
  readonly order: number
  /**
   * What modulates it: a spot on the inner race passes the load zone once a turn of the shaft, one on an element once a
   * turn of the cage.
   */
  readonly modulator?: { readonly name: string; readonly order: number }
}

const families = ({ bpfo, bpfi, bsf, ftf }: BearingOrders): Family[] => [
  { fault: 'outer race', nameOf: multiples('BPFO'), order: bpfo },
  { fault: 'inner race', nameOf: multiples('BPFI'), order: bpfi, modulator: { name: '1×', order: 1 } },
  { fault: 'rolling element', nameOf: (n) => `${2 * n}×BSF`, order: 2 * bsf, modulator: { name: 'FTF', order: ftf } },
  { fault: 'cage', nameOf: multiples('FTF'), order: ftf },
]

/**
 * Squared-envelope spectra of the whole waveform, of its pre-whitened self, and of the most impulsive bands of the fast
 * kurtogram: a spall shows in one of them, which one depends on the path from it to the sensor (Smith and Randall, MSSP
 * 64-65, 2015).
 * @param highest Hz that has to be seen in them
 */
export function demodulations(waveform: Waveform, highest: number): Demodulated[] {
  const raw = transformed(waveform)
  const top = raw.sampleRate / 2
  const wide = { from: Math.min(highest, top / 8), to: top }
  const bands = kurtogramOf(raw, { narrowest: 2 * highest })
    .filter(({ level }) => level > 0)
    .sort((one, other) => other.kurtosis - one.kurtosis)
  const picked: [Transformed, Band][] = [
    [raw, wide],
    [transformed(prewhitened(waveform)), wide],
  ]
  for (const { from, to } of bands.slice(0, IMPULSIVE_BANDS)) picked.push([raw, { from, to }])
  return picked.map(([of, band]) => {
    const squared = squaredEnvelope(of, band)
    const mean = squared.samples.reduce((sum, each) => sum + each, 0) / squared.samples.length
    return { band, mean, lines: spectrum(squared, { to: Math.min(highest, 0.45 * squared.sampleRate) }) }
  })
}

/** Highest frequency, Hz, that {@link modulations} looks at. */
export const highestLooked = (orders: BearingOrders, shaft: number): number =>
  (HARMONICS + 0.5) * Math.max(orders.bpfi, 2 * orders.bsf) * shaft

/**
 * How deep the envelope is modulated at each of a bearing's fault frequencies, deepest first. A line belongs to the
 * deepest family that it fits: 3 BPFO and 2 BPFI of common bearings are less than 1 % apart.
 */
export function modulations(of: readonly Demodulated[], orders: BearingOrders, shaft: number): Modulation[] {
  const deepest = (family: Family, taken: readonly Line[]): Modulation =>
    of
      .map((one) => modulation(one, family, shaft, taken))
      .reduce((most, next) => (next.depth > most.depth ? next : most))
  const inTurn = families(orders)
    .map((family) => ({ family, depth: deepest(family, []).depth }))
    .sort((one, other) => other.depth - one.depth)
  const taken: Line[] = []
  const found = inTurn.map(({ family }) => {
    const best = deepest(family, taken)
    taken.push(...best.lines.filter(significant))
    return best
  })
  return found.sort((one, other) => other.depth - one.depth)
}

function modulation(of: Demodulated, family: Family, shaft: number, taken: readonly Line[]): Modulation {
  const frequency = family.order * shaft
  if (of.lines.step > FINE * frequency) return { fault: family.fault, band: of.band, depth: 0, slip: 1, lines: [] }
  const tries = Math.max(1, Math.ceil((SLIP * HARMONICS * frequency) / of.lines.step))
  let best: { depth: number; slip: number; lines: Line[] } = { depth: 0, slip: 1, lines: [] }
  for (let n = -tries; n <= tries; n++) {
    const slip = 1 + (SLIP * n) / tries
    const lines = harmonics(of.lines, family.nameOf, frequency * slip, HARMONICS, TOLERANCE)
    const own = lines.filter((line) => significant(line) && !claimed(line, taken, of.lines.step))
    // Without its fundamental or its second, a family is a coincidence.
    const founded = own.some((line) => line === lines[0] || line === lines[1])
    const depth = founded ? Math.hypot(...own.map((line) => line.amplitude)) / of.mean : 0
    if (depth > best.depth || n === -tries) best = { depth, slip, lines }
  }
  const { modulator } = family
  const around =
    modulator === undefined || best.depth === 0
      ? []
      : sidebands(
          of.lines,
          { name: family.nameOf(1), frequency: best.lines[0]!.frequency },
          { name: modulator.name, frequency: modulator.order * shaft },
          1,
        )
  return { fault: family.fault, band: of.band, depth: best.depth, slip: best.slip, lines: [...best.lines, ...around] }
}

const claimed = (line: Line, taken: readonly Line[], step: number): boolean =>
  taken.some((each) => Math.abs(each.frequency - line.frequency) <= 1.5 * step)

/** Depths below this are what sound bearings show too. */
const SHALLOW = 0.4
/** Depth at which impacts are separate from each other. */
export const CLEAR_DEPTH = 1

/** The faults of one bearing that its modulations speak for. */
export const bearingFindings = (part: string, of: readonly Modulation[]): Finding[] =>
  of
    .filter(({ depth }) => depth >= SHALLOW)
    .map(({ fault, depth, lines, band }) => ({
      fault,
      part,
      confidence: 1 - Math.exp(-depth / 0.6),
      strength: depth,
      measure: 'modulation depth',
      lines,
      spectrum: 'envelope' as const,
      band,
    }))
