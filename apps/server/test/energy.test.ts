/** Energy and forecast services through the API of a whole platform: from a meter's history to what was saved. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR, MINUTE } from '@millwright/foundation'
import { eventually } from '@millwright/foundation/testing'
import { ApiError, type Client } from '@millwright/sdk'
import { startPlatform, temporaryDirectory } from './harness/platform.ts'

const PATIENCE = 120_000
const STEP = 5 * MINUTE
const DAYS = 12
const PER_DAY = 288

/** A repeatable wobble, even between -1 and 1. */
const wobble = (n: number) => {
  const x = Math.sin(n * 12.9898) * 43758.5453
  return 2 * (x - Math.floor(x)) - 1
}
const works = (n: number) => n % PER_DAY >= 6 * 12 && n % PER_DAY < 22 * 12
/** Parts of a step; some hours run slower. */
const parts = (n: number) => (works(n) ? 8 + Math.round(4 * Math.abs(wobble(Math.floor(n / 12)))) : 0)
/** kW: 5 at rest and 1.5 for each part of a step; from the ninth day on 2 less, whatever is made. */
const power = (n: number) => 5 + 1.5 * parts(n) - (n >= 9 * PER_DAY ? 2 : 0) + 0.2 * wobble(n * 7)

async function compressorAndPress(client: Client, begun: number) {
  const line = await client.createAsset({ body: { level: 'line', name: 'Line', parent: null } })
  const air = await client.createAsset({ body: { level: 'equipment', name: 'Compressor', parent: line.id } })
  const press = await client.createAsset({ body: { level: 'equipment', name: 'Press', parent: line.id } })
  const kW = await client.createSignal({ body: { name: 'power', kind: 'number', unit: 'kW', equipment: air.id } })
  const count = await client.createSignal({ body: { name: 'parts', kind: 'number', unit: '1', equipment: press.id } })
  const steps = Array.from({ length: DAYS * PER_DAY }, (_, n) => n)
  const time = steps.map((n) => begun + n * STEP + MINUTE)
  await client.writeReadings({ body: { signal: kW.id, time, value: steps.map(power) } })
  let counter = 100
  await client.writeReadings({ body: { signal: count.id, time, value: steps.map((n) => (counter += parts(n))) } })
  return { air: air.id, count: count.id }
}

async function trained(client: Client, id: string, span: { from?: number; to?: number }) {
  const { number } = await client.trainService({ params: { id }, body: span })
  let version = await client.getServiceVersion({ params: { id, number } })
  await eventually(async () => {
    version = await client.getServiceVersion({ params: { id, number } })
    return version.state !== 'waiting' && version.state !== 'running'
  }, PATIENCE)
  assert.equal(version.state, 'ready', version.failure ?? '')
  return version
}

test('a meter’s history becomes a baseline, a saving with its uncertainty, a forecast and a schedule', async (t) => {
  const platform = await startPlatform({ directory: await temporaryDirectory(t) })
  const { client } = platform
  try {
    const now = Math.floor(Date.now() / 1000) * 1_000_000
    const begun = Math.floor(now / HOUR) * HOUR - DAYS * 24 * HOUR
    const measure = begun + 9 * 24 * HOUR
    const { air, count } = await compressorAndPress(client, begun)

    const settings = {
      energy: 'power',
      production: count,
      price: 0.2,
      dearPrice: 0.4,
      battery: { capacity: 20, power: 10, efficiency: 0.9 },
      jobs: [{ name: 'Dryer', power: 6, hours: 2, earliest: 0, latest: 24, usual: 10 }],
    }
    const readiness = await client.checkReadiness({ body: { kind: 'energy', equipment: air, settings } })
    assert.deepEqual(readiness.inputs.map(({ name }) => name).sort(), ['parts', 'power'])
    const service = await client.createService({ body: { name: 'Air', kind: 'energy', equipment: air, settings } })
    const id = service.id
    const version = await trained(client, id, { from: begun, to: measure })
    assert.match(version.report!.summary, /kWh of base load, and .* kWh for each parts/)

    const energy = await client.getEnergy({ params: { id }, query: {} })
    const saving = energy.saving!
    // 2 kW for 72 hours, of which nothing was told to anybody; the first period is the one that the measure began in.
    assert.ok(
      Math.abs(saving.avoided - 144) < 2 && saving.uncertainty > 0.1 && saving.uncertainty < 5,
      JSON.stringify(saving),
    )
    assert.ok(saving.significant && saving.share > 0.1 && saving.share < 0.25)
    assert.ok(Math.abs(saving.from - measure) <= HOUR)
    assert.ok(saving.cost > 144 * 0.2 * 0.9 && saving.cost < 144 * 0.4 * 1.1)
    assert.ok(energy.baseline.r2 > 0.97)
    // A part of a step more is 1.5 kW for 5 minutes more.
    assert.ok(Math.abs(energy.baseline.terms[1]!.coefficient - 0.125) < 0.005)
    assert.equal(energy.series.time.length, energy.series.expected.length)
    assert.ok(Math.abs(energy.sum.avoided.at(-1)! - saving.avoided) < 1e-6)
    // A third of the time at rest at 3 kW.
    assert.ok(
      Math.abs(energy.idle!.power - 3) < 0.3 && Math.abs(energy.idle!.hours / (energy.idle!.days * 24) - 1 / 3) < 0.05,
    )
    assert.ok(energy.leak !== null && Math.abs(energy.leak.change!.by + 2) < 0.2)

    // What was saved is a signal with a history like any other.
    const live = await client.publishService({ params: { id }, body: {} })
    assert.equal(live.state, 'live')
    await client.recomputeService({ params: { id }, body: { from: begun, to: now } })
    await eventually(async () => {
      const { items } = await client.listServiceJobs({ params: { id }, query: {} })
      return items[0]?.state === 'ready'
    }, PATIENCE)
    const avoided = (await client.getService({ params: { id } })).outputs.find(({ name }) => name === 'avoided')!
    const asked = { signals: [avoided.signal!], from: measure, to: now, resolution: 'raw' as const }
    const [history] = (await client.querySeries({ body: asked })).series
    const values = history!.value.filter((value) => value !== null)
    assert.ok(values.length > 40 && Math.abs(values.reduce((sum, value) => sum + value, 0) / values.length - 2) < 0.3)

    const plan = await client.getEnergyPlan({ params: { id } })
    assert.equal(plan.time.length, 48)
    assert.ok(plan.load.low.every((low, h) => low <= plan.load.mean[h]! && plan.load.mean[h]! <= plan.load.high[h]!))
    assert.ok(plan.schedule!.cost < plan.schedule!.costWithout)
    assert.ok(plan.price.includes(0.2) && plan.price.includes(0.4))

    // A forecast of any signal; what each tells is refused for the other.
    const forecast = await client.createService({
      body: { name: 'Load', kind: 'forecast', equipment: air, settings: { signal: 'power' } },
    })
    await trained(client, forecast.id, { from: begun })
    const ahead = await client.getForecast({ params: { id: forecast.id } })
    assert.equal(ahead.mean.length, 24)
    const errors = ahead.mean.map((value, h) => value - hourly(Math.round((ahead.time[h]! - begun) / STEP)))
    assert.ok(Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / 24) < 4, `${errors}`)
    await assert.rejects(
      client.getEnergy({ params: { id: forecast.id }, query: {} }),
      (error) => error instanceof ApiError && error.code === 'MW-SERVICE-0041',
    )
  } finally {
    await platform.stop()
    if (process.env['SHOW_LOG'] !== undefined) console.log(platform.log())
  }
})

const hourly = (n: number) => Array.from({ length: 12 }, (_, i) => power(n + i)).reduce((sum, kW) => sum + kW / 12, 0)
