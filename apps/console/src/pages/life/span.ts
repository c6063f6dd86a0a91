/** Lengths of time in the unit that a person would choose for them: one unit for all numbers of a sentence. */
const UNITS = [
  ['year', 24 * 365.25],
  ['day', 24],
  ['hour', 1],
  ['minute', 1 / 60],
  ['second', 1 / 3600],
] as const

export interface SpanUnit {
  readonly name: (typeof UNITS)[number][0]
  readonly hours: number
}

/** The largest unit of which there are at least two. */
export function unitOf(hours: number): SpanUnit {
  const [name, length] = UNITS.find(([, each]) => hours >= 2 * each) ?? UNITS[UNITS.length - 1]!
  return { name, hours: length }
}

/** `9`, `2.4`: two figures are what a prediction is good for. */
export function figure(hours: number, unit: SpanUnit, locale: string): string {
  const value = hours / unit.hours
  return new Intl.NumberFormat(locale, { maximumSignificantDigits: value >= 10 ? 2 : value >= 1 ? 2 : 1 }).format(value)
}

/** `9 days`. */
export function span(hours: number, locale: string, unit: SpanUnit = unitOf(hours)): string {
  const value = hours / unit.hours
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: unit.name,
    unitDisplay: unit.name === 'second' || unit.name === 'minute' || unit.name === 'hour' ? 'short' : 'long',
    maximumSignificantDigits: value >= 1 ? 2 : 1,
  }).format(value)
}

export interface RemainingLife {
  readonly hours: number
  readonly low: number
  readonly high: number
  readonly atLeast: boolean
}

/** Of an interval that lies about as far above as below: half its width, which ± takes. */
export function halfWidth({ hours, low, high }: RemainingLife): number | undefined {
  const below = hours - low
  const above = high - hours
  return Math.abs(above - below) <= 0.35 * (above + below) ? (above + below) / 2 : undefined
}
