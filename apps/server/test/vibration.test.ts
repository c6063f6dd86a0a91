/** The pump's bearing through the API of a whole platform: heard by its vibration service long before its limits are reached. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '@millwright/foundation/testing'
import { Plant, STEP, type Waveform } from '@millwright/plant'
import type { Client } from '@millwright/sdk'
import type { DeviceClient } from '@millwright/sdk/device'
import { enrolDevice } from './harness/device.ts'
import { startPlatform, temporaryDirectory } from './harness/platform.ts'

const SECOND = 1_000_000
const PATIENCE = 180_000
/** A recording each five seconds, as the pump's transmitter sends them. */
const PACE = 5

/** Lets the plant run and sends what the pump shows at the end of each stretch. */
async function run(plant: Plant, device: DeviceClient, begin: number, recordings: number) {
  const shown: { at: number; rms: number; temperature: number }[] = []
  for (let n = 0; n < recordings; n++) {
    for (let step = 0; step < PACE / STEP; step++) plant.step()
    const at = Math.round(plant.time)
    const { speed, vibration_waveform, vibration_rms, bearing_temperature } = plant.machine('P-101').signals()
    const waveform = vibration_waveform as Waveform
    await device.publish({
      time: begin + at * SECOND,
      values: { speed: speed as number, vibration_waveform: { ...waveform, samples: [...waveform.samples] } },
    })
    shown.push({ at, rms: vibration_rms as number, temperature: bearing_temperature as number })
  }
  return shown
}

async function trainedAndLive(client: Client, id: string) {
  await client.trainService({ params: { id }, body: {} })
  await eventually(async () => {
    const [newest] = (await client.listServiceVersions({ params: { id }, query: { limit: 1 } })).items
    return newest?.state === 'ready' || newest?.state === 'failed'
  }, PATIENCE)
  const [version] = (await client.listServiceVersions({ params: { id }, query: { limit: 1 } })).items
  assert.equal(version?.state, 'ready', version?.failure ?? '')
  await client.publishService({ params: { id }, body: {} })
  await eventually(async () => (await client.getService({ params: { id } })).trouble === null, PATIENCE)
  return version!
}

test('a bearing is heard days of plant time before its limits, with the lines that say so', async (t) => {
  const platform = await startPlatform({ directory: await temporaryDirectory(t) })
  const { client } = platform
  try {
    const line = await client.createAsset({ body: { level: 'line', name: 'Cooling', parent: null } })
    const { id: equipment } = await client.createAsset({ body: { level: 'equipment', name: 'P-101', parent: line.id } })
    const signals: Record<string, string> = {}
    for (const [name, kind, unit] of [
      ['vibration_waveform', 'waveform', 'm/s2'],
      ['speed', 'number', '/min'],
    ] as const)
      signals[name] = (await client.createSignal({ body: { name, kind, unit, equipment } })).id
    const waveform = signals['vibration_waveform']!
    const device = (await enrolDevice(platform, { name: 'Transmitter', equipment })).connect()
    const plant = new Plant({ seed: 4, schedule: false })
    const begin = Math.floor(Date.now() / 1000) * SECOND - 600 * SECOND
    await run(plant, device, begin, 25)

    const bearings = await client.listVibrationBearings()
    const bearing = bearings.items.find(({ designation }) => designation.startsWith('SKF 6205'))!
    assert.ok(Math.abs(bearing.orders.bpfo - 3.5848) < 0.001)
    const settings = {
      speed: 'speed',
      pump: true,
      bearings: [{ name: 'drive end', designation: bearing.designation }],
    }
    const body = {
      name: 'Pump vibration',
      kind: 'vibration',
      equipment,
      settings,
      alarm: { priority: 'high' },
    } as const
    await assert.rejects(
      client.createService({ body: { ...body, settings: { bearings: [{ name: 'x', elements: 9 }] } } }),
      /cannot have this geometry/,
    )
    const { id } = await client.createService({ body })
    await eventually(async () => {
      const { findings } = await client.checkReadiness({ body: { kind: 'vibration', equipment, settings } })
      return findings.some(({ code }) => code === 'recordings')
    }, PATIENCE)
    const version = await trainedAndLive(client, id)
    assert.match(version.report?.summary ?? '', /Knows what is normal at one sensor of P-101/)
    const healthy = await client.diagnoseVibration({ params: { id }, body: {} })
    assert.deepEqual(healthy.findings, [])

    plant.setFault('bearing', true)
    const broken = plant.time
    const shown = await run(plant, device, begin, 14)
    const alarms = async () => (await client.listAlarms({ query: { state: 'all' } })).items
    await eventually(async () => (await alarms()).length > 0, PATIENCE)
    const [alarm] = await alarms()
    assert.equal(alarm?.ruleName, 'Pump vibration')
    assert.match(
      alarm.message,
      /outer race is damaged \(drive end\): BPFO at 1\d\d\.\d Hz stands \d+ times above the noise/,
    )
    // A second of the fault is a day of a pump's life.
    const [episode] = (await client.listEpisodes({ params: { id }, query: {} })).items
    const heard = (episode!.from - begin) / SECOND
    const limit = shown.find(({ rms, temperature }) => rms > 4 || temperature > 75)?.at
    assert.ok(limit !== undefined, 'the limits of the plant’s rules are reached in the end')
    assert.ok(heard >= broken && limit - heard >= 10, `heard ${limit - heard} days before a limit`)

    const found = await client.diagnoseVibration({ params: { id }, body: { at: episode!.from } })
    assert.equal(found.findings[0]?.fault, 'outer race')
    const bpfo = found.frequencies.find(({ name }) => name === 'BPFO')!.frequency
    assert.ok(Math.abs(bpfo / (bearing.orders.bpfo * found.shaft!.frequency) - 1) < 1e-6)
    assert.match(found.sentence, /BPFO/)

    const at = episode!.from
    const envelope = await client.queryVibrationSpectrum({ body: { signal: waveform, at, kind: 'envelope' } })
    const near = (hertz: number) => {
      const middle = Math.round((hertz - envelope.first) / envelope.step)
      return Math.max(...envelope.amplitude.slice(middle - 2, middle + 3)) / envelope.floor[middle]!
    }
    assert.ok(near(bpfo) > 4 && near(bpfo) > 2 * near(1.4 * bpfo), 'the envelope shows its rate')
    for (const kind of ['acceleration', 'velocity', 'displacement', 'cepstrum'] as const) {
      const spectrum = await client.queryVibrationSpectrum({ body: { signal: waveform, kind } })
      assert.ok(spectrum.amplitude.length > 100 && spectrum.amplitude.every(Number.isFinite), kind)
    }
    const order = await client.queryVibrationSpectrum({
      body: { signal: waveform, kind: 'order', shaft: found.shaft!.frequency },
    })
    assert.equal(order.axis, '1')
    await assert.rejects(
      client.queryVibrationSpectrum({ body: { signal: waveform, kind: 'order' } }),
      /needs the speed/,
    )
    await assert.rejects(client.queryVibrationSpectrum({ body: { signal: signals['speed']! } }), /is a number/)
    await assert.rejects(client.queryVibrationSpectrum({ body: { signal: waveform, at: 0 } }), /no usable recording/)

    const span = { from: begin, to: begin + Math.ceil(plant.time) * SECOND }
    const waterfall = await client.queryVibrationWaterfall({ body: { signal: waveform, ...span, columns: 20 } })
    assert.ok(waterfall.times.length >= 15 && waterfall.times.length <= 20)
    assert.equal(waterfall.amplitude.length, waterfall.rows * waterfall.times.length)
    const spectrogram = await client.queryVibrationSpectrogram({ body: { signal: waveform } })
    assert.equal(spectrogram.amplitude.length, spectrogram.rows * spectrogram.times.length)
    await device.close()
  } finally {
    await platform.stop()
    if (process.env['SHOW_LOG'] !== undefined) console.log(platform.log())
  }
})
