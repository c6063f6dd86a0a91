import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Client } from '@millwright/sdk'
import { buildMachines } from '../fleet/machines.ts'
import { type LoadOptions, type LoadResult, runLoad, writeIdentities } from '../load/run.ts'
import { startPlatform } from '../platform/start.ts'
import { processTime } from '../platform/usage.ts'
import type { Figure, Scenario } from '../scenario.ts'

/** Machines with an anomaly service each; every signal is sent once a second. */
const MACHINES = 100
const METRICS = 20
const VALUES = 10
/** History of the one machine whose training is measured against ingest. */
const ROWS = 100_000
const SECOND = 1_000_000
const PATIENCE = 900_000

export const services: Scenario = {
  name: 'services',
  about: `AI services: ${MACHINES} of them score ${(MACHINES * METRICS).toLocaleString('en')} signals at 1 Hz; a training of ${(ROWS * METRICS).toLocaleString('en')} values beside ingest`,
  async run({ directory, quick, log }) {
    const machines = quick ? MACHINES / 10 : MACHINES
    const platform = await startPlatform({ directory: join(directory, 'data') })
    const { client, pid } = platform
    try {
      const fleet = await buildMachines(client, machines, METRICS)
      const identities = await writeIdentities(join(directory, 'devices.json'), fleet.identities)
      const load: Omit<LoadOptions, 'seconds'> = {
        port: platform.mqttPort,
        identities,
        connections: machines,
        values: VALUES,
        metrics: METRICS,
        window: 20,
        rate: (machines * METRICS) / VALUES,
        warmup: 3,
      }
      /** Under the same load each time. @returns its latencies, and the cores that the platform took */
      const measured = async (seconds: number): Promise<LoadResult & { cores: number }> => {
        let [began, used] = [0, 0]
        let cores = 0
        const result = await runLoad(
          { ...load, seconds },
          {
            measuring: () => {
              began = performance.now()
              used = processTime(pid)
            },
            measured: () => {
              cores = (processTime(pid) - used) / ((performance.now() - began) / 1000)
            },
          },
        )
        return { ...result, cores }
      }

      const without = await measured(quick ? 70 : 90)
      log(`without services: ${without.cores.toFixed(2)} cores`)
      const big = await longHistory(client, quick ? ROWS / 10 : ROWS)
      const trainingBegan = performance.now()
      const { id } = await client.createService({ body: { name: 'Long', kind: 'anomaly', equipment: big } })
      await client.trainService({ params: { id }, body: {} })
      const beside = await measured(30)
      const { state } = await client.getServiceVersion({ params: { id, number: 1 } })
      await ended(client, id)
      const trained = (performance.now() - trainingBegan) / 1000
      log(`training of the long history: ${trained.toFixed(1)} s, ${state} when the load ended`)

      const made: string[] = []
      const began = performance.now()
      for (const equipment of fleet.equipment) {
        const service = await client.createService({ body: { name: 'Watch', kind: 'anomaly', equipment } })
        await client.trainService({ params: { id: service.id }, body: {} })
        made.push(service.id)
        // As many as a tenant may have waiting.
        if (made.length % 40 === 0) for (const one of made.slice(-40)) await ended(client, one)
      }
      for (const one of made) await ended(client, one)
      const each = (performance.now() - began) / 1000 / machines
      for (const one of made) await client.publishService({ params: { id: one }, body: {} })
      for (const one of made) await live(client, one)
      const scoring = await measured(30)
      log(`with ${machines} services: ${scoring.cores.toFixed(2)} cores`)

      const puback = (name: string, { pubackMs: { p50, p99 } }: LoadResult): Figure[] => [
        { name: `PUBACK p50, ${name}`, value: p50, unit: 'ms' },
        { name: `PUBACK p99, ${name}`, value: p99, unit: 'ms' },
      ]
      const signals = machines * METRICS
      return {
        figures: [
          ...puback('without services', without),
          ...puback('while a service is trained', beside),
          ...puback('while services score', scoring),
          { name: 'platform, without services', value: without.cores, unit: 'cores' },
          {
            name: `scoring ${signals.toLocaleString('en')} signals at 1 Hz`,
            value: scoring.cores - without.cores,
            unit: 'cores',
            target: { atMost: (0.25 * signals) / 10_000 },
            note: `${machines} services; with writing ${machines * 4} results a second`,
          },
          {
            name: `training on ${METRICS} signals, long history`,
            value: trained,
            unit: 's',
            note: `still ${state} when the load ended`,
          },
          { name: 'training on the last 90 s, each', value: each, unit: 's' },
        ],
      }
    } finally {
      await platform.stop()
    }
  },
}

async function longHistory(client: Client, rows: number): Promise<string> {
  const { id: equipment } = await client.createAsset({ body: { level: 'equipment', name: 'Long', parent: null } })
  const from = Math.floor(Date.now() / 1000 - rows) * SECOND
  const time = Array.from({ length: rows }, (_, n) => from + n * SECOND)
  for (let metric = 0; metric < METRICS; metric++) {
    const body = { name: `metric_${metric}`, kind: 'number', unit: '1', equipment } as const
    const { id: signal } = await client.createSignal({ body })
    const value = time.map((_, n) => Math.sin(n / (40 + metric)) + 0.1 * Math.sin(n * 12.9898 + metric * 78.233))
    await client.writeReadings({ body: { signal, time, value } })
  }
  return equipment
}

async function ended(client: Client, id: string): Promise<void> {
  await until(async () => {
    const { state, failure } = await client.getServiceVersion({ params: { id, number: 1 } })
    if (state === 'failed') throw new Error(`the training failed: ${failure}`)
    return state === 'ready'
  })
}

const live = (client: Client, id: string): Promise<void> =>
  until(async () => (await client.getService({ params: { id } })).trouble === null)

async function until(condition: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + PATIENCE
  while (!(await condition())) {
    if (performance.now() > end) throw new Error('it took too long')
    await delay(200)
  }
}
