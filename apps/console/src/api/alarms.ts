import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { isShelved } from '../live/standing.ts'
import { allPages, api, given } from './client.ts'
import type { Alarm, Priority } from './types.ts'

/** Every standing alarm; kept current by the live link (see live/alarms.ts), read again now and then all the same. */
export const standingQuery = queryOptions({
  queryKey: ['alarms', 'standing'],
  queryFn: async (): Promise<Alarm[]> =>
    (await allPages((cursor) => api.listAlarms({ query: given({ state: 'standing' as const, cursor, limit: 1000 }) })))
      .items,
  refetchInterval: 60_000,
  // What somebody put on the shelf counts nowhere; the list of alarms alone shows it.
  select: (alarms) => alarms.filter((alarm) => !isShelved(alarm)),
})

/** Those on the shelf too. */
export const standingOrShelvedQuery = queryOptions({ ...standingQuery, select: (alarms) => alarms })

export interface AlarmFilter {
  readonly state?: 'standing' | 'closed' | 'all'
  readonly priority?: Priority
  readonly under?: string
  readonly rule?: string
  readonly from?: number
  readonly to?: number
}

export const alarmsQuery = (filter: AlarmFilter) =>
  queryOptions({
    queryKey: ['alarms', 'list', filter],
    queryFn: async (): Promise<Alarm[]> =>
      (await allPages((cursor) => api.listAlarms({ query: given({ ...filter, cursor, limit: 500 }) }), 2_000)).items,
  })

export const alarmQuery = (id: string) =>
  queryOptions({ queryKey: ['alarms', 'one', id], queryFn: () => api.getAlarm({ params: { id } }) })

export interface JournalFilter {
  readonly alarm?: string | undefined
  readonly under?: string | undefined
  readonly from?: number | undefined
  readonly to?: number | undefined
}

export const journalQuery = (filter: JournalFilter, limit = 200) =>
  infiniteQueryOptions({
    queryKey: ['journal', filter, limit],
    queryFn: ({ pageParam }) => api.listJournal({ query: given({ ...filter, cursor: pageParam, limit }) }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next,
  })

export const rulesQuery = queryOptions({
  queryKey: ['rules', 'list'],
  queryFn: async () => (await allPages((cursor) => api.listRules({ query: given({ cursor, limit: 1000 }) }))).items,
})

export const ruleQuery = (id: string) =>
  queryOptions({ queryKey: ['rules', 'one', id], queryFn: () => api.getRule({ params: { id } }) })
