import { queryOptions } from '@tanstack/react-query'
import { allPages, api, given } from './client.ts'
import type { LifePrediction } from './types.ts'

/** Predictions come with each step of a service: read again as long as somebody looks. */
const PACE = 3_000

export const lifePredictionsQuery = (equipment?: string) =>
  queryOptions({
    queryKey: ['services', 'life', 'list', equipment],
    queryFn: async (): Promise<LifePrediction[]> =>
      (await allPages((cursor) => api.listLifePredictions({ query: given({ equipment, cursor, limit: 500 }) }))).items,
    refetchInterval: PACE,
  })

export const lifeQuery = (service: string) =>
  queryOptions({
    queryKey: ['services', 'life', 'one', service],
    queryFn: () => api.getLife({ params: { id: service } }),
    refetchInterval: PACE,
  })
