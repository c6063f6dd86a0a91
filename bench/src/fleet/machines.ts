import type { Client } from '@millwright/sdk'
import { enrolDevices, type Identities } from './enrol.ts'

/** Machines of one class under one site, a device on each. */
export interface Machines {
  readonly identities: Identities
  readonly equipmentClass: string
  readonly equipment: readonly string[]
}

/** @param metrics of each machine, named `metric_0`, `metric_1`, … */
export async function buildMachines(client: Client, count: number, metrics: number): Promise<Machines> {
  const { id: equipmentClass } = await client.createClass({
    body: {
      name: 'Machine',
      signals: Array.from({ length: metrics }, (_, n) => ({ name: `metric_${n}`, kind: 'number', unit: '1' })),
    },
  })
  const { id: site } = await client.createAsset({ body: { level: 'site', name: 'Works', parent: null } })
  const equipment: string[] = []
  for (let n = 0; n < count; n++) {
    const body = { level: 'equipment', name: `Machine ${n}`, parent: site, equipmentClass } as const
    equipment.push((await client.createAsset({ body })).id)
  }
  const identities = await enrolDevices(client, count, (n) => ({ name: `PLC ${n}`, equipment: equipment[n]! }))
  return { identities, equipmentClass, equipment }
}

/** Of every kind, over the class, so that each watches all machines; of values from 100 to 1,000 none is ever true. */
const CONDITIONS: readonly string[] = [
  'metric_0 > 2000.0',
  'metric_1 < 0.0',
  'metric_2 > 2000.0 && metric_3 > 2000.0',
  'metric_3 > 2000.0 || metric_4 < 0.0',
  'metric_5 - metric_6 > 2000.0',
  'metric_7 / 2.0 > 1000.0 && metric_8 > 10.0',
  'avg(metric_9, "10s") > 2000.0',
  'avg(metric_10, "1m") > 2000.0 && metric_11 > 100.0',
  'max(metric_12, "10s") - min(metric_12, "10s") > 2000.0',
  'stddev(metric_13, "10s") > 2000.0',
  'rate(metric_14, "10s") > 100000.0',
  'delta(metric_15, "5s") > 2000.0',
  'noData(metric_16, "30s")',
  'count(metric_17, "1s") < 1.0 && metric_17 > 2000.0',
  'trueFor(metric_18 > 2000.0, "1m") > 10.0',
  'math.abs(metric_19 - avg(metric_19, "5s")) > 2000.0',
  'metric_0 + metric_1 + metric_2 > 6000.0',
  'quality(metric_4) == "bad"',
  'sum(metric_6, "1s") > 10000000.0',
  'metric_8 > 2000.0 ? metric_9 > 1.0 : metric_9 > 2000.0',
]

/** Twenty active rules over all machines. */
export async function addRules(client: Client, equipmentClass: string): Promise<string[]> {
  const ids: string[] = []
  for (const [n, condition] of CONDITIONS.entries()) {
    const body = { name: `Rule ${n}`, equipmentClass, condition, priority: 'medium' } as const
    ids.push((await client.createRule({ body })).id)
  }
  return ids
}
