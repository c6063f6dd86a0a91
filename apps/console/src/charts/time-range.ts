/** The time range that all charts share, as the address bar holds it. Times and spans are integer µs. */
export type TimeRange =
  | { readonly kind: 'last'; readonly span: number }
  | { readonly kind: 'fixed'; readonly from: number; readonly to: number }

export interface Span {
  readonly from: number
  readonly to: number
}

export interface RangeSearch {
  /** As `15m`, `6h`, `7d`. */
  last?: string | undefined
  from?: number | undefined
  to?: number | undefined
}

const SIZES = { s: 1e6, m: 60e6, h: 3600e6, d: 86_400e6 } as const
export const PRESETS = ['5m', '15m', '1h', '6h', '24h', '7d', '30d', '365d'] as const
export const DEFAULT_LAST = '15m'

const SHORTEST = 1_000
const LONGEST = 20 * 365 * SIZES.d

/** `15m` in µs; undefined when the text is no such span. */
export function parseSpan(text: string): number | undefined {
  const match = /^(\d{1,5})([smhd])$/.exec(text)
  if (match === null) return undefined
  const span = Number(match[1]) * SIZES[match[2] as keyof typeof SIZES]
  return span > 0 && span <= LONGEST ? span : undefined
}

/** The range that an address holds; the default where it holds none, or nonsense. */
export function readRange(search: RangeSearch): TimeRange {
  const { from, to } = search
  if (typeof from === 'number' && typeof to === 'number' && from >= 0 && to - from >= SHORTEST) {
    return { kind: 'fixed', from, to }
  }
  const span = parseSpan(search.last ?? DEFAULT_LAST) ?? parseSpan(DEFAULT_LAST)!
  return { kind: 'last', span }
}

/** What the address holds for a range: the other form is taken away. */
export function rangeSearch(range: TimeRange): {
  last: string | undefined
  from: number | undefined
  to: number | undefined
} {
  if (range.kind === 'fixed') return { last: undefined, from: Math.round(range.from), to: Math.round(range.to) }
  return { last: spanText(range.span), from: undefined, to: undefined }
}

/** The shortest text of a span: `90000000` is `90s`. */
export function spanText(span: number): string {
  for (const unit of ['d', 'h', 'm'] as const) {
    if (span >= SIZES[unit] && span % SIZES[unit] === 0 && !(unit === 'd' && span === SIZES.d))
      return `${span / SIZES[unit]}${unit}`
  }
  return `${Math.max(1, Math.round(span / SIZES.s))}s`
}

export const spanOf = (range: TimeRange, now: number): Span =>
  range.kind === 'fixed' ? { from: range.from, to: range.to } : { from: now - range.span, to: now }

/** A brushed stretch becomes the range of all charts. */
export function zoomTo(a: number, b: number): TimeRange {
  const from = Math.round(Math.min(a, b))
  const to = Math.max(Math.round(Math.max(a, b)), from + SHORTEST)
  return { kind: 'fixed', from, to }
}

/** Zooms around a point (by default the middle): factor 2 shows twice the time. It never looks past now. */
export function zoomBy(range: TimeRange, factor: number, now: number, around?: number): TimeRange {
  const { from, to } = spanOf(range, now)
  const span = Math.min(Math.max((to - from) * factor, SHORTEST * 10), LONGEST)
  if (range.kind === 'last' && around === undefined)
    return { kind: 'last', span: Math.round(span / SIZES.s) * SIZES.s || SIZES.s }
  const at = around ?? (from + to) / 2
  const share = (at - from) / (to - from)
  const start = Math.max(0, Math.round(at - span * share))
  return { kind: 'fixed', from: start, to: start + Math.round(span) }
}

/** Moves the range by a part of its width; moving past now goes back to following it. */
export function panBy(range: TimeRange, part: number, now: number): TimeRange {
  const { from, to } = spanOf(range, now)
  const step = Math.round((to - from) * part)
  if (to + step >= now && part > 0) return { kind: 'last', span: to - from }
  return { kind: 'fixed', from: Math.max(0, from + step), to: Math.max(to - from, to + step) }
}

/** The stretch of the same length right before: what a shift-dragged stretch is compared with. */
export const before = (span: Span): Span => ({ from: span.from - (span.to - span.from), to: span.from })
