import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { allPages, api, given } from './client.ts'
import type { Grant, User } from './types.ts'

export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: async (): Promise<User[]> =>
    (await allPages((cursor) => api.listUsers({ query: given({ cursor, limit: 1000 }) }))).items,
})

export const rolesQuery = queryOptions({ queryKey: ['roles'], queryFn: async () => (await api.listRoles()).items })

export const grantsQuery = queryOptions({
  queryKey: ['grants'],
  queryFn: async (): Promise<Grant[]> =>
    (await allPages((cursor) => api.listGrants({ query: given({ cursor, limit: 1000 }) }))).items,
})

export const tokensQuery = queryOptions({ queryKey: ['tokens'], queryFn: async () => (await api.listTokens()).items })
export const tenantsQuery = queryOptions({
  queryKey: ['tenants'],
  queryFn: async () => (await api.listTenants()).items,
})
export const sharesQuery = queryOptions({
  queryKey: ['shares'],
  queryFn: async () => (await api.listShares({ query: {} })).items,
})

export interface AuditFilter {
  readonly action?: string | undefined
  readonly actor?: string | undefined
  readonly target?: string | undefined
  readonly from?: number | undefined
  readonly to?: number | undefined
}

export const auditQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam }) => api.listAudit({ query: given({ ...filter, cursor: pageParam, limit: 200 }) }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next,
  })
