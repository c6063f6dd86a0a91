import { unitConversion } from '@millwright/foundation'
import {
  type BearingGeometry,
  bearingCatalogue,
  bearingOrders,
  type MachineDescription,
  type Waveform,
} from '@millwright/methods/vibration'
import { type BearingSettings, designations, type VibrationSettings } from './settings.ts'

/** The geometry that is chosen or given. */
export const geometryOf = (bearing: BearingSettings): BearingGeometry =>
  bearing.designation === '' ? bearing : bearingCatalogue[designations.indexOf(bearing.designation) - 1]!

/** What the methods have to know of the machine; the speed comes with each waveform. */
export function describe(settings: VibrationSettings): MachineDescription {
  const { gears, pump, severityClass, slowest, fastest } = settings
  return {
    bearings: settings.bearings.map((bearing) => ({ name: bearing.name, orders: bearingOrders(geometryOf(bearing)) })),
    gears: gears.map(({ name, teeth, matingTeeth }) => ({ name, pair: { teeth, matingTeeth } })),
    pump,
    severityClass,
    speedRange: { from: slowest / 60, to: fastest / 60 },
  }
}

/**
 * The factor that makes a sensor's values m/s²; undefined when its unit is none of acceleration. A signal without a
 * unit is taken for m/s².
 */
export const accelerationFactor = (unit: string): number | undefined =>
  unit === '1' || unit === '' ? 1 : unitConversion(unit, 'm/s2')?.scale

/** The factor that makes a speed Hz; what has no unit of its own counts turns per minute. */
export const speedFactor = (unit: string): number => unitConversion(unit, 'Hz')?.scale ?? 1 / 60

/** Longer recordings are looked at in their first part: 2^17 samples hold five seconds at 25.6 kHz. */
const MOST_SAMPLES = 1 << 17

export const accelerationOf = (samples: ArrayLike<number>, sampleRate: number, factor: number): Waveform => ({
  samples: Float64Array.from({ length: Math.min(samples.length, MOST_SAMPLES) }, (_, i) => factor * samples[i]!),
  sampleRate,
})
