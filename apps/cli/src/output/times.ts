import { DAY, formatTime, HOUR, MINUTE, type Micros, SECOND } from '@millwright/foundation'

/** Whether times are shown in UTC instead of the machine's time zone. */
export type Zone = 'local' | 'utc'

const two = (n: number) => String(n).padStart(2, '0')

/** `2026-11-20 06:46:52` in the person's own time zone, or in UTC with a Z: for tables. */
export function shownTime(time: Micros, zone: Zone): string {
  const date = new Date(Math.floor(time / 1000))
  if (zone === 'utc') return `${date.toISOString().slice(0, 19).replace('T', ' ')}Z`
  const day = `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

/** RFC 3339 with every digit the value has and its offset: for data, and as input to other commands. */
export function exactTime(time: Micros, zone: Zone): string {
  const offset = -new Date(Math.floor(time / 1000)).getTimezoneOffset()
  if (zone === 'utc' || offset === 0) return written(time)
  const shifted = written(time + offset * MINUTE).slice(0, -1)
  const size = Math.abs(offset)
  return `${shifted}${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

/** Without the fraction of a whole second. */
const written = (time: Micros) => formatTime(time).replace('.000Z', 'Z')

const STEPS: readonly [Micros, string][] = [
  [365 * DAY, 'y'],
  [DAY, 'd'],
  [HOUR, 'h'],
  [MINUTE, 'min'],
  [SECOND, 's'],
  [1000, 'ms'],
]

/** A span in its two largest units, as `3 h 20 min`; below a millisecond in µs. */
export function shownSpan(span: Micros): string {
  const size = Math.abs(span)
  const at = STEPS.findIndex(([step]) => size >= step)
  if (at < 0) return `${size} µs`
  const [step, unit] = STEPS[at]!
  const whole = Math.floor(size / step)
  const below = STEPS[at + 1]
  const rest = below === undefined || below[0] < SECOND ? 0 : Math.floor((size % step) / below[0])
  return rest === 0 || whole >= 10 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${below![1]}`
}

/** How long ago, in one unit, as `3 s`. */
export function shownAge(time: Micros, now: Micros): string {
  const size = Math.max(0, now - time)
  const found = STEPS.find(([step]) => size >= step && step >= SECOND)
  return found === undefined ? '0 s' : `${Math.floor(size / found[0])} ${found[1]}`
}
