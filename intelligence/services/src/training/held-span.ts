import type { Span, Surveyed } from './survey.ts'

/** How finely the ends of the readings are known, as a share of the span. */
const KNOWN = 1 / 1000

/** The part of a span that has readings at all: what is empty at its ends need not be read. Empty itself when there are none. */
export function heldSpan(surveyed: readonly Surveyed[], { from, to }: Span): Span {
  const margin = (to - from) * KNOWN
  const oldest = Math.min(...surveyed.map(({ readiness }) => readiness.oldest ?? Number.POSITIVE_INFINITY))
  const newest = Math.max(...surveyed.map(({ readiness }) => readiness.newest ?? Number.NEGATIVE_INFINITY))
  if (newest < oldest) return { from, to: from }
  return { from: Math.max(from, Math.floor(oldest - margin)), to: Math.min(to, Math.ceil(newest + margin)) }
}
