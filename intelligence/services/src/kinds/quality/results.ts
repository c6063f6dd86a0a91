import { isSerial, type Visit } from '@millwright/methods/quality'
import type { QualitySettings } from './settings.ts'

/** A part's result and when it was known, µs: the measured value, or 1 for a bad part and 0 for a good one. */
export interface PartResult {
  readonly serial: string
  readonly time: number
  readonly value: number
}

/** A reading of the result signal as a number: NaN when it says nothing. */
export function resultOf(reading: number | string, { learn, good }: Pick<QualitySettings, 'learn' | 'good'>): number {
  if (learn === 'value') return typeof reading === 'number' ? reading : Number(reading.trim() || Number.NaN)
  if (typeof reading === 'number') return Number.isNaN(reading) ? Number.NaN : reading === 1 ? 0 : 1
  return isSerial(reading) ? (reading.trim().toLowerCase() === good.trim().toLowerCase() ? 0 : 1) : Number.NaN
}

/**
 * Gives each reading of the result to the part that was being measured: a reading at the moment of a change belongs to the part that goes. Both ascend in
 * time. The last result of a part counts.
 */
export function attributed(
  visits: readonly Pick<Visit, 'serial' | 'from' | 'to'>[],
  readings: readonly { readonly time: number; readonly value: number }[],
): Map<string, PartResult> {
  const found = new Map<string, PartResult>()
  let at = 0
  for (const { time, value } of readings) {
    while (at < visits.length && visits[at]!.to < time) at++
    const visit = visits[at]
    if (visit === undefined || !(visit.from < time) || !Number.isFinite(value)) continue
    found.set(visit.serial, { serial: visit.serial, time, value })
  }
  return found
}
