import { PRIORITIES } from '@millwright/contracts/lists'
import type { Priority } from '../api/types.ts'
import { parseSpan, type RangeSearch } from '../charts/time-range.ts'

/** What the address bar may hold, page by page. Whatever is not understood is left out, never an error. */
type Raw = Record<string, unknown>

const text = (value: unknown): string | undefined => {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' && value.length <= 500 ? value : undefined
}
const flag = (value: unknown): true | undefined => (value === true ? true : undefined)
const time = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
const texts = (value: unknown): string[] | undefined =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string').slice(0, 50) : undefined
const oneOf = <const T extends readonly string[]>(value: unknown, all: T): T[number] | undefined =>
  all.includes(value as string) ? (value as T[number]) : undefined

type Kept<T> = { [K in keyof T]?: T[K] | undefined }
const kept = <T extends object>(values: T): Kept<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Kept<T>

export const range = (raw: Raw): RangeSearch => {
  const last = text(raw['last'])
  return kept({
    last: last !== undefined && parseSpan(last) !== undefined ? last : undefined,
    from: time(raw['from']),
    to: time(raw['to']),
  })
}

export const signIn = (raw: Raw) => kept({ next: text(raw['next']) })
export const listing = (raw: Raw) => kept({ q: text(raw['q']) })
export const open = (raw: Raw) => kept({ q: text(raw['q']), open: text(raw['open']), add: flag(raw['add']) })
export const machines = (raw: Raw) => kept({ q: text(raw['q']), node: text(raw['node']) })

export const QUALITY_VIEWS = ['parts', 'charts', 'causes'] as const
export type QualityView = (typeof QUALITY_VIEWS)[number]
const figure = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined
export const quality = (raw: Raw) =>
  kept({
    view: oneOf(raw['view'], QUALITY_VIEWS),
    service: text(raw['service']),
    part: text(raw['part']),
    hours:
      oneOf(String(raw['hours']), ['1', '4', '8', '24', '168'] as const) === undefined
        ? undefined
        : Number(raw['hours']),
    signal: text(raw['signal']),
    chart: oneOf(raw['chart'], ['individuals', 'xbar-r', 'xbar-s', 'ewma', 'cusum'] as const),
    rules: oneOf(raw['rules'], ['nelson', 'western-electric'] as const),
    lower: figure(raw['lower']),
    upper: figure(raw['upper']),
  })
export type QualitySearch = ReturnType<typeof quality>

export const energy = (raw: Raw) => kept({ service: text(raw['service']) })

export const machineTable = (raw: Raw) => kept({ q: text(raw['q']), equipmentClass: text(raw['equipmentClass']) })

export const VIBRATION_VIEWS = [
  'velocity',
  'acceleration',
  'envelope',
  'order',
  'cepstrum',
  'waterfall',
  'spectrogram',
  'trend',
] as const
export type VibrationView = (typeof VIBRATION_VIEWS)[number]
export const MACHINE_TABS = ['state', 'live', 'vibration', 'health', 'alarms', 'devices', 'history'] as const
export type MachineTab = (typeof MACHINE_TABS)[number]
export const machine = (raw: Raw) =>
  kept({
    tab: oneOf(raw['tab'], MACHINE_TABS),
    signals: texts(raw['signals']),
    compareFrom: time(raw['compareFrom']),
    compareTo: time(raw['compareTo']),
    view: oneOf(raw['view'], VIBRATION_VIEWS),
    waveform: text(raw['waveform']),
    at: time(raw['at']),
  })

export const alarms = (raw: Raw) =>
  kept({
    open: text(raw['open']),
    under: text(raw['under']),
    priority: oneOf(raw['priority'], PRIORITIES) as Priority | undefined,
    show: oneOf(raw['show'], ['waiting', 'shelved'] as const),
    q: text(raw['q']),
  })
export const journal = (raw: Raw) => kept({ open: text(raw['open']), under: text(raw['under']) })
export const rule = (raw: Raw) =>
  kept({ equipment: text(raw['equipment']), equipmentClass: text(raw['equipmentClass']) })
export const devices = (raw: Raw) =>
  kept({
    q: text(raw['q']),
    connection: oneOf(raw['connection'], ['never', 'online', 'offline'] as const),
    add: flag(raw['add']),
    equipment: text(raw['equipment']),
  })
export const DEVICE_TABS = ['connection', 'messages', 'commands', 'twin', 'dead-letters'] as const
export type DeviceTab = (typeof DEVICE_TABS)[number]
export const device = (raw: Raw) => kept({ tab: oneOf(raw['tab'], DEVICE_TABS), enrol: flag(raw['enrol']) })
export const deadLetters = (raw: Raw) =>
  kept({ device: text(raw['device']), code: text(raw['code']), open: text(raw['open']) })
export const connections = (raw: Raw) => kept({ q: text(raw['q']), adapter: text(raw['adapter']) })
export const newConnection = (raw: Raw) =>
  kept({
    adapter: text(raw['adapter']),
    agent: text(raw['agent']),
    equipment: text(raw['equipment']),
    step: oneOf(raw['step'], ['check'] as const),
  })
export const CONNECTION_TABS = ['overview', 'settings', 'devices', 'commands', 'dead-letters'] as const
export type ConnectionTab = (typeof CONNECTION_TABS)[number]
export const connection = (raw: Raw) => kept({ tab: oneOf(raw['tab'], CONNECTION_TABS) })
export const agents = (raw: Raw) => kept({ q: text(raw['q']), add: flag(raw['add']) })
export const AGENT_TABS = ['state', 'connections', 'settings', 'health'] as const
export type AgentTab = (typeof AGENT_TABS)[number]
export const agent = (raw: Raw) => kept({ tab: oneOf(raw['tab'], AGENT_TABS), enrol: flag(raw['enrol']) })
export const models = (raw: Raw) =>
  kept({ q: text(raw['q']), kind: text(raw['kind']), show: oneOf(raw['show'], ['care'] as const) })
export const newModel = (raw: Raw) =>
  kept({
    kind: text(raw['kind']),
    equipment: text(raw['equipment']),
    step: oneOf(raw['step'], ['data'] as const),
  })
export const MODEL_TABS = ['overview', 'episodes', 'versions', 'settings'] as const
export type ModelTab = (typeof MODEL_TABS)[number]
export const model = (raw: Raw) =>
  kept({
    tab: oneOf(raw['tab'], MODEL_TABS),
    episode: text(raw['episode']),
    version: time(raw['version']),
    with: time(raw['with']),
  })
export const users = (raw: Raw) => kept({ q: text(raw['q']), add: flag(raw['add']) })
export const audit = (raw: Raw) =>
  kept({ action: text(raw['action']), actor: text(raw['actor']), target: text(raw['target']) })
export const certificates = (raw: Raw) => kept({ state: oneOf(raw['state'], ['expired', 'revoked'] as const) })
