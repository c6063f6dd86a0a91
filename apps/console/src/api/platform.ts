import { queryOptions } from '@tanstack/react-query'
import { api, given } from './client.ts'
import type { Event } from './types.ts'

export const infoQuery = queryOptions({
  queryKey: ['info'],
  queryFn: () => api.getInfo(),
  staleTime: 10 * 60_000,
})

const MOST = 500

/** What happened since a time, newest first; `more` when it was too much to read. */
export const eventsSinceQuery = (since: number) =>
  queryOptions({
    queryKey: ['events', 'since', since],
    queryFn: async (): Promise<{ items: Event[]; more: boolean }> => {
      const items: Event[] = []
      let cursor: string | undefined
      do {
        const page = await api.listEvents({ query: given({ cursor, limit: 200 }) })
        const fresh = page.items.filter((event) => event.time > since)
        items.push(...fresh)
        cursor = fresh.length === page.items.length ? page.next : undefined
      } while (cursor !== undefined && items.length < MOST)
      return { items, more: cursor !== undefined }
    },
  })

export const eventsOfQuery = (subject: string) =>
  queryOptions({
    queryKey: ['events', 'of', subject],
    queryFn: async () => (await api.listEvents({ query: { subject, limit: 100 } })).items,
  })
