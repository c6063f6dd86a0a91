/**
 * The pump's bearing through the API of a whole platform: heard by its vibration service long before its limits are
 * reached.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HeardPump, LISTENING } from './harness/heard-pump.ts'
import { startPlatform, temporaryDirectory } from './harness/platform.ts'

const SECOND = 1_000_000

test('a bearing is heard days of plant time before its limits, with the lines that say so', async (t) => {
  const platform = await startPlatform({ directory: await temporaryDirectory(t) })
  const { client } = platform
  try {
    const pump = await HeardPump.open(platform)
    const { begin, plant, equipment } = pump
    await pump.run(25)

    const bearings = await client.listVibrationBearings()
    const bearing = bearings.items.find(({ designation }) => designation === LISTENING.bearings[0].designation)!
    assert.ok(Math.abs(bearing.orders.bpfo - 3.5848) < 0.001)
    const wrong = { name: 'x', kind: 'vibration', equipment, settings: { bearings: [{ name: 'x', elements: 9 }] } }
    await assert.rejects(client.createService({ body: wrong }), /cannot have this geometry/)
    const { id, summary } = await pump.listen()
    assert.match(summary, /Knows what is normal at one sensor of P-101/)
    assert.deepEqual((await client.diagnoseVibration({ params: { id }, body: {} })).findings, [])

    plant.setFault('bearing', true)
    const broken = plant.time
    const shown = await pump.run(14)
    const alarm = await pump.alarmed()
    assert.equal(alarm.ruleName, 'Pump vibration')
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

    const at = episode!.from
    const found = await client.diagnoseVibration({ params: { id }, body: { at } })
    assert.equal(found.findings[0]?.fault, 'outer race')
    const bpfo = found.frequencies.find(({ name }) => name === 'BPFO')!.frequency
    assert.ok(Math.abs(bpfo / (bearing.orders.bpfo * found.shaft!.frequency) - 1) < 1e-6)
    assert.match(found.sentence, /BPFO/)

    const signal = pump.signals.vibration_waveform
    const envelope = await client.queryVibrationSpectrum({ body: { signal, at, kind: 'envelope' } })
    const above = (hertz: number) => {
      const middle = Math.round((hertz - envelope.first) / envelope.step)
      return Math.max(...envelope.amplitude.slice(middle - 2, middle + 3)) / envelope.floor[middle]!
    }
    assert.ok(above(bpfo) > 4 && above(bpfo) > 2 * above(1.4 * bpfo), 'the envelope shows its rate')
    for (const kind of ['acceleration', 'velocity', 'displacement', 'cepstrum'] as const) {
      const spectrum = await client.queryVibrationSpectrum({ body: { signal, kind } })
      assert.ok(spectrum.amplitude.length > 100 && spectrum.amplitude.every(Number.isFinite), kind)
    }
    const shaft = found.shaft!.frequency
    assert.equal((await client.queryVibrationSpectrum({ body: { signal, kind: 'order', shaft } })).axis, '1')
    await assert.rejects(client.queryVibrationSpectrum({ body: { signal, kind: 'order' } }), /needs the speed/)
    await assert.rejects(client.queryVibrationSpectrum({ body: { signal: pump.signals.speed } }), /is a number/)
    await assert.rejects(client.queryVibrationSpectrum({ body: { signal, at: 0 } }), /no usable recording/)

    const span = { from: begin, to: begin + Math.ceil(plant.time) * SECOND }
    const waterfall = await client.queryVibrationWaterfall({ body: { signal, ...span, columns: 20 } })
    assert.ok(waterfall.times.length >= 15 && waterfall.times.length <= 20)
    assert.equal(waterfall.amplitude.length, waterfall.rows * waterfall.times.length)
    const spectrogram = await client.queryVibrationSpectrogram({ body: { signal } })
    assert.equal(spectrogram.amplitude.length, spectrogram.rows * spectrogram.times.length)
    await pump.close()
  } finally {
    await platform.stop()
    if (process.env['SHOW_LOG'] !== undefined) console.log(platform.log())
  }
})
