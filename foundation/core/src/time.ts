/**
 * Time is one thing everywhere: an integer number of microseconds since the Unix epoch, UTC, in a JavaScript number
 * (exact to the year 2255). Waiting and "now" come in through a Clock, so that tests run on virtual time.
 */

/** Integer microseconds since 1970-01-01T00:00:00Z. */
export type Micros = number

export const MILLISECOND = 1_000
export const SECOND = 1_000_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

export interface Timer {
  cancel(): void
}

/** Where time comes from. `after`'s work is called once; a timer never keeps the process alive. */
export interface Clock {
  /** What time it is. It may be set, forward and back. */
  now(): Micros
  /** Time that passes evenly, from an origin of its own: for how long something took or lasts. */
  steady(): Micros
  after(delay: Micros, work: () => void): Timer
}

/** The machine's clock; sub-millisecond digits come from the monotonic timer's origin. */
export const systemClock: Clock = {
  now: () => Math.round((performance.timeOrigin + performance.now()) * 1000) + drift(),
  steady: () => Math.round(performance.now() * 1000),
  after(delay, work) {
    // setTimeout counts in a signed 32-bit number of milliseconds: longer waits are taken in steps.
    let handle: NodeJS.Timeout
    let left = Math.max(0, Math.ceil(delay / MILLISECOND))
    const step = () => {
      const wait = Math.min(left, 2_000_000_000)
      left -= wait
      handle = setTimeout(left > 0 ? step : work, wait)
      handle.unref()
    }
    step()
    return { cancel: () => clearTimeout(handle) }
  },
}

let offset = 0
let checked = 0

/** performance.now() does not follow steps of the wall clock: measure the step, at most once a 100 ms. */
function drift(): Micros {
  const tick = performance.now()
  if (tick - checked > 100 || checked === 0) {
    checked = tick
    const apart = Date.now() * 1000 - Math.round((performance.timeOrigin + tick) * 1000)
    offset = Math.abs(apart) > 2_000 ? apart : 0
  }
  return offset
}

/** `2026-11-20T05:36:25.123456Z`: RFC 3339 with as many digits as the value needs. */
export function formatTime(time: Micros): string {
  const ms = Math.floor(time / 1000)
  const rest = time - ms * 1000
  const iso = new Date(ms).toISOString()
  return rest === 0 ? iso : `${iso.slice(0, -1)}${String(rest).padStart(3, '0')}Z`
}

const RFC3339 = /^(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2})(?:[.,](\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/

/** Parses RFC 3339 to integer microseconds (further digits are cut); undefined when the text is not a valid instant. */
export function parseTime(text: string): Micros | undefined {
  const match = RFC3339.exec(text)
  if (match === null || !isDay(match[1]!)) return undefined
  const ms = Date.parse(`${match[1]!.replace(' ', 'T')}${match[3]}`)
  if (Number.isNaN(ms)) return undefined
  return ms * 1000 + Number((match[2] ?? '').padEnd(6, '0').slice(0, 6))
}

/** Date.parse takes 30 February for 2 March. */
function isDay(text: string): boolean {
  const day = Number(text.slice(8, 10))
  if (day <= 28) return true
  return day <= new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate()
}
