import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { after, before, describe, it } from 'node:test'
import { QUALITY } from '@millwright/connectivity'
import { MINUTE, SECOND } from '@millwright/foundation'
import { START, somebody, type TestHistorian, testHistorian } from '../historian/testing.ts'

describe('exported files', () => {
  let test: TestHistorian
  before(async () => {
    test = await testHistorian()
  })
  after(() => test.close())

  async function file(body: object): Promise<{ bytes: Buffer; headers: Record<string, string> }> {
    const headers: Record<string, string> = {}
    const reply = await test.historian.handlers.exportReadings({
      actor: somebody(),
      body: { from: START, to: START + MINUTE, ...body },
      signal: new AbortController().signal,
      header: (name: string, value: string) => {
        headers[name] = value
      },
      // biome-ignore lint/suspicious/noExplicitAny: only what the handler uses of a call
    } as any)
    return { bytes: Buffer.concat(await Array.fromAsync(reply as AsyncIterable<Uint8Array>)), headers }
  }

  it('are CSV and JSON with one row a reading', async () => {
    const facts = test.signals.add({ name: 'flow, "main"', unit: 'm3/h' })
    await test.write(facts, [
      [START, 1.5],
      [START + 1500, 2, QUALITY.badSensorFailure],
    ])
    const { bytes, headers } = await file({ signals: [facts.id], format: 'csv' })
    assert.equal(headers['content-type'], 'text/csv; charset=utf-8')
    assert.equal(
      bytes.toString(),
      `"time","signal","name","unit","value","quality"
"2026-11-02T00:00:00.000000Z","${facts.id}","flow, ""main""","m3/h",1.5,0
"2026-11-02T00:00:00.001500Z","${facts.id}","flow, ""main""","m3/h",,${QUALITY.badSensorFailure}
`,
    )
    const json = JSON.parse((await file({ signals: [facts.id], format: 'json' })).bytes.toString())
    assert.deepEqual(json[1], {
      time: '2026-11-02T00:00:00.001500Z',
      signal: facts.id,
      name: 'flow, "main"',
      unit: 'm3/h',
      value: null,
      quality: QUALITY.badSensorFailure,
    })
  })

  it('have a column for each signal when wide, safely named, and means when stepped', async () => {
    const name = 'temp`; drop table readings; --\\'
    const one = test.signals.add({ name })
    const two = test.signals.add({ name: 'speed' })
    await test.write(one, [
      [START, 1],
      [START + SECOND, 3],
    ])
    await test.write(two, [
      [START + SECOND, 10],
      [START + 30 * SECOND, 20],
    ])
    const ask = { signals: [one.id, two.id], layout: 'wide', format: 'json' }
    const rows = JSON.parse((await file(ask)).bytes.toString())
    assert.deepEqual(
      rows.map((row: Record<string, unknown>) => [row[name], row['speed']]),
      [
        [1, null],
        [3, 10],
        [null, 20],
      ],
    )
    const stepped = JSON.parse((await file({ ...ask, step: 10 * SECOND })).bytes.toString())
    assert.deepEqual(stepped, [
      { time: '2026-11-02T00:00:00.000000Z', [name]: 2, speed: 10 },
      { time: '2026-11-02T00:00:30.000000Z', [name]: null, speed: 20 },
    ])
  })

  it('hold states, documents, positions and waveforms as text', async () => {
    const state = test.signals.add({ kind: 'state' })
    const wave = test.signals.add({ kind: 'waveform' })
    const place = test.signals.add({ kind: 'position' })
    const { open } = test.historian.sink
    const row = { time: START, quality: 0 }
    open.wide.push({ ...row, signal: state.key, value: { kind: 'state', value: 'on' } })
    open.wide.push({
      ...row,
      signal: wave.key,
      value: { kind: 'waveform', sampleRate: 10, samples: Float32Array.of(1, 2.5) },
    })
    open.wide.push({
      ...row,
      signal: place.key,
      value: { kind: 'position', latitude: 1, longitude: 2, altitude: undefined },
    })
    const number = test.signals.add()
    await test.write(number, [[START, 7]])
    const { bytes } = await file({ signals: [state.id, wave.id, place.id, number.id], format: 'json' })
    assert.deepEqual(
      JSON.parse(bytes.toString()).map(({ value }: { value: string }) => value),
      ['on', '{"sampleRate":10,"samples":[1,2.5]}', '{"latitude":1,"longitude":2}', '7'],
    )
    await assert.rejects(file({ signals: [state.id], format: 'csv', layout: 'wide' }), { code: 'MW-DATA-0003' })
  })

  it('are Parquet and Arrow that the engine reads back, and leave nothing behind', async () => {
    const facts = test.signals.add()
    await test.write(
      facts,
      Array.from({ length: 5000 }, (_, i) => [START + i * 1000, i / 8]),
    )
    const parquet = (await file({ signals: [facts.id], format: 'parquet' })).bytes
    assert.equal(parquet.subarray(0, 4).toString(), 'PAR1')
    const arrow = (await file({ signals: [facts.id], format: 'arrow' })).bytes
    assert.equal(arrow.subarray(0, 6).toString(), 'ARROW1')
    const left = (await readdir(tmpdir())).filter((name) => name.startsWith('millwright-export-'))
    assert.deepEqual(left, [])
  })
})
