import { integratedSpectrum } from '../signal/integrate.ts'
import { bandRms, type Spectrum } from '../signal/spectrum.ts'

/** A: new machine; B: runs without limit; C: not for long; D: damages itself. */
export type Zone = 'A' | 'B' | 'C' | 'D'

/** Upper limits of the zones A, B and C. */
export type ZoneLimits = readonly [number, number, number]

export interface SeverityClass {
  readonly standard: string
  readonly machines: string
  /** mm/s RMS. */
  readonly velocity: ZoneLimits
  /** µm RMS; only where the standard judges displacement too. */
  readonly displacement?: ZoneLimits
}

/**
 * Zone limits on non-rotating parts. ISO 20816-3:2022 replaced ISO 10816-3:2009 and kept its limits for groups 1 and 2;
 * the values here are those of the 2009 edition's tables A.1 and A.2. ISO 20816-1:2016 dropped the general classes I to
 * IV of ISO 10816-1:1995, Annex B, and they still are what small machines below 15 kW are judged by. Pumps: ISO
 * 10816-7:2009, table A.1. All are informative annexes: a maker's limits or an agreement take precedence.
 */
export const severityClasses = {
  'group 1 rigid': {
    standard: 'ISO 20816-3:2022 (limits of ISO 10816-3:2009, table A.1)',
    machines: 'Large machines, 300 kW to 50 MW, or electrical machines of 315 mm shaft height and more; rigid support',
    velocity: [2.3, 4.5, 7.1],
    displacement: [29, 57, 90],
  },
  'group 1 flexible': {
    standard: 'ISO 20816-3:2022 (limits of ISO 10816-3:2009, table A.1)',
    machines:
      'Large machines, 300 kW to 50 MW, or electrical machines of 315 mm shaft height and more; flexible support',
    velocity: [3.5, 7.1, 11],
    displacement: [45, 90, 140],
  },
  'group 2 rigid': {
    standard: 'ISO 20816-3:2022 (limits of ISO 10816-3:2009, table A.2)',
    machines: 'Medium machines, 15 to 300 kW, or electrical machines of 160 to 315 mm shaft height; rigid support',
    velocity: [1.4, 2.8, 4.5],
    displacement: [22, 45, 71],
  },
  'group 2 flexible': {
    standard: 'ISO 20816-3:2022 (limits of ISO 10816-3:2009, table A.2)',
    machines: 'Medium machines, 15 to 300 kW, or electrical machines of 160 to 315 mm shaft height; flexible support',
    velocity: [2.3, 4.5, 7.1],
    displacement: [37, 71, 113],
  },
  'class I': {
    standard: 'ISO 10816-1:1995, Annex B',
    machines: 'Small machines, such as electric motors up to 15 kW',
    velocity: [0.71, 1.8, 4.5],
  },
  'class II': {
    standard: 'ISO 10816-1:1995, Annex B',
    machines: 'Medium machines, 15 to 75 kW, or up to 300 kW on special foundations',
    velocity: [1.12, 2.8, 7.1],
  },
  'class III': {
    standard: 'ISO 10816-1:1995, Annex B',
    machines: 'Large machines on rigid and heavy foundations',
    velocity: [1.8, 4.5, 11.2],
  },
  'class IV': {
    standard: 'ISO 10816-1:1995, Annex B',
    machines: 'Large machines on soft foundations, such as turbo sets',
    velocity: [2.8, 7.1, 18],
  },
  'pump I to 200 kW': {
    standard: 'ISO 10816-7:2009, table A.1',
    machines: 'Pumps of high reliability, availability or safety requirements, up to 200 kW',
    velocity: [2.5, 4, 6.6],
  },
  'pump I above 200 kW': {
    standard: 'ISO 10816-7:2009, table A.1',
    machines: 'Pumps of high reliability, availability or safety requirements, above 200 kW',
    velocity: [3.5, 5, 7.6],
  },
  'pump II to 200 kW': {
    standard: 'ISO 10816-7:2009, table A.1',
    machines: 'Pumps for general and less critical use, up to 200 kW',
    velocity: [3.2, 5.1, 8.5],
  },
  'pump II above 200 kW': {
    standard: 'ISO 10816-7:2009, table A.1',
    machines: 'Pumps for general and less critical use, above 200 kW',
    velocity: [4.2, 6.1, 9.5],
  },
} as const satisfies Readonly<Record<string, SeverityClass>>

export type SeverityClassName = keyof typeof severityClasses

/** The zone a value lies in; a value on a limit still belongs to the better zone. */
export function zoneOf(value: number, limits: ZoneLimits): Zone {
  const [a, b, c] = limits
  return value <= a ? 'A' : value <= b ? 'B' : value <= c ? 'C' : 'D'
}

export interface Severity {
  readonly zone: Zone
  /** mm/s RMS. */
  readonly velocity: number
  /** µm RMS. */
  readonly displacement: number
  /** Hz, what both were taken over. */
  readonly from: number
  readonly to: number
}

/**
 * Broad-band severity of an acceleration spectrum (m/s²): 10 Hz to 1 kHz, from 2 Hz for shafts slower than 600 rpm (ISO
 * 20816-3:2022, 4.2); the worse of velocity and displacement decides.
 * @param shaft Hz, when known
 * @throws MW-VIBRATION-0005 when the spectrum has no line in that range
 */
export function severity(acceleration: Spectrum, name: SeverityClassName, shaft?: number): Severity {
  const limits: SeverityClass = severityClasses[name]
  const from = shaft !== undefined && shaft < 10 ? 2 : 10
  const to = Math.min(1000, acceleration.first + (acceleration.amplitude.length - 1) * acceleration.step)
  const velocity = 1e3 * bandRms(integratedSpectrum(acceleration, 1), from, to)
  const displacement = 1e6 * bandRms(integratedSpectrum(acceleration, 2), from, to)
  const byVelocity: Zone = zoneOf(velocity, limits.velocity)
  const byDisplacement: Zone = limits.displacement === undefined ? 'A' : zoneOf(displacement, limits.displacement)
  const zone = [byVelocity, byDisplacement].sort().at(-1)!
  return { zone, velocity, displacement, from, to }
}
