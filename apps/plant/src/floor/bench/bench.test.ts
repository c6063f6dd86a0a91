import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { decodersOf, FrameBytes } from '@millwright/connectivity-can'
import { PickedFile } from '@millwright/connectivity-files'
import { mdfReader } from '@millwright/connectivity-mdf'
import { BenchSpeaker } from './bench.ts'
import { BENCH_DBC } from './can-bus.ts'
import { DropFolder } from './dropped.ts'
import { IDENTITY } from './instrument.ts'
import { writeRecording } from './mdf.ts'

const START = 1_790_000_000_123_456
const decoders = {
  databases: [{ dbc: BENCH_DBC }],
  metric: 'signal' as const,
  device: 'none' as const,
  signalInterval: 0,
}

describe('the test bench on the shop floor', () => {
  let directory: string
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millwright-bench-'))
  })
  after(() => rm(directory, { recursive: true, force: true }))

  async function speaking(name: string) {
    const speaker = new BenchSpeaker({
      machines: [],
      port: 0,
      directory: join(directory, name),
      configure: async () => ({}),
    })
    const { port, folder } = await speaker.start()
    return { speaker, port, folder: folder! }
  }

  it('answers SCPI in order, keeps its errors until they are read, and has no number before it measured one', async () => {
    const { speaker, port } = await speaking('scpi')
    const socket = connect(port, '127.0.0.1')
    socket.setEncoding('latin1')
    let heard = ''
    socket.on('data', (text) => {
      heard += text
    })
    const ask = async (commands: string, answers: number) => {
      heard = ''
      socket.write(commands)
      while (heard.split('\n').length <= answers) await once(socket, 'data')
      return heard.trimEnd().split('\n')
    }
    assert.deepEqual(await ask('*IDN?\nMEAS:VOLT?\n', 2), [IDENTITY, '9.91E+37'])
    speaker.show('TB-1', [{ time: START, values: { voltage: 399.87, state: 'load' } }])
    assert.deepEqual(await ask('meas:volt?\r\nBOGUS\nSYST:ERR?\nSYST:ERR?\n', 3), [
      '3.998700e+2',
      '-113,"Undefined header"',
      '0,"No error"',
    ])
    socket.destroy()
    await speaker.stop()
  })

  it('records the bus, each motor’s test and the day’s report', async () => {
    const { speaker, folder } = await speaking('files')
    for (let step = 0; step < 60; step++) {
      const values = {
        speed: 2890.5,
        torque: -1.25,
        current: 6.1,
        power: 3.5,
        state: step < 50 ? 'load' : 'unclamping',
      }
      speaker.show('TB-1', [{ time: START + step * 100_000, values }])
    }
    const said = { motor_serial: 'M-7', result: 'pass', efficiency: 83.2, no_load_current: 2.904 }
    speaker.show('TB-1', [{ time: START + 6_000_000, values: said }])
    await speaker.stop()

    const [bus] = await readdir(join(folder, 'can'))
    const lines = (await readFile(join(folder, 'can', bus!), 'utf8')).trimEnd().split('\n')
    assert.equal(lines.length, 50)
    assert.equal(lines.filter((line) => line.includes(' 102#')).length, 1, 'a state is told when it changes')
    assert.deepEqual(lines.slice(0, 3), [
      '(1790000000.123456) can0 100#E97083FF',
      '(1790000000.123456) can0 102#03',
      '(1790000000.223456) can0 100#E97083FF',
    ])
    const frame = new FrameBytes()
    frame.bytes.set(Buffer.from('E97083FF', 'hex'))
    frame.length = 4
    const decoder = decodersOf(decoders)()
    decoder.of('can0')!.decode(0x100, false, frame, START)
    const { rows } = decoder.filled()[0]!
    assert.deepEqual(
      [0, 1].map((row) => [rows.name[row], rows.value[row], rows.unit[row]]),
      [
        ['speed', 2890.5, '{rev}/min'],
        ['torque', -1.25, 'N.m'],
      ],
    )

    assert.deepEqual(await readdir(join(folder, 'records')), [`TB-1-${START + 6_000_000}-M-7.mf4`])
    assert.equal(
      await readFile(join(folder, 'reports', 'report-2026-09-21.csv'), 'utf8'),
      'time;motor_serial;result;efficiency [%];no_load_current [A]\n2026-09-21T14:13:26.123Z;M-7;pass;83.2;2.904\n',
    )
  })

  it('writes measurement files that are read as they were meant, to the microsecond', async () => {
    const channels = [
      { name: 'test_speed', unit: 'rpm' },
      { name: 'test_torque', unit: 'N*m' },
    ]
    const rows = [
      { at: 0, values: [0, -0.5] },
      { at: 0.1, values: [2890.5, 9.91] },
    ]
    const path = join(directory, 'one.mf4')
    await writeFile(path, writeRecording({ start: START, channels, rows }))
    const file = await PickedFile.open(path)
    const read: unknown[] = []
    const reader = mdfReader({
      makeDecoders: decodersOf(decoders),
      hasDatabases: false,
      now: () => START,
      toUtc: (local) => local,
    })
    for await (const batch of reader(file, undefined)) {
      assert.deepEqual(batch.refused, [])
      for (const { rows: some } of batch.rows)
        for (let row = 0; row < some.length; row++)
          read.push([some.name[row], some.time[row]! - START, some.value[row], some.unit[row]])
    }
    await file.close()
    assert.deepEqual(read.sort(), [
      ['test_speed', 0, 0, '{rev}/min'],
      ['test_speed', 100_000, 2890.5, '{rev}/min'],
      ['test_torque', 0, -0.5, 'N.m'],
      ['test_torque', 100_000, 9.91, 'N.m'],
    ])
  })

  it('keeps so many files, the newest, and never shows one that is not whole', async () => {
    const folder = new DropFolder(join(directory, 'kept'), 3)
    await folder.open()
    for (const name of ['a-1', 'a-2', 'a-3', 'a-4', 'a-5']) await folder.drop(name, name)
    assert.deepEqual(await readdir(folder.path), ['a-3', 'a-4', 'a-5'])
  })
})
