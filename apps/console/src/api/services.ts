import { queryOptions } from '@tanstack/react-query'
import { allPages, api, byName, given } from './client.ts'
import type { Episode, Input, Label, Service, ServiceJob, ServiceKind, ServiceVersion } from './types.ts'

/** Work that is waited for is looked at often; what is only watched, now and then (the live link tells of changes too). */
const WORKING = 1_000
const WATCHED = 5_000

/** The kinds do not change while the platform runs. */
export const serviceKindsQuery = queryOptions({
  queryKey: ['service-kinds'],
  queryFn: async (): Promise<ServiceKind[]> => (await api.listServiceKinds()).items,
  staleTime: 10 * 60_000,
})

export const servicesQuery = (under?: string) =>
  queryOptions({
    queryKey: ['services', 'list', under],
    queryFn: async (): Promise<Service[]> =>
      byName((await allPages((cursor) => api.listServices({ query: given({ under, cursor, limit: 500 }) }))).items),
    refetchInterval: WATCHED,
  })

export const serviceQuery = (id: string) =>
  queryOptions({
    queryKey: ['services', 'one', id],
    queryFn: () => api.getService({ params: { id } }),
    refetchInterval: (query) => (query.state.data?.training == null ? WATCHED : WORKING),
  })

export const isOpen = ({ state }: Pick<ServiceVersion, 'state'>): boolean => state === 'waiting' || state === 'running'

export const versionsQuery = (id: string) =>
  queryOptions({
    queryKey: ['services', 'versions', id],
    queryFn: async (): Promise<ServiceVersion[]> =>
      (
        await allPages(
          (cursor) => api.listServiceVersions({ params: { id }, query: given({ cursor, limit: 100 }) }),
          500,
        )
      ).items,
    refetchInterval: (query) => (query.state.data?.some(isOpen) === true ? WORKING : WATCHED),
  })

export const versionQuery = (id: string, number: number) =>
  queryOptions({
    queryKey: ['services', 'version', id, number],
    queryFn: () => api.getServiceVersion({ params: { id, number } }),
    refetchInterval: (query) => (query.state.data !== undefined && isOpen(query.state.data) ? WORKING : false),
  })

export interface EpisodeFilter {
  readonly from?: number
  readonly to?: number
  readonly labelled?: boolean
}

/** The newest some hundred: who wants older ones says from when to when. */
export const episodesQuery = (id: string, filter: EpisodeFilter = {}, most = 500) =>
  queryOptions({
    queryKey: ['services', 'episodes', id, filter, most],
    queryFn: async (): Promise<Episode[]> =>
      (
        await allPages(
          (cursor) =>
            api.listEpisodes({ params: { id }, query: given({ ...filter, cursor, limit: Math.min(most, 100) }) }),
          most,
        )
      ).items,
    refetchInterval: WATCHED,
  })

export const labelsQuery = (id: string) =>
  queryOptions({
    queryKey: ['services', 'labels', id],
    queryFn: async (): Promise<Label[]> =>
      (await allPages((cursor) => api.listLabels({ params: { id }, query: given({ cursor, limit: 100 }) }), 500)).items,
  })

export const jobsQuery = (id: string) =>
  queryOptions({
    queryKey: ['services', 'jobs', id],
    queryFn: async (): Promise<ServiceJob[]> =>
      (await api.listServiceJobs({ params: { id }, query: { limit: 20 } })).items,
    refetchInterval: (query) => (query.state.data?.some(isOpen) === true ? WORKING : WATCHED),
  })

/** Whether history is enough for a draft; it reads much, so it is asked when somebody looks, not again and again. */
export const readinessQuery = (body: Input<'checkReadiness'>['body']) =>
  queryOptions({
    queryKey: ['readiness', body],
    queryFn: ({ signal }) => api.checkReadiness({ body, signal }),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  })
