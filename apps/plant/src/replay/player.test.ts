import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Micros, SECOND } from '@millwright/foundation'
import { VirtualClock } from '@millwright/foundation/testing'
import { connect, enrol, type TelemetryMessage } from '@millwright/sdk/device'
import { TestPlatform } from '@millwright/sdk/device/testing'
import { planReplay } from './plan.ts'
import { play, type Target } from './player.ts'
import { type TimedRow, timedRows } from './rows.ts'

const START = Date.UTC(2020, 2, 9) * 1000
const row = (time: Micros, line: number, value: number | undefined = line): TimedRow => ({
  line,
  time,
  values: value === undefined ? {} : { n: value },
  bytes: line,
})
async function* from(rows: readonly TimedRow[]): AsyncGenerator<TimedRow> {
  yield* rows
}

class Recorder implements Target {
  readonly messages: { at: Micros; time: Micros }[] = []
  readonly clock: VirtualClock
  constructor(clock: VirtualClock) {
    this.clock = clock
  }
  async publish(messages: readonly TelemetryMessage[]): Promise<void> {
    for (const { time } of messages) this.messages.push({ at: this.clock.now(), time: time as number })
  }
  async room(): Promise<void> {}
}

test('rows come in their own rhythm, as much faster as asked for', async () => {
  const clock = new VirtualClock()
  const began = clock.now()
  const target = new Recorder(clock)
  const rows = [0, 1, 2, 10, 70].map((second, at) => row(START + second * SECOND, at + 2))
  const playing = play({ rows: from(rows), target, clock, speed: 10, present: false })
  for (let step = 0; step < 80; step++) await clock.advance(SECOND / 10)
  const result = await playing
  assert.deepEqual(
    target.messages.map(({ at }) => (at - began) / SECOND),
    [0, 0.1, 0.2, 1, 7],
  )
  assert.deepEqual(
    target.messages.map(({ time }) => time),
    rows.map(({ time }) => time),
  )
  assert.equal(result.acknowledged, 5)
})

test('--now stamps rows with the time they are played at', async () => {
  const clock = new VirtualClock()
  const began = clock.now()
  const target = new Recorder(clock)
  const playing = play({
    rows: from([row(START, 2), row(START + 60 * SECOND, 3)]),
    target,
    clock,
    speed: 60,
    present: true,
  })
  for (let step = 0; step < 20; step++) await clock.advance(SECOND / 10)
  await playing
  assert.deepEqual(
    target.messages.map(({ time }) => time),
    [began, began + SECOND],
  )
})

test('duplicates, disorder and empty rows are counted', async () => {
  const clock = new VirtualClock()
  const rows = [row(START, 2), row(START + 5, 3), row(START + 5, 4), row(START + 1, 5), row(START + 9, 6, undefined)]
  const target = new Recorder(clock)
  const result = await play({
    rows: from([...rows.slice(0, 4), { ...rows[4]!, values: {} }]),
    target,
    clock,
    speed: 0,
    present: false,
  })
  assert.equal(result.duplicates.count, 1)
  assert.deepEqual(result.duplicates.lines, [4])
  assert.equal(result.duplicates.outOfOrder, 1)
  assert.equal(result.empty, 1)
  assert.equal(result.acknowledged, 4)
})

test('a message that is given up ends the replay with its reason', async () => {
  const clock = new VirtualClock()
  const target: Target = { publish: () => Promise.reject(new Error('the platform is full')), room: async () => {} }
  await assert.rejects(
    play({ rows: from([row(START, 2)]), target, clock, speed: 0, present: false }),
    /the platform is full/,
  )
})

const SKAB = fileURLToPath(new URL('../../../../../shared/data/skab/data/valve1/0.csv', import.meta.url))

test('the SKAB recording arrives row by row, time and value exact', {
  skip: existsSync(SKAB) ? false : `${SKAB} is not here`,
}, async () => {
  const platform = await TestPlatform.start()
  const identity = await enrol({ url: platform.url, token: platform.token('dev_skab') })
  const client = connect({ credentials: identity })
  await client.ready()
  const plan = await planReplay(SKAB, { timeColumn: 'datetime' })
  assert.equal(plan.dialect.delimiter, ';')
  const result = await play({
    rows: timedRows(plan, Date.now() * 1000, (error) => {
      throw error
    }),
    target: client,
    clock: new VirtualClock(),
    speed: 0,
    present: false,
  })
  await client.close()
  await platform.stop()
  const [header, ...lines] = readFileSync(SKAB, 'utf8').trim().split('\r\n')
  const names = header!.split(';')
  const expected = lines.map((line) => {
    const [time, ...cells] = line.split(';')
    return {
      time: Date.parse(`${time!.replace(' ', 'T')}Z`) * 1000,
      values: Object.fromEntries(cells.map((cell, at) => [names[at + 1]!, Number(cell)])),
    }
  })
  assert.equal(result.acknowledged, expected.length)
  assert.deepEqual(
    platform.received.flatMap((one) => JSON.parse(one.payload) as unknown[]),
    expected,
  )
})
