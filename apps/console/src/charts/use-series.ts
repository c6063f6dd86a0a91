import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import { seriesQuery } from '../api/history.ts'
import type { Series, Signal } from '../api/types.ts'
import { live } from '../live/link.ts'
import { shownUnit, type UnitSystem } from '../messages/units.ts'
import { type Columns, columnsOf, EMPTY, inUnit, usualStep, withGaps } from './columns.ts'
import { thin } from './decimate.ts'
import { mergeTail, Tail } from './tail.ts'
import { spanOf, type TimeRange } from './time-range.ts'

export interface DrawnSeries {
  readonly signal: Signal
  readonly columns: Columns
  /** `raw`, or the step of a rollup. */
  readonly resolution: Series['resolution'] | undefined
  readonly points: number
}

interface SeriesState {
  readonly series: readonly DrawnSeries[]
  readonly reading: boolean
  readonly error: Error | null
  readonly retry: () => void
}

const nowMicros = () => Date.now() * 1000
const SHORTEST_REFRESH = 20_000_000

/** Signals over the shared range: history at the resolution that the width needs, with the live rows behind it. */
export function useSeries(
  signals: readonly Signal[],
  range: TimeRange,
  pixels: number,
  units: UnitSystem,
): SeriesState {
  const follows = range.kind === 'last'
  const anchor = useAnchor(follows ? Math.max(SHORTEST_REFRESH, range.span / 100) : undefined)
  const { from, to } = spanOf(range, anchor)
  const ids = useMemo(() => signals.map((signal) => signal.id), [signals])
  const query = useQuery(seriesQuery(ids, Math.round(from), Math.round(to), Math.max(100, Math.round(pixels))))
  const tails = useTails(ids, follows ? range.span : undefined)

  // biome-ignore lint/correctness/useExhaustiveDependencies: `tails.version` stands for what is inside the tails
  const drawn = useMemo(() => {
    const read = new Map(query.data?.map((one) => [one.signal, one]))
    return signals.map((signal): DrawnSeries => {
      const base = read.get(signal.id)
      const history = base === undefined ? EMPTY : columnsOf(base)
      const rows = follows ? (tails.held.get(signal.id)?.rows ?? []) : []
      const merged = mergeTail(history, rows, base?.step)
      const end = follows ? nowMicros() : to
      const thinned = thin(merged, end - (to - from), end, Math.max(200, pixels))
      const columns = inUnit(withGaps(thinned, gapAfter(signal, merged, base?.step)), shownUnit(signal.unit, units).to)
      return { signal, columns, resolution: base?.resolution, points: base?.points ?? 0 }
    })
  }, [query.data, signals, follows, tails.version, pixels, units, from, to])

  return {
    series: drawn,
    reading: query.isPending && ids.length > 0,
    error: query.error,
    retry: () => void query.refetch(),
  }
}

/** How far apart two rows may stand before nobody can claim to know what was between them. */
function gapAfter(signal: Signal, columns: Columns, step: number | undefined): number | undefined {
  if (step !== undefined) return step * 1.5
  const usual = usualStep(columns.time)
  if (usual === undefined) return signal.staleAfter ?? undefined
  return Math.max(signal.staleAfter ?? 0, usual * 5)
}

/** The end of what history is read up to; moves on now and then while the range follows now. */
function useAnchor(every: number | undefined): number {
  const [anchor, setAnchor] = useState(nowMicros)
  useEffect(() => {
    setAnchor(nowMicros())
    if (every === undefined) return
    const timer = setInterval(() => setAnchor(nowMicros()), every / 1000)
    return () => clearInterval(timer)
  }, [every])
  return anchor
}

/** The live rows of signals while the range follows now; the version counts up at most ten times a second. */
function useTails(
  ids: readonly string[],
  span: number | undefined,
): { held: ReadonlyMap<string, Tail>; version: number } {
  const tails = useRef(new Map<string, Tail>())
  const [version, setVersion] = useState(0)
  const key = ids.join(' ')
  useEffect(() => {
    tails.current = new Map()
    if (span === undefined || key === '') return
    const signals = key.split(' ')
    for (const id of signals) tails.current.set(id, new Tail())
    let waiting: ReturnType<typeof setTimeout> | undefined
    const maxRate = span <= 300e6 ? 10 : span <= 3_600e6 ? 4 : 1
    const end = live().signals(
      signals,
      (rows) => {
        for (let i = 0; i < rows.index.length; i++) {
          const value = rows.value[i]
          const number = typeof value === 'number' ? value : typeof value === 'boolean' ? Number(value) : null
          tails.current
            .get(signals[rows.index[i]!]!)
            ?.push({ time: rows.time[i]!, value: number, quality: rows.quality[i]! })
        }
        waiting ??= setTimeout(() => {
          waiting = undefined
          const oldest = nowMicros() - span
          for (const tail of tails.current.values()) tail.dropBefore(oldest)
          if (!document.hidden) setVersion((count) => count + 1)
        }, 100)
      },
      { maxRate },
    )
    return () => {
      clearTimeout(waiting)
      end()
    }
  }, [key, span])
  return { held: tails.current, version }
}
