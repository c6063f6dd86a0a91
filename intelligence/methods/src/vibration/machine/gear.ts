import { vibrationErrors } from '../errors.ts'

/** A pair of gears; the driving one sits on the shaft whose speed is known. */
export interface GearPair {
  readonly teeth: number
  readonly matingTeeth: number
}

/** In turns of the driving shaft. */
export interface GearOrders {
  readonly mesh: number
  /** Turns of the driven shaft: with those of the driving shaft, what sidebands of the mesh lie apart. */
  readonly drivenShaft: number
  /** The same two teeth meet again: mesh over the least common multiple of the teeth. */
  readonly huntingTooth: number
}

/** @throws MW-VIBRATION-0008 */
export function gearOrders({ teeth, matingTeeth }: GearPair): GearOrders {
  for (const each of [teeth, matingTeeth])
    if (!(Number.isInteger(each) && each >= 3 && each <= 2000)) throw vibrationErrors.gear({ teeth: each })
  return {
    mesh: teeth,
    drivenShaft: teeth / matingTeeth,
    huntingTooth: commonDivisor(teeth, matingTeeth) / matingTeeth,
  }
}

const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b))
