/** Quality through the API of a whole platform: a bad part is foreseen by several signals together, and taken out before the gauge. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '@millwright/foundation/testing'
import { JudgedLine } from './harness/judged-line.ts'
import { startPlatform, temporaryDirectory } from './harness/platform.ts'

const PATIENCE = 240_000
const MINUTES = 150

test('a shift is learnt from, parts are judged live, and a bad one is diverted before the gauge', async (t) => {
  const platform = await startPlatform({ directory: await temporaryDirectory(t) })
  const { client } = platform
  const line = await JudgedLine.open(platform, MINUTES)
  try {
    const { equipment, signals, plant } = line
    await line.past(20)
    for (const minutes of [15, 15, 15]) {
      plant.setFault('chuck', true, 'OP10')
      await line.past(minutes)
      plant.setFault('chuck', false, 'OP10')
      await line.past(25)
    }
    const body = { kind: 'quality', equipment: equipment.OP30, settings: line.settings }
    await assert.rejects(
      client.createService({ body: { ...body, name: 'x', settings: { ...line.settings, lower: 50 } } }),
      /lower limit must lie below/,
    )
    const readiness = await client.checkReadiness({ body })
    assert.notEqual(readiness.level, 'missing', JSON.stringify(readiness.findings))
    const { id } = await client.createService({ body: { ...body, name: 'Shafts', alarm: { priority: 'medium' } } })
    await client.trainService({ params: { id }, body: {} })
    const newest = async () => (await client.listServiceVersions({ params: { id }, query: {} })).items[0]!
    await eventually(async () => ['ready', 'failed'].includes((await newest()).state), PATIENCE)
    const version = await newest()
    assert.equal(version.state, 'ready', version.failure ?? '')
    t.diagnostic(version.report!.summary)

    assert.equal((await client.getDiverter({ params: { id } })).diverter, null)
    const { diverter } = await client.setDiverter({
      params: { id },
      body: { diverter: { device: line.devices.OP30.id } },
    })
    assert.deepEqual([diverter?.deviceName, diverter?.command], ['OP30', 'divert'])
    await client.publishService({ params: { id }, body: {} })
    await eventually(async () => (await client.getService({ params: { id } })).trouble === null, PATIENCE)

    plant.setFault('chuck', true, 'OP10')
    const parts = async () => client.listJudgedParts({ params: { id }, query: {} })
    let caught: string | undefined
    for (let count = 0; count < 40 && caught === undefined; count++) {
      const serial = await line.nextPart()
      await eventually(async () => (await parts()).items.some((part) => part.serial === serial), PATIENCE)
      const judged = (await parts()).items.find((part) => part.serial === serial)!
      assert.deepEqual(
        judged.genealogy.map(({ station }) => station),
        count === 0 ? judged.genealogy.map(({ station }) => station) : ['OP10', 'OP20'],
      )
      // The line goes on when the gate has been told.
      if (judged.decision === 'divert') {
        await eventually(async () => line.told.has(serial), PATIENCE)
        caught = judged.predicted!.value > 40.025 ? serial : undefined
      }
    }
    assert.ok(caught !== undefined, 'a part that slipped is foreseen')
    // The gauge measures it when it has nothing else to do.
    for (let count = 0; count < 8; count++) await line.nextPart()
    await eventually(
      async () => (await parts()).items.find(({ serial }) => serial === caught)?.result !== null,
      PATIENCE,
    )
    const all = await parts()
    const part = all.items.find(({ serial }) => serial === caught)!
    assert.equal(part.result!.bad, true, 'and is measured as a reject')
    assert.match(part.explanation, /diameter 40\.\d+ .* expected; .* probability of a reject, taken out\. Why: OP10/)
    assert.ok(all.rightlyDiverted >= 1 && /taken out/.test(all.sentence), all.sentence)
    const { items: commands } = await client.listCommands({ params: { id: line.devices.OP30.id }, query: {} })
    assert.ok(commands.some(({ name, state }) => name === 'divert' && state === 'succeeded'))
    for (const [serial, at] of line.told)
      t.diagnostic(
        `${serial}: ${(at - line.left.get(serial)!).toFixed(1)} ms from the last reading sent to the command at the gate`,
      )
    await eventually(async () => (await client.listAlarms({ query: { state: 'all' } })).items.length > 0, PATIENCE)

    const { items: causes, sentence } = await client.listQualityCauses({ params: { id } })
    assert.match(causes[0]!.name, /^OP10/)
    assert.match(sentence, /drives the result most/)
    const diameter = signals.OP30['diameter']!
    const span = { from: line.begin, to: line.begin + 18 * 60 * 1_000_000 }
    const chart = await client.queryControlChart({
      body: { signal: diameter, from: line.begin, phaseOne: span, lower: 39.975, upper: 40.025 },
    })
    assert.ok(chart.readings > 250 && chart.fired.length > 0)
    assert.ok(chart.capability!.cpk.value < 1 && chart.capability!.outside > 0.02)
    assert.match(chart.sentence, /^OP30 diameter is (in|out of) control.*Cpk/)
    for (const kind of ['xbar-r', 'xbar-s', 'ewma', 'cusum'] as const) {
      const { charts } = await client.queryControlChart({ body: { signal: diameter, from: line.begin, chart: kind } })
      assert.ok(
        charts.every(({ time, points }) => time.length === points.length && points.length > 10),
        kind,
      )
    }
    await assert.rejects(
      client.queryControlChart({ body: { signal: signals.OP30['part_serial']!, from: line.begin } }),
      /is a state/,
    )
    const curve = await client.comparePartCurve({
      params: { id },
      body: { serial: caught, station: 'OP10', signal: 'spindle_power' },
    })
    assert.ok(curve.curves >= 8 && curve.matched.length === curve.centre.length)
    await assert.rejects(
      client.comparePartCurve({ params: { id }, body: { serial: 'x', station: 'OP10', signal: 'spindle_power' } }),
      /No part x was seen/,
    )
    assert.equal((await client.setDiverter({ params: { id }, body: { diverter: null } })).diverter, null)
  } finally {
    await line.close()
    await platform.stop()
    if (process.env['SHOW_LOG'] !== undefined) console.log(platform.log())
  }
})

test('a gauge study of entered measurements', async (t) => {
  const platform = await startPlatform({ directory: await temporaryDirectory(t) })
  try {
    const measurements = ['1', '2', '3', '4', '5'].flatMap((part, n) =>
      ['Ann', 'Bob'].flatMap((appraiser, who) =>
        [0, 1].map((trial) => ({ part, appraiser, value: 10 * n + who + 0.5 * trial })),
      ),
    )
    const study = await platform.client.studyGauge({ body: { measurements, tolerance: 50 } })
    assert.equal(study.verdict, 'good')
    assert.ok(
      study.categories >= 5 && study.components.some(({ name, tolerance }) => name === 'gauge' && tolerance! > 0),
    )
    await assert.rejects(platform.client.studyGauge({ body: { measurements: measurements.slice(1) } }), /equally often/)
  } finally {
    await platform.stop()
  }
})
