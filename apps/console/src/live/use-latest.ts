import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import { api } from '../api/client.ts'
import type { Signal } from '../api/types.ts'
import { LatestStore, type Value } from './latest-store.ts'
import { live } from './link.ts'

/** One store for the window: a value shown twice is the same value. */
export const latest = new LatestStore((work) => requestAnimationFrame(work))

const PART = 2_000

type Wanted = readonly Pick<Signal, 'id' | 'kind'>[]

/**
 * Reads the latest values of signals and keeps them current while the caller is on screen. Waveforms are only read: of
 * them the time matters here, and their thousands of samples stay where they are.
 */
export function useLiveSignals(wanted: Wanted, maxRate = 2): void {
  const queries = useQueryClient()
  const signals = wanted.map((signal) => signal.id)
  const key = wanted
    .filter((signal) => signal.kind !== 'waveform')
    .map((signal) => signal.id)
    .join(' ')
  useQuery({
    queryKey: ['latest', signals.join(' ')],
    queryFn: async () => {
      for (let at = 0; at < signals.length; at += PART) {
        latest.fill((await api.queryLatest({ body: { signals: signals.slice(at, at + PART) } })).items)
      }
      return true
    },
    enabled: signals.length > 0,
    refetchInterval: 30_000,
  })
  useEffect(() => {
    if (key === '') return
    const ids = key.split(' ')
    const ends: (() => void)[] = []
    for (let at = 0; at < ids.length; at += PART) ends.push(follow(ids.slice(at, at + PART), maxRate))
    // While the link was away nothing was told: read what was missed.
    ends.push(
      live().onLink((link) => link.state === 'open' && void queries.invalidateQueries({ queryKey: ['latest'] })),
    )
    return () => {
      for (const end of ends) end()
    }
  }, [key, maxRate, queries])
}

const follow = (signals: string[], maxRate: number) =>
  live().signals(
    signals,
    (rows) => {
      for (let i = 0; i < rows.index.length; i++) {
        latest.push(signals[rows.index[i]!]!, rows.value[i], rows.time[i]!, rows.quality[i]!)
      }
    },
    { maxRate },
  )

/** The newest value of one signal; somebody above must keep it current with `useLiveSignals`. */
export function useLatest(signal: string): Value | undefined {
  return useSyncExternalStore(
    (listener) => latest.subscribe(signal, listener),
    () => latest.get(signal),
  )
}
