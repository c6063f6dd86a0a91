import { shownUnit, type UnitSystem } from './units.ts'

export interface FormatSettings {
  readonly locale: string
  /** IANA name; undefined: the browser's own. */
  readonly timeZone: string | undefined
  readonly units: UnitSystem
}

export type Formatter = ReturnType<typeof makeFormatter>

const SECOND = 1_000_000
const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
]
const MISSING = '–'
/** Seconds within which something is just now: counting them up would only flicker. */
const NOW = 3

/** Everything that depends on the viewer: numbers, units, dates. Times are integer µs since the epoch. */
export function makeFormatter(settings: FormatSettings) {
  const { locale, units } = settings
  const zone = settings.timeZone === undefined ? {} : { timeZone: settings.timeZone }
  const dates = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { ...zone, ...options })
  const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const
  const timeOnly = dates(clock)
  const timeMillis = dates({ ...clock, fractionalSecondDigits: 3 })
  const dateTime = dates({ day: '2-digit', month: 'short', year: 'numeric', ...clock })
  const dateShort = dates({ day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const dateOnly = dates({ day: '2-digit', month: 'short', year: 'numeric' })
  const dayKey = dates({ day: '2-digit', month: '2-digit', year: 'numeric' })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'always', style: 'short' })
  const present = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const integers = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
  const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 })
  const cache = new Map<number, Intl.NumberFormat>()
  const digits = (count: number) => {
    const known = cache.get(count)
    if (known !== undefined) return known
    const made = new Intl.NumberFormat(locale, { minimumFractionDigits: count, maximumFractionDigits: count })
    cache.set(count, made)
    return made
  }

  /** `whole`: the value belongs to a row of whole numbers; a measured 31.00 among 30.98 keeps its digits. */
  const number = (value: number | null | undefined, whole?: boolean): string => {
    if (value === null || value === undefined || !Number.isFinite(value)) return MISSING
    const size = Math.abs(value)
    if (size !== 0 && (size < 0.001 || size >= 1e9)) return value.toExponential(2)
    if (whole ?? Number.isInteger(value)) return integers.format(value)
    if (size === 0) return digits(2).format(0)
    return digits(size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3).format(value)
  }
  const ms = (time: number) => time / 1000

  return {
    ...settings,
    number,
    integer: (value: number) => integers.format(value),
    compact: (value: number) => compact.format(value),
    percent: (part: number) =>
      new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(part),
    /** A stored value in the viewer's unit, without the unit. */
    value: (value: number | null | undefined, unit: string, whole?: boolean) => {
      if (value === null || value === undefined) return MISSING
      const shown = shownUnit(unit, units).to(value)
      return number(shown, whole === undefined ? undefined : whole && Number.isInteger(shown))
    },
    /** Numbers of a scale: all with the digits that their step needs. */
    scale: (values: readonly number[]) => {
      const step = values.length > 1 ? Math.abs(values[1]! - values[0]!) : 1
      const largest = Math.max(...values.map(Math.abs))
      if (largest >= 1e7 || (largest !== 0 && largest < 0.001)) return values.map((value) => compact.format(value))
      const count =
        [0, 1, 2, 3, 4, 5].find((places) => Math.abs(step * 10 ** places - Math.round(step * 10 ** places)) < 1e-6) ?? 6
      return values.map((value) => digits(count).format(value))
    },
    unit: (unit: string) => shownUnit(unit, units).label,
    time: (time: number) => timeOnly.format(ms(time)),
    timeMillis: (time: number) => timeMillis.format(ms(time)),
    dateTime: (time: number) => dateTime.format(ms(time)),
    dateShort: (time: number) => dateShort.format(ms(time)),
    date: (time: number) => dateOnly.format(ms(time)),
    /** The clock today, date and clock otherwise. */
    when: (time: number, now: number) =>
      (dayKey.format(ms(time)) === dayKey.format(ms(now)) ? timeOnly : dateShort).format(ms(time)),
    /** `3 min ago`, `in 2 hr`. */
    ago: (time: number, now: number) => {
      const seconds = Math.round((time - now) / SECOND)
      if (Math.abs(seconds) < NOW) return present.format(0, 'second')
      for (const [unit, size] of STEPS) {
        if (Math.abs(seconds) >= size || unit === 'second') return relative.format(Math.trunc(seconds / size), unit)
      }
      return MISSING
    },
    bytes: (value: number) => {
      const names = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const
      const step = value < 1 ? 0 : Math.min(4, Math.floor(Math.log10(value) / 3))
      const options = { style: 'unit', unit: names[step]!, unitDisplay: 'short', maximumFractionDigits: 1 } as const
      return new Intl.NumberFormat(locale, options).format(value / 1000 ** step)
    },
    /** A length of time in its two largest parts: `1 h 5 min`; below a second in ms. */
    duration: (micros: number) => {
      if (micros < SECOND) return part(locale, Math.round(micros / 1000), 'millisecond')
      let rest = Math.round(micros / SECOND)
      const shown: string[] = []
      for (const [unit, size] of [
        ['day', 86_400],
        ['hour', 3_600],
        ['minute', 60],
        ['second', 1],
      ] as const) {
        const count = Math.floor(rest / size)
        rest -= count * size
        if (count > 0) shown.push(part(locale, count, unit))
        if (shown.length === 2) break
      }
      return shown.length === 0 ? part(locale, 0, 'second') : shown.join(' ')
    },
  }
}

const part = (locale: string, value: number, unit: string) =>
  new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'narrow' }).format(value)
