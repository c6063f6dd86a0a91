import { fromLocalInput } from '../../charts/local-input.ts'
import { parseSpan, type Span } from '../../charts/time-range.ts'

/** A stretch of history as a person says it: as far as is usual, the last so much, or from and to. */
export interface SpanDraft {
  readonly choice: string
  /** Texts of `datetime-local` fields. */
  readonly from: string
  readonly to: string
}

export const USUAL = 'usual'
export const OWN = 'own'
export const LASTS = ['1h', '24h', '7d', '30d', '90d'] as const

export const usualSpan: SpanDraft = { choice: USUAL, from: '', to: '' }

/** `{}`: as is usual. Undefined: it is not whole yet, or ends before it begins. */
export function spanAsked(draft: SpanDraft, now: number, zone: string | undefined): Partial<Span> | undefined {
  if (draft.choice === USUAL) return {}
  const last = parseSpan(draft.choice)
  if (last !== undefined) return { from: now - last, to: now }
  const [from, to] = [fromLocalInput(draft.from, zone), fromLocalInput(draft.to, zone)]
  return from !== undefined && to !== undefined && from < to ? { from, to } : undefined
}
