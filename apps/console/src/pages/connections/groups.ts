import type { AdapterDescription } from '../../api/types.ts'

export const GROUPS = ['machines', 'brokers', 'benches', 'files', 'sinks'] as const
export type Group = (typeof GROUPS)[number]

/** Where an adapter is looked for. A protocol that is not known here finds its place by the way its data goes. */
const PLACES: Readonly<Record<string, Group>> = {
  opcua: 'machines',
  modbus: 'machines',
  influx: 'brokers',
  prometheus: 'brokers',
  scpi: 'benches',
  lines: 'benches',
  can: 'benches',
  files: 'files',
  mdf: 'files',
}

export function groupOf({ id, direction }: Pick<AdapterDescription, 'id' | 'direction'>): Group {
  if (direction === 'sends') return 'sinks'
  return PLACES[id] ?? (direction === 'listens' || /mqtt|sparkplug|broker/.test(id) ? 'brokers' : 'machines')
}

/** Groups that have something in them, in the order in which they are shown. */
export const grouped = (adapters: readonly AdapterDescription[]): { group: Group; adapters: AdapterDescription[] }[] =>
  GROUPS.map((group) => ({ group, adapters: adapters.filter((one) => groupOf(one) === group) })).filter(
    (one) => one.adapters.length > 0,
  )
