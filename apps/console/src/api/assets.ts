import { queryOptions } from '@tanstack/react-query'
import { allPages, api, byName, given } from './client.ts'
import type { Asset, EquipmentClass, Signal } from './types.ts'

const PAGE = 1000

/** The whole tree that the viewer may see, parents before children. */
export const treeQuery = queryOptions({
  queryKey: ['assets', 'tree'],
  queryFn: async (): Promise<Asset[]> =>
    (await allPages((cursor) => api.listAssets({ query: given({ cursor, limit: PAGE }) }))).items,
})

export const assetQuery = (id: string) =>
  queryOptions({ queryKey: ['assets', 'one', id], queryFn: () => api.getAsset({ params: { id } }) })

export const classesQuery = queryOptions({
  queryKey: ['classes'],
  queryFn: async (): Promise<EquipmentClass[]> =>
    (await allPages((cursor) => api.listClasses({ query: given({ cursor, limit: PAGE }) }))).items,
})

export const classQuery = (id: string) =>
  queryOptions({ queryKey: ['classes', id], queryFn: () => api.getClass({ params: { id } }) })

export interface SignalFilter {
  readonly equipment?: string | undefined
  readonly under?: string | undefined
  readonly device?: string | undefined
  readonly q?: string | undefined
}

export const signalsQuery = (filter: SignalFilter) =>
  queryOptions({
    queryKey: ['signals', filter],
    queryFn: async (): Promise<Signal[]> =>
      byName((await allPages((cursor) => api.listSignals({ query: given({ ...filter, cursor, limit: PAGE }) }))).items),
  })

export const signalQuery = (id: string) =>
  queryOptions({ queryKey: ['signal', id], queryFn: () => api.getSignal({ params: { id } }) })
