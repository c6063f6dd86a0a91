import { type ModelData, readModel, writeModel } from '@millwright/methods/model-file'
import type { Diagnosis } from '@millwright/methods/vibration'

/** Fewer recordings than this are no picture of what is normal. */
export const LEAST_RECORDINGS = 20

/** How one sensor's vibration is when the machine is well: medians, and for the depths how far they stray. */
export interface Normal {
  readonly recordings: number
  /** mm/s RMS. */
  readonly velocity: number
  /** m/s² RMS above 4 kHz; 0 where the sensor does not reach there. */
  readonly highFrequency: number
  /** Modulation depth that each fault of each bearing stays below, by `bearing: fault`. */
  readonly depths: Readonly<Record<string, number>>
}

/** What was normal at each sensor, by the name of its signal; a sensor without has none. */
export type Baseline = Readonly<Record<string, Normal>>

/** A depth from here on is no property of a sound bearing, however long it has been so. */
const DAMAGED = 0.8

export const depthKey = (bearing: string, fault: string): string => `${bearing}: ${fault}`

/** @returns the baseline, and what in it looks like damage that was there from the first */
export function normalOf(of: readonly Diagnosis[]): { normal: Normal; damaged: string[] } {
  const depths = new Map<string, number[]>()
  for (const { modulations } of of)
    for (const each of modulations)
      for (const { fault, depth } of each.of) {
        const key = depthKey(each.bearing, fault)
        depths.set(key, [...(depths.get(key) ?? []), depth])
      }
  const limits: Record<string, number> = {}
  const damaged: string[] = []
  for (const [key, values] of depths) {
    const typical = median(values)
    const spread = 1.4826 * median(values.map((value) => Math.abs(value - typical)))
    if (typical >= DAMAGED) damaged.push(key)
    else limits[key] = Math.min(DAMAGED, typical + 4 * spread)
  }
  const normal = {
    recordings: of.length,
    velocity: median(of.map(({ severity }) => severity.velocity)),
    highFrequency: median(of.map(({ highFrequency }) => highFrequency?.rms ?? 0)),
    depths: limits,
  }
  return { normal, damaged }
}

const KIND = 'vibration baseline 1'

export const writeBaseline = (baseline: Baseline): Uint8Array =>
  writeModel({ kind: KIND, baseline: { ...baseline } as unknown as ModelData })

/** @throws MW-MODEL-0001 when it is no model file, an error with a sentence when it holds something else */
export function readBaseline(bytes: Uint8Array): Baseline {
  const data = readModel(bytes) as { kind?: unknown; baseline?: unknown } | null
  if (data?.kind !== KIND || typeof data.baseline !== 'object' || data.baseline === null)
    throw new Error('This is no baseline of vibration; train the service anew.')
  return data.baseline as Baseline
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
