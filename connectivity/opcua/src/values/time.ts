import { DAY, type Micros } from '@millwright/foundation'

/** 2000-01-01T00:00:00Z: no measurement is older; such a clock was never set. */
const EARLIEST: Micros = 946_684_800_000_000
const PICOSECONDS = 1_000_000

/**
 * A DateTime of the wire, 100 ns ticks, as the library gives it: milliseconds and what is left in picoseconds.
 * @returns µs, further digits cut; undefined when there is none
 */
export function microsOf(date: Date | null | undefined, picoseconds: number): Micros | undefined {
  const ms = date instanceof Date ? date.getTime() : Number.NaN
  if (Number.isNaN(ms)) return undefined
  // Beyond the millisecond in the date there are 0 to 999 µs, whatever a server writes into the field.
  const rest = Math.floor(picoseconds / PICOSECONDS)
  return ms * 1000 + (rest > 0 && rest < 1000 ? rest : 0)
}

/** True when a reading may have been measured then. */
export const isBelievable = (time: Micros, now: Micros): boolean => time >= EARLIEST && time <= now + DAY
