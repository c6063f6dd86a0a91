/** Local time to UTC, for one zone. */
export interface Zone {
  readonly name: string
  /**
   * Offsets from UTC in ms that a local time may have (`local`: ms as if it were UTC): one; two in the hour that a
   * clock shows twice, earlier instant first; none in the hour it leaves out.
   */
  offsets(local: number): readonly number[]
}

const DAY = 86_400_000
const QUARTER = 900_000
const FIXED = /^(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?$/

/** `UTC`, an offset as `+01:00`, or an IANA name as `Europe/Berlin`. Errors: throws a sentence for anything else. */
export function zoneOf(name: string): Zone {
  if (/^(utc|gmt|z)$/i.test(name)) return { name: 'UTC', offsets: () => [0] }
  const fixed = FIXED.exec(name)
  if (fixed !== null) {
    const minutes = Number(fixed[2]) * 60 + Number(fixed[3] ?? 0)
    const offset = (fixed[1] === '-' ? -1 : 1) * minutes * 60_000
    return { name, offsets: () => [offset] }
  }
  const offsetAt = zoneClock(name)
  // Offsets change at quarters of an hour at the finest: each is worked out once.
  const known = new Map<number, readonly number[]>()
  return {
    name,
    offsets(local) {
      const quarter = Math.floor(local / QUARTER)
      let found = known.get(quarter)
      if (found === undefined) {
        const candidates = new Set([offsetAt(local - DAY), offsetAt(local + DAY)])
        // The larger offset is the earlier instant.
        found = [...candidates].filter((offset) => offsetAt(local - offset) === offset).sort((a, b) => b - a)
        if (known.size > 10_000) known.clear()
        known.set(quarter, found)
      }
      return found
    },
  }
}

/** @returns ms that the zone's clocks are ahead of UTC at an instant */
function zoneClock(name: string): (instant: number) => number {
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch (cause) {
    throw new Error(`There is no time zone ${name}: give one as Europe/Berlin, +01:00 or UTC.`, { cause })
  }
  return (instant) => {
    const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]))
    const { year, month, day, hour, minute, second } = parts as Record<string, number>
    return Date.UTC(year!, month! - 1, day!, hour!, minute!, second!) - Math.floor(instant / 1000) * 1000
  }
}
