import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { MINUTE, newId } from '@millwright/foundation'
import { QUALITY } from '../batch.ts'
import { isRefusal } from '../errors.ts'
import { type TestConnectivity, testConnectivity } from '../testing/index.ts'

const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
const SOURCE = 'test:mw/v1/telemetry'

describe('intake', () => {
  let test: TestConnectivity
  before(async () => {
    test = await testConnectivity()
    await test.start()
  })
  after(() => test.close())
  beforeEach(() => {
    test.sink.held = false
    test.sink.rows.length = 0
    test.sink.wide.length = 0
    test.signals.gate = undefined
  })

  const letters = async (device: string) => (await test.platform.deadLetters.list(test.actor, { device })).items
  const send = (session: Parameters<typeof test.platform.intake.accept>[0], message: unknown) =>
    test.platform.intake.accept(session, 'millwright+json', bytes(message), SOURCE)

  it('stores a message and resolves with the window that holds it', async () => {
    const session = await test.session()
    const time = test.clock.now() - 1_234_567
    await send(session, { time, values: { temperature: 21.5, running: true } })
    const keys = test.signals.signals.filter(({ device }) => device === session.device)
    assert.deepEqual(
      keys.map(({ name, kind }) => [name, kind]),
      [
        ['temperature', 'number'],
        ['running', 'boolean'],
      ],
    )
    assert.deepEqual(test.sink.rows, [
      { signal: keys[0]!.key, time, value: 21.5, quality: 0 },
      { signal: keys[1]!.key, time, value: 1, quality: 0 },
    ])
  })

  it('gives one promise to all messages of a window once the metrics are known', async () => {
    const session = await test.session()
    await send(session, { values: { a: 1 } })
    test.sink.held = true
    const first = send(session, { values: { a: 2 } })
    const second = send(session, { values: { a: 3 } })
    assert.equal(first, second)
    test.sink.commit()
    await first
    assert.deepEqual(
      test.sink.rows.map(({ value }) => value),
      [1, 2, 3],
    )
  })

  it('keeps the order of a device while its metrics are looked up', async () => {
    const session = await test.session()
    await send(session, { values: { known: 0 } })
    const gate = Promise.withResolvers<void>()
    test.signals.gate = gate.promise
    const slow = send(session, { values: { known: 1, fresh: 1 } })
    const behind = send(session, { values: { known: 2 } })
    const other = await test.session()
    const elsewhere = send(other, { values: { x: 9 } })
    gate.resolve()
    await Promise.all([slow, behind, elsewhere])
    const key = test.signals.named(session.device, 'known')!.key
    assert.deepEqual(
      test.sink.rows.filter(({ signal }) => signal === key).map(({ value }) => value),
      [0, 1, 2],
    )
  })

  it('converts units, and marks clocks that run ahead as uncertain', async () => {
    const session = await test.session()
    await send(session, { values: { t: 20 }, units: { t: 'Cel' } })
    await send(session, { time: test.clock.now() + 6 * MINUTE, values: { t: 68 }, units: { t: '[degF]' } })
    await send(session, { values: { t: 21 }, units: { t: 'Cel' } })
    const [first, second, third] = test.sink.rows
    assert.deepEqual([first!.value, first!.quality], [20, QUALITY.good])
    assert.ok(Math.abs(second!.value - 20) < 1e-9, `${second!.value}`)
    assert.equal(second!.quality, QUALITY.uncertain)
    assert.equal(third!.value, 21)
  })

  it('refuses a number that its signal’s unit makes infinite', async () => {
    const session = await test.session()
    await send(session, { values: { t: 1 }, units: { t: 'mm' } })
    await send(session, { values: { t: 1.7e308 }, units: { t: 'm' } })
    assert.equal((await letters(session.device))[0]!.code, 'MW-CONN-0005')
    assert.equal(test.sink.rows.length, 1)
  })

  it('asks for a unit once, and again when signals changed', async () => {
    const session = await test.session()
    await send(session, { values: { t: 20 }, units: { t: 'Cel' } })
    const asked = test.signals.asked
    await send(session, { values: { t: 21 }, units: { t: 'Cel' } })
    assert.equal(test.signals.asked, asked)
    await test.bus.publish({
      id: 'evt',
      type: 'millwright.signal.changed',
      source: 'test',
      subject: 'sig',
      tenant: test.tenant,
      time: 0,
      data: {},
    })
    await send(session, { values: { t: 22 }, units: { t: 'Cel' } })
    assert.equal(test.signals.asked, asked + 1)
  })

  it('refuses a message as a whole, with a durable dead letter before the answer', async () => {
    const session = await test.session()
    await assert.rejects(send(session, '{"values":{"a":1,"a":2}}'), (error) => {
      assert.ok(isRefusal(error))
      assert.equal(error.code, 'MW-CONN-0004')
      return true
    })
    const [letter] = await letters(session.device)
    assert.equal(letter!.code, 'MW-CONN-0004')
    assert.equal(letter!.source, SOURCE)
    assert.match(letter!.reason, /\/values\/a stands twice/)
    assert.equal(Buffer.from(letter!.payload, 'base64').toString(), '{"values":{"a":1,"a":2}}')
    assert.deepEqual(test.sink.rows, [])
  })

  it('counts alike refusals instead of repeating them', async () => {
    const session = await test.session()
    const outcomes = await Promise.allSettled(Array.from({ length: 200 }, () => send(session, 'rubbish')))
    assert.ok(outcomes.every(({ status }) => status === 'rejected'))
    const found = await letters(session.device)
    assert.equal(found.length, 1)
    assert.equal(found[0]!.count, 200)
  })

  it('bounds the dead letters of a device that varies its rubbish', async () => {
    const session = await test.session()
    await Promise.allSettled(Array.from({ length: 300 }, (_, i) => send(session, { values: { a: 1 }, [`x${i}`]: 1 })))
    const found = await letters(session.device)
    assert.equal(found.length, 51)
    assert.equal(
      found.reduce((sum, { count }) => sum + count, 0),
      300,
    )
  })

  it('stores the rest when one metric is refused', async () => {
    const session = await test.session()
    await send(session, { values: { mode: 'AUTO', speed: 1 } })
    await send(session, { values: { mode: 7, speed: 2 } })
    const [letter] = await letters(session.device)
    assert.equal(letter!.code, 'MW-CONN-0040')
    assert.match(letter!.reason, /mode holds state, not number/)
    assert.deepEqual(
      test.sink.rows.map(({ value }) => value),
      [1, 2],
    )
  })

  it('refuses metrics that nobody announced when the device may not make any, without asking each time', async () => {
    const device = await test.device({ unknownMetrics: 'refuse' })
    const session = await test.session(device)
    await send(session, { values: { surprise: 1 } })
    const asked = test.signals.asked
    await send(session, { values: { surprise: 2 } })
    assert.equal(test.signals.asked, asked)
    const [letter] = await letters(device)
    assert.equal(letter!.count, 2)
    assert.deepEqual(test.sink.rows, [])
  })

  it('stores "no value" as Bad, of any kind, and does not make a signal of it', async () => {
    const session = await test.session()
    await send(session, { values: { ghost: null } })
    assert.equal(test.signals.named(session.device, 'ghost'), undefined)
    assert.equal((await letters(session.device))[0]!.code, 'MW-CONN-0042')
    await send(session, { values: { n: 1, s: 'on', d: { a: 1 } } })
    await send(session, { values: { n: null, s: null, d: null } })
    const last = test.sink.rows.at(-1)!
    assert.deepEqual([last.value, last.quality], [Number.NaN, QUALITY.bad])
    assert.deepEqual(
      test.sink.wide.slice(-2).map(({ value, quality }) => [value, quality]),
      [
        [{ kind: 'state', value: '' }, QUALITY.bad],
        [{ kind: 'document', value: null }, QUALITY.bad],
      ],
    )
  })

  it('takes waveforms, positions, states and documents', async () => {
    const session = await test.session()
    await send(session, {
      values: {
        wave: { sampleRate: 25_600, samples: [1, 2.5, -3] },
        where: { latitude: 51.5, longitude: -0.1, altitude: 12 },
        mode: 'AUTO',
        recipe: { steps: [1, { deep: true }] },
      },
    })
    assert.deepEqual(
      test.sink.wide.map(({ value }) => value),
      [
        { kind: 'waveform', sampleRate: 25_600, samples: Float32Array.of(1, 2.5, -3) },
        { kind: 'position', latitude: 51.5, longitude: -0.1, altitude: 12 },
        { kind: 'state', value: 'AUTO' },
        { kind: 'document', value: { steps: [1, { deep: true }] } },
      ],
    )
  })

  it('asks for the place where the device is now, also when it moves while a message waits', async () => {
    const session = await test.session()
    const pump = newId('ast')
    test.assets.nodes.set(pump, [pump])
    const gate = Promise.withResolvers<void>()
    test.signals.gate = gate.promise
    const waiting = send(session, { values: { a: 1 } })
    assert.equal(test.signals.lastOwner!.equipment, null)
    await test.platform.devices.update(test.actor, session.device, { equipment: pump }, undefined)
    gate.resolve()
    await waiting
    assert.equal(test.signals.lastOwner!.equipment, pump)
    const asked = test.signals.asked
    await send(session, { values: { a: 2 } })
    assert.equal(test.signals.asked, asked)
  })

  it('takes nothing from a session that was cut', async () => {
    const session = await test.session()
    session.close('its certificate was revoked')
    await assert.rejects(send(session, { values: { a: 1 } }), (error) => !isRefusal(error))
    assert.deepEqual(test.sink.rows, [])
  })

  it('does not acknowledge what could not be stored', async () => {
    const session = await test.session()
    await send(session, { values: { a: 1 } })
    test.sink.held = true
    const pending = send(session, { values: { a: 2 } })
    test.sink.fail(new Error('disk full'))
    await assert.rejects(pending, (error) => !isRefusal(error))
  })

  it('keeps the last messages, newest first, with their points', async () => {
    const session = await test.session()
    for (let i = 0; i < 25; i++) await send(session, { values: { a: i } })
    const found = await test.platform.handlers.listDeviceMessages({
      actor: test.actor,
      params: { id: session.device },
    } as never)
    const { items } = found as { items: { payload: string; points: number; topic: string }[] }
    assert.equal(items.length, 20)
    assert.equal(Buffer.from(items[0]!.payload, 'base64').toString(), '{"values":{"a":24}}')
    assert.deepEqual([items[0]!.points, items[0]!.topic], [1, SOURCE])
  })
})

describe('intake limits', () => {
  let test: TestConnectivity
  before(async () => {
    test = await testConnectivity()
    await test.start({ messageRate: 5, pointRate: 50, metricsPerDevice: 3, waitingMessages: 2 })
  })
  after(() => test.close())
  const send = (session: Parameters<typeof test.platform.intake.accept>[0], message: unknown) =>
    test.platform.intake.accept(session, 'millwright+json', bytes(message), SOURCE)

  it('limits messages and readings a second, as something to be tried again', async () => {
    const session = await test.session()
    await send(session, { values: { a: 1 } })
    for (let i = 0; i < 9; i++) await send(session, { values: { a: i } })
    await assert.rejects(
      send(session, { values: { a: 1 } }),
      (error) => !isRefusal(error) && (error as { status: number }).status === 429,
    )
    await test.clock.advance(MINUTE)
    await send(session, { values: { a: 1 } })
    const many = Array.from({ length: 70 }, () => ({ values: { a: 1 } }))
    await send(session, many)
    await assert.rejects(send(session, many), { code: 'MW-CONN-0051' })
  })

  it('limits the metrics a device may make up', async () => {
    const session = await test.session()
    await send(session, { values: { a: 1, b: 1, c: 1, d: 1, e: 1 } })
    assert.equal(test.signals.signals.filter(({ device }) => device === session.device).length, 3)
    const { items } = await test.platform.deadLetters.list(test.actor, { device: session.device })
    assert.deepEqual(
      items.map(({ code }) => code),
      ['MW-CONN-0041', 'MW-CONN-0041'],
    )
  })

  it('limits what waits', async () => {
    const session = await test.session()
    const gate = Promise.withResolvers<void>()
    test.signals.gate = gate.promise
    const waiting = [send(session, { values: { a: 1 } }), send(session, { values: { a: 2 } })]
    await assert.rejects(send(session, { values: { a: 3 } }), { code: 'MW-CONN-0053' })
    gate.resolve()
    await Promise.all(waiting)
  })
})
