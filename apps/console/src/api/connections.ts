import { queryOptions } from '@tanstack/react-query'
import { allPages, api, byName, given } from './client.ts'
import type { Agent, Connection } from './types.ts'

/** The protocols do not change while the platform runs. */
export const adaptersQuery = queryOptions({
  queryKey: ['adapters'],
  queryFn: async () => byName((await api.listAdapters()).items),
  staleTime: 10 * 60_000,
})

export interface ConnectionFilter {
  readonly adapter?: string | undefined
  readonly agent?: string | undefined
}

export const connectionsQuery = (filter: ConnectionFilter = {}) =>
  queryOptions({
    queryKey: ['connections', 'list', filter],
    queryFn: async (): Promise<Connection[]> =>
      byName(
        (await allPages((cursor) => api.listConnections({ query: given({ ...filter, cursor, limit: 1000 }) }))).items,
      ),
    refetchInterval: 3_000,
  })

/** A connection's state is what one looks at while mending it: it is read every other second. */
export const connectionQuery = (id: string) =>
  queryOptions({
    queryKey: ['connections', 'one', id],
    queryFn: () => api.getConnection({ params: { id } }),
    refetchInterval: 2_000,
  })

export const agentsQuery = queryOptions({
  queryKey: ['agents', 'list'],
  queryFn: async (): Promise<Agent[]> =>
    byName((await allPages((cursor) => api.listAgents({ query: given({ cursor, limit: 1000 }) }))).items),
  refetchInterval: 5_000,
})

export const agentQuery = (id: string) =>
  queryOptions({
    queryKey: ['agents', 'one', id],
    queryFn: () => api.getAgent({ params: { id } }),
    refetchInterval: 3_000,
  })
