import { useNavigate, useSearch } from '@tanstack/react-router'
import { rangeSearch, readRange, type Span, type TimeRange } from './time-range.ts'

/** The time range in the address bar, shared by every chart, and the way to change it. */
export function useRange(): [TimeRange, (range: TimeRange) => void] {
  const search = useSearch({ from: '__root__' })
  const navigate = useNavigate()
  const set = (range: TimeRange) =>
    void navigate({
      to: '.',
      search: (held) => ({ ...held, ...rangeSearch(range) }),
      replace: true,
      resetScroll: false,
    })
  return [readRange(search), set]
}

/** The stretch that is compared with the one before it, as the address bar of a machine's page holds it. */
export function useCompare(): [Span | undefined, (span: Span | undefined) => void] {
  const search = useSearch({ strict: false })
  const navigate = useNavigate()
  const { compareFrom, compareTo } = search
  const span =
    compareFrom !== undefined && compareTo !== undefined && compareTo > compareFrom
      ? { from: compareFrom, to: compareTo }
      : undefined
  const set = (next: Span | undefined) =>
    void navigate({
      to: '.',
      search: (held) => ({
        ...held,
        compareFrom: next === undefined ? undefined : Math.round(next.from),
        compareTo: next === undefined ? undefined : Math.round(next.to),
      }),
      replace: true,
      resetScroll: false,
    })
  return [span, set]
}
