import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, given } from './client.ts'
import type { Input, Service, VibrationDiagnosis } from './types.ts'

/** The newest recording is looked for this often; a recording of the past stays what it is. */
const LIVE = 5_000

const pace = (at: number | undefined): number | false => (at === undefined ? LIVE : false)

/** Services that listen to a machine's vibration. */
export const vibrationServicesQuery = (equipment: string) =>
  queryOptions({
    queryKey: ['services', 'vibration', equipment],
    queryFn: async (): Promise<Service[]> => {
      const { items } = await api.listServices({ query: { kind: 'vibration', under: equipment, limit: 100 } })
      return items.filter((service) => service.equipment === equipment)
    },
  })

export const diagnosisQuery = (id: string, signal: string, at: number | undefined) =>
  queryOptions({
    queryKey: ['vibration', 'diagnosis', id, signal, at],
    queryFn: (context): Promise<VibrationDiagnosis> =>
      api.diagnoseVibration({ params: { id }, body: given({ signal, at }), signal: context.signal }),
    placeholderData: keepPreviousData,
    refetchInterval: pace(at),
    retry: false,
  })

export const spectrumQuery = (body: Input<'queryVibrationSpectrum'>['body']) =>
  queryOptions({
    queryKey: ['vibration', 'spectrum', body],
    queryFn: ({ signal }) => api.queryVibrationSpectrum({ body, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: pace(body.at),
    retry: false,
  })

export const spectrogramQuery = (body: Input<'queryVibrationSpectrogram'>['body']) =>
  queryOptions({
    queryKey: ['vibration', 'spectrogram', body],
    queryFn: ({ signal }) => api.queryVibrationSpectrogram({ body, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: pace(body.at),
    retry: false,
  })

export const waterfallQuery = (body: Input<'queryVibrationWaterfall'>['body']) =>
  queryOptions({
    queryKey: ['vibration', 'waterfall', body],
    queryFn: ({ signal }) => api.queryVibrationWaterfall({ body, signal }),
    placeholderData: keepPreviousData,
    retry: false,
  })
