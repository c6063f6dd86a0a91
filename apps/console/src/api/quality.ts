import { queryOptions } from '@tanstack/react-query'
import { allPages, api, given } from './client.ts'
import type { Service } from './types.ts'

const PACE = 5_000
const HOUR = 3_600_000_000

export const qualityServicesQuery = queryOptions({
  queryKey: ['services', 'quality', 'list'],
  queryFn: async (): Promise<Service[]> =>
    (await allPages((cursor) => api.listServices({ query: given({ kind: 'quality', cursor, limit: 500 }) }))).items,
  refetchInterval: PACE,
})

export const partsQuery = (service: string, hours: number) =>
  queryOptions({
    queryKey: ['services', 'quality', 'parts', service, hours],
    queryFn: () =>
      api.listJudgedParts({ params: { id: service }, query: { from: Math.round(Date.now() * 1000 - hours * HOUR) } }),
    refetchInterval: PACE,
    retry: false,
  })

export const causesQuery = (service: string) =>
  queryOptions({
    queryKey: ['services', 'quality', 'causes', service],
    queryFn: () => api.listQualityCauses({ params: { id: service } }),
    retry: false,
  })

export const diverterQuery = (service: string) =>
  queryOptions({
    queryKey: ['services', 'quality', 'diverter', service],
    queryFn: () => api.getDiverter({ params: { id: service } }),
  })

export const curveQuery = (service: string, serial: string, station: string, signal: string, finished: number) =>
  queryOptions({
    queryKey: ['services', 'quality', 'curve', service, serial, station, signal],
    queryFn: () =>
      api.comparePartCurve({
        params: { id: service },
        body: { serial, station, signal, from: finished - 4 * HOUR, to: finished + HOUR / 4 },
      }),
    retry: false,
  })

export interface ChartChoice {
  readonly signal: string
  readonly hours: number
  readonly chart: 'individuals' | 'xbar-r' | 'xbar-s' | 'ewma' | 'cusum'
  readonly rules: 'nelson' | 'western-electric'
  readonly lower: number | undefined
  readonly upper: number | undefined
}

export const controlChartQuery = ({ hours, lower, upper, ...choice }: ChartChoice) =>
  queryOptions({
    queryKey: ['quality', 'chart', choice, hours, lower, upper],
    queryFn: () =>
      api.queryControlChart({
        body: { ...choice, from: Math.round(Date.now() * 1000 - hours * HOUR), ...given({ lower, upper }) },
      }),
    refetchInterval: PACE,
    retry: false,
  })
