import { HOUR, type Micros, zoneOf } from '@millwright/foundation'

/** How far the clocks of a zone are ahead of UTC at an instant. */
export function utcOffsetAt(zone: string, instant: Micros): Micros {
  const known = zoneOf(zone)
  if (known === undefined) return 0
  // Local times within a day of the instant; the one whose offset leads back to it is right.
  for (let offset = -14 * HOUR; offset <= 14 * HOUR; offset += HOUR / 4)
    if (known.offsets(instant + offset).includes(offset)) return offset
  return 0
}
