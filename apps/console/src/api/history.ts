import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api } from './client.ts'
import type { Series } from './types.ts'

const AT_ONCE = 50

/** Signals over a range, at the resolution that the width needs; more than 50 signals are asked for in parts. */
export const seriesQuery = (signals: readonly string[], from: number, to: number, pixels: number) =>
  queryOptions({
    queryKey: ['series', signals, from, to, pixels],
    queryFn: async ({ signal }): Promise<Series[]> => {
      const parts: string[][] = []
      for (let at = 0; at < signals.length; at += AT_ONCE) parts.push(signals.slice(at, at + AT_ONCE))
      const answers = await Promise.all(
        parts.map((part) => api.querySeries({ body: { signals: part, from, to, pixels }, signal })),
      )
      return answers.flatMap((answer) => answer.series)
    },
    enabled: signals.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    gcTime: 60_000,
  })

export const readingsQuery = (signal: string, from: number, to: number, limit = 2000) =>
  queryOptions({
    queryKey: ['readings', signal, from, to, limit],
    queryFn: async () => (await api.queryReadings({ body: { signal, from, to, limit } })).items,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    gcTime: 60_000,
  })

export const waveformsQuery = (signal: string, from: number, to: number, limit: number) =>
  queryOptions({
    queryKey: ['waveforms', signal, from, to, limit],
    queryFn: async () => (await api.queryWaveforms({ body: { signal, from, to, limit } })).items,
    placeholderData: keepPreviousData,
  })

export const dataHealthQuery = queryOptions({
  queryKey: ['data-health'],
  queryFn: () => api.getDataHealth(),
  refetchInterval: 2_000,
})
