import { queryOptions } from '@tanstack/react-query'
import { allPages, api, given } from './client.ts'
import type { Service } from './types.ts'

/** A period is an hour or a day: once a minute is often enough. */
const PACE = 60_000

export const energyServicesQuery = queryOptions({
  queryKey: ['services', 'energy', 'list'],
  queryFn: async (): Promise<Service[]> =>
    (await allPages((cursor) => api.listServices({ query: given({ kind: 'energy', cursor, limit: 500 }) }))).items,
  refetchInterval: 5_000,
})

export const energyQuery = (service: string) =>
  queryOptions({
    queryKey: ['services', 'energy', 'one', service],
    queryFn: () => api.getEnergy({ params: { id: service }, query: {} }),
    refetchInterval: PACE,
    retry: false,
  })

export const energyPlanQuery = (service: string) =>
  queryOptions({
    queryKey: ['services', 'energy', 'plan', service],
    queryFn: () => api.getEnergyPlan({ params: { id: service } }),
    refetchInterval: PACE,
    retry: false,
  })

/** The newest version of a service that does not work yet: undefined when it has none. */
export const newestVersionQuery = (service: string) =>
  queryOptions({
    queryKey: ['services', 'energy', 'newest', service],
    queryFn: async () =>
      (await api.listServiceVersions({ params: { id: service }, query: { limit: 1 } })).items[0] ?? null,
    refetchInterval: 5_000,
  })
