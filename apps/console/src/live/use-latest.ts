import { useQuery } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import { api } from '../api/client.ts'
import { LatestStore, type Value } from './latest-store.ts'
import { live } from './link.ts'

/** One store for the window: a value shown twice is the same value. */
export const latest = new LatestStore((work) => requestAnimationFrame(work))

const PART = 2_000

/** Reads the latest values of signals and keeps them current while the caller is on screen. */
export function useLiveSignals(signals: readonly string[], maxRate = 2): { reading: boolean; error: Error | null } {
  const key = signals.join(' ')
  const query = useQuery({
    queryKey: ['latest', key],
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
    for (let at = 0; at < ids.length; at += PART) {
      const part = ids.slice(at, at + PART)
      ends.push(
        live().signals(
          part,
          (rows) => {
            for (let i = 0; i < rows.index.length; i++) {
              latest.push(part[rows.index[i]!]!, rows.value[i], rows.time[i]!, rows.quality[i]!)
            }
          },
          { maxRate },
        ),
      )
    }
    return () => {
      for (const end of ends) end()
    }
  }, [key, maxRate])
  return { reading: query.isPending && signals.length > 0, error: query.error }
}

/** The newest value of one signal; somebody above must keep it current with `useLiveSignals`. */
export function useLatest(signal: string): Value | undefined {
  return useSyncExternalStore(
    (listener) => latest.subscribe(signal, listener),
    () => latest.get(signal),
  )
}
