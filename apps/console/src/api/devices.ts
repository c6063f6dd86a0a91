import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { allPages, api, byName, given } from './client.ts'
import type { Device } from './types.ts'

export interface DeviceFilter {
  readonly q?: string | undefined
  readonly equipment?: string | undefined
  readonly connection?: 'never' | 'online' | 'offline' | undefined
  /** The gateway behind which they stand. */
  readonly behind?: string | undefined
}

export const devicesQuery = (filter: DeviceFilter = {}) =>
  queryOptions({
    queryKey: ['devices', 'list', filter],
    queryFn: async (): Promise<Device[]> =>
      byName((await allPages((cursor) => api.listDevices({ query: given({ ...filter, cursor, limit: 1000 }) }))).items),
    refetchInterval: 15_000,
  })

export const deviceQuery = (id: string) =>
  queryOptions({
    queryKey: ['devices', 'one', id],
    queryFn: () => api.getDevice({ params: { id } }),
    refetchInterval: 10_000,
  })

export const certificatesQuery = (id: string) =>
  queryOptions({
    queryKey: ['devices', 'certificates', id],
    queryFn: async () => (await api.listCertificates({ params: { id } })).items,
  })

export interface CertificateFilter {
  /** In force: neither revoked nor run out. */
  readonly state?: 'in-force' | 'expired' | 'revoked'
}

/** Of all devices, the one that ends first first. */
export const certificatesOfAllQuery = (filter: CertificateFilter) =>
  infiniteQueryOptions({
    queryKey: ['certificates', filter],
    queryFn: ({ pageParam }) => api.listAllCertificates({ query: given({ ...filter, cursor: pageParam, limit: 200 }) }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next,
  })

export const messagesQuery = (id: string) =>
  queryOptions({
    queryKey: ['devices', 'messages', id],
    queryFn: async () => (await api.listDeviceMessages({ params: { id } })).items,
    refetchInterval: 5_000,
  })

export const twinQuery = (id: string) =>
  queryOptions({
    queryKey: ['devices', 'twin', id],
    queryFn: () => api.getTwin({ params: { id } }),
    refetchInterval: 10_000,
  })

/** A command's way from queued to its result is short: while one is under way, the list is read each second. */
export const commandsQuery = (id: string) =>
  queryOptions({
    queryKey: ['devices', 'commands', id],
    queryFn: async () => (await api.listCommands({ params: { id }, query: { limit: 100 } })).items,
    refetchInterval: (query) =>
      query.state.data?.some((command) => command.state === 'queued' || command.state === 'sent') === true
        ? 1_000
        : 15_000,
  })

export interface DeadLetterFilter {
  readonly device?: string | undefined
  readonly code?: string | undefined
}

export const deadLettersQuery = (filter: DeadLetterFilter) =>
  infiniteQueryOptions({
    queryKey: ['dead-letters', filter],
    queryFn: ({ pageParam }) => api.listDeadLetters({ query: given({ ...filter, cursor: pageParam, limit: 200 }) }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next,
  })
