import { DAY, HOUR, MINUTE, type Micros } from './time.ts'

/** The local time of a zone, to UTC. */
export interface Zone {
  readonly name: string
  /**
   * How far ahead of UTC a local time may be (`local`: as if it were UTC): one; two in the hour that a clock shows twice,
   * the earlier instant first; none in the hour it leaves out.
   */
  offsets(local: Micros): readonly Micros[]
}

const QUARTER = 15 * MINUTE
const KEPT = 10_000
/** Some thousand years from the epoch: what calendars are good for. */
const FURTHEST: Micros = 2e17
const FIXED = /^(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?$/

/** `UTC`, an offset as `+01:00`, or an IANA name as `Europe/Berlin`; undefined for anything else. */
export function zoneOf(name: string): Zone | undefined {
  if (/^(utc|gmt|z)$/i.test(name)) return { name: 'UTC', offsets: () => [0] }
  const fixed = FIXED.exec(name)
  if (fixed !== null) {
    const ahead = Number(fixed[2]) * HOUR + Number(fixed[3] ?? 0) * MINUTE
    const offsets = [fixed[1] === '-' ? -ahead : ahead]
    return { name, offsets: () => offsets }
  }
  const offsetAt = zoneClock(name)
  if (offsetAt === undefined) return undefined
  // Offsets change at quarters of an hour at the finest: each is worked out once.
  const known = new Map<number, readonly Micros[]>()
  return {
    name,
    offsets(local) {
      if (!(Math.abs(local) < FURTHEST)) return []
      const quarter = Math.floor(local / QUARTER)
      let found = known.get(quarter)
      if (found === undefined) {
        const start = quarter * QUARTER
        const candidates = new Set([offsetAt(start - DAY), offsetAt(start + DAY)])
        // The larger offset is the earlier instant.
        found = [...candidates].filter((offset) => offsetAt(start - offset) === offset).sort((a, b) => b - a)
        if (known.size > KEPT) known.clear()
        known.set(quarter, found)
      }
      return found
    },
  }
}

/**
 * From local time to UTC, where there is one answer to be given: a time that comes twice is the first of the two, one that never
 * comes is read as if the clocks had not been set yet. NaN beyond what calendars are good for; undefined when there is
 * no such zone.
 */
export function localTime(name: string): ((local: Micros) => Micros) | undefined {
  const zone = zoneOf(name)
  if (zone === undefined) return undefined
  return (local) => {
    const offset = zone.offsets(local)[0] ?? zone.offsets(local - DAY)[0]
    return offset === undefined ? Number.NaN : local - offset
  }
}

/** @returns how far the zone's clocks are ahead of UTC at an instant; undefined when there is no such zone */
function zoneClock(name: string): ((instant: Micros) => Micros) | undefined {
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
  return (instant) => {
    const parts = Object.fromEntries(format.formatToParts(instant / 1000).map(({ type, value }) => [type, value]))
    const { year, month, day, hour, minute, second, era } = parts as Record<string, string>
    // The year before 1 AD is 1 BC.
    const full = era?.startsWith('B') === true ? 1 - Number(year) : Number(year)
    const shown = new Date(0)
    shown.setUTCFullYear(full, Number(month) - 1, Number(day))
    shown.setUTCHours(Number(hour), Number(minute), Number(second))
    return (shown.getTime() - Math.floor(instant / 1e6) * 1000) * 1000
  }
}
