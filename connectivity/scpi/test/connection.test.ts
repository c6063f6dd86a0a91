/** The adapter against a simulated instrument over a real socket. */
import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { checkedConfig, QUALITY, type RunningConnection } from '@millwright/connectivity'
import { TestPorts } from '@millwright/connectivity/testing'
import { type ScpiConfig, scpiAdapter } from '../src/index.ts'
import { block, Instrument } from './instrument.ts'

let instrument: Instrument
let ports: TestPorts
let connection: RunningConnection | undefined

beforeEach(async () => {
  instrument = await new Instrument().listen()
})
afterEach(async () => {
  await connection?.stop()
  connection = undefined
  await instrument.close()
  ports?.close()
})

const configured = (config: Partial<ScpiConfig>): ScpiConfig => {
  const whole = { host: '127.0.0.1', port: instrument.port, timeout: 150, scripts: [], ...config }
  return checkedConfig(scpiAdapter, whole) as ScpiConfig
}
async function run(config: Partial<ScpiConfig>): Promise<void> {
  ports = new TestPorts({ random: () => 0 })
  connection = scpiAdapter.create(configured(config), ports)
  await connection.start()
}
const voltage = { send: 'MEAS:VOLT:DC?', result: { type: 'number', metric: 'u', unit: 'V' } } as const
const every = (interval: number, ...steps: ScpiConfig['scripts'][number]['steps']) => ({ interval, steps })
const command = (name: string, params: unknown) =>
  connection!.command!({ name, params, device: undefined, signal: AbortSignal.timeout(5_000) })

describe('an instrument', () => {
  it('is identified, set up and asked by scripts: numbers, states, lists and waveforms', async () => {
    // The bytes of 2.5 big-endian hold a line feed: 0x40 0x20 0x0a 0x00.
    const samples = Buffer.from('40200a0041200a0a', 'hex')
    instrument.answers.set('MEAS:VOLT:DC?', '+1.23456E+00')
    instrument.answers.set('OUTP?', '1')
    instrument.answers.set('FUNC?', '"VOLT:DC"')
    instrument.answers.set('READ?', '1.5,9.91E+37,-3')
    instrument.answers.set('CURV?', block(samples))
    instrument.answers.set('ACQ:SRAT?', '25600')
    await run({
      setup: ['FORM REAL,32'],
      scripts: [
        every(
          30,
          voltage,
          { send: 'OUTP?', result: { type: 'boolean', metric: 'on' } },
          { send: 'FUNC?', result: { type: 'text', metric: 'function' } },
        ),
        every(
          30,
          { send: 'TRIG' },
          { send: 'READ?', result: { type: 'list', metrics: ['a', 'b', ''], unit: 'Ohm' } },
          {
            send: 'CURV?',
            result: {
              type: 'waveform',
              metric: 'w',
              unit: 'V',
              format: 'real32',
              sampleRateQuery: 'ACQ:SRAT?',
              scale: 2,
            },
          },
        ),
      ],
    })
    await ports.until(() => ports.last('w') && ports.values('u').length > 2 && ports.state?.state === 'running')
    assert.equal(ports.last('u')!.value, 1.23456)
    assert.equal(ports.last('u')!.unit, 'V')
    assert.equal(ports.last('u')!.source, 'MEAS:VOLT:DC?')
    assert.equal(ports.last('on')!.value, true)
    assert.equal(ports.last('function')!.value, 'VOLT:DC')
    assert.equal(ports.last('a')!.value, 1.5)
    assert.deepEqual(
      [ports.last('b')!.kind, ports.last('b')!.quality],
      ['none', QUALITY.badOutOfRange],
      'SCPI’s "not a number"',
    )
    const wave = ports.last('w')!.value as { sampleRate: number; samples: Float32Array }
    assert.equal(wave.sampleRate, 25_600)
    assert.deepEqual([...wave.samples], [2 * samples.readFloatBE(0), 2 * samples.readFloatBE(4)])
    assert.equal(instrument.heard[1], 'FORM REAL,32')
  })

  it('may answer in single bytes', async () => {
    instrument.inPieces = true
    instrument.answers.set('CURV?', block(Buffer.from('0a0a0a0a', 'hex')))
    instrument.answers.set('MEAS:VOLT:DC?', '7')
    await run({
      scripts: [
        every(
          20,
          {
            send: 'CURV?',
            result: { type: 'waveform', metric: 'w', format: 'int16', byteOrder: 'little', sampleRate: 10 },
          },
          voltage,
        ),
      ],
    })
    await ports.until(() => ports.values('u').length > 3)
    assert.deepEqual([...(ports.last('w')!.value as { samples: Float32Array }).samples], [0x0a0a, 0x0a0a])
    assert.deepEqual(new Set(ports.values('u')), new Set([7]))
  })

  it('that answers late is brought back into step: no late answer is taken for another', async () => {
    let turn = 0
    instrument.answers.set('MEAS:VOLT:DC?', (say) => {
      turn++
      const value = String(turn)
      // Each third answer comes when the next question has been asked long ago.
      if (turn % 3 === 0) setTimeout(() => say('666'), 550)
      else say(value)
    })
    instrument.answers.set('MEAS:CURR?', '0.5')
    await run({
      timeout: 400,
      scripts: [every(20, voltage, { send: 'MEAS:CURR?', result: { type: 'number', metric: 'i' } })],
    })
    await ports.until(() => connection!.counters['timeouts']! >= 2 && ports.values('u').length >= 5)
    assert.ok(!ports.values('u').includes(666))
    assert.deepEqual(new Set(ports.values('i')), new Set([0.5]))
    assert.equal(instrument.connections, 1, 'without connecting anew')
    assert.ok(connection!.counters['resyncs']! >= 1)
    assert.ok(
      ports.statuses.some(
        ({ state, reason }) => state === 'degraded' && /did not answer MEAS:VOLT:DC\? within 400 ms/.test(reason!),
      ),
    )
  })

  it('that never answers any more is connected anew; one that hangs in a block too', async () => {
    let hang = true
    instrument.answers.set('CURV?', (say, socket) => {
      if (hang) socket.write('#6100000abc')
      else say(block(Buffer.alloc(4)))
    })
    await run({
      scripts: [
        every(20, { send: 'CURV?', result: { type: 'waveform', metric: 'w', format: 'real32', sampleRate: 1 } }),
      ],
    })
    await ports.until(() => instrument.connections >= 2)
    assert.ok(ports.statuses.some(({ state, reason }) => state === 'waiting' && /out of step/.test(reason!)))
    hang = false
    await ports.until(() => ports.last('w') && ports.state?.state === 'running')
  })

  it('that goes away leaves values without communication, and is back by itself', async () => {
    instrument.answers.set('MEAS:VOLT:DC?', '1')
    await run({ scripts: [every(20, voltage)] })
    await ports.until(() => ports.last('u')?.value === 1)
    const { port } = instrument
    await instrument.close()
    await ports.until(() => ports.state?.state === 'waiting')
    assert.equal(ports.last('u')!.quality, QUALITY.badNoCommunication)
    instrument = await new Instrument().listen(port)
    instrument.answers.set('MEAS:VOLT:DC?', '2')
    await ports.until(() => ports.last('u')?.value === 2 && ports.state?.state === 'running')
  })

  it('that lies gives dead letters, and the other steps go on', async () => {
    instrument.answers.set('MEAS:VOLT:DC?', 'ERROR 7')
    instrument.answers.set('READ?', '1,2')
    instrument.answers.set('CURV?', block(Buffer.alloc(5)))
    instrument.answers.set('MEAS:CURR?', '4')
    await run({
      scripts: [
        every(
          30,
          voltage,
          { send: 'READ?', result: { type: 'list', metrics: ['a', 'b', 'c'] } },
          { send: 'CURV?', result: { type: 'waveform', metric: 'w', format: 'real32', sampleRate: 1 } },
          { send: 'MEAS:CURR?', result: { type: 'number', metric: 'i' } },
        ),
      ],
    })
    await ports.until(() => ports.last('i')?.value === 4 && ports.state?.state === 'degraded')
    assert.deepEqual(
      ports.refused.slice(0, 3).map(({ code, source }) => [code, source]),
      [
        ['MW-SCPI-0030', 'MEAS:VOLT:DC?'],
        ['MW-SCPI-0032', 'READ?'],
        ['MW-SCPI-0034', 'CURV?'],
      ],
    )
    assert.equal(ports.last('u'), undefined)
  })

  it('that floods, or answers more than the bound, is cut off', async () => {
    instrument.answers.set('MEAS:VOLT:DC?', (_, socket) => {
      const pour = () => {
        while (socket.writable && socket.write('1234567\n'.repeat(1_000)));
      }
      socket.on('drain', pour)
      pour()
    })
    await run({ scripts: [every(20, voltage)] })
    await ports.until(() =>
      ports.statuses.some(({ reason }) => /sends what nobody asked for|out of step/.test(reason ?? '')),
    )
    instrument.answers.set('MEAS:VOLT:DC?', (_, socket) => {
      socket.write(`#9999999999${'x'.repeat(100_000)}`)
    })
    await ports.until(() => ports.statuses.some(({ reason }) => /has more than 4194304 bytes/.test(reason ?? '')))
    instrument.answers.set('MEAS:VOLT:DC?', '1')
    await ports.until(() => ports.state?.state === 'running')
  })

  it('has its error queue read out, and says what it complains about', async () => {
    instrument.answers.set('MEAS:VOLT:DC?', '1')
    await run({ scripts: [every(20, voltage, { send: 'BOGUS' })] })
    await ports.until(() => ports.state?.state === 'degraded')
    assert.match(ports.state!.reason!, /The instrument says: -113 Undefined header/)
    assert.equal(instrument.errors.length, 0)
    await connection!.stop()
    instrument.withoutQueue = true
    await run({ scripts: [every(20, voltage)] })
    await ports.until(() => ports.values('u').length > 3 && ports.state?.state === 'running')
  })

  it('of another identity is not used', async () => {
    await run({ identity: 'SN 4711', scripts: [every(20, voltage)] })
    await ports.until(() => ports.state?.state === 'failed')
    assert.match(
      ports.state!.reason!,
      /Another instrument answers at 127\.0\.0\.1:\d+: Millwright,Simulated DMM,0001,1\.0\. The configuration wants SN 4711\./,
    )
    assert.deepEqual(instrument.heard, ['*IDN?'])
  })

  it('that is none is named as such', async () => {
    instrument.answers.set('*IDN?', 'HTTP/1.1 400 Bad Request')
    await run({})
    await ports.until(() => ports.state?.state === 'waiting')
    assert.match(ports.state!.reason!, /does not answer \*IDN\? as IEEE 488\.2 says \(it said: .*Bad Request.*\)/)
  })

  it('waits while storage is behind', async () => {
    instrument.answers.set('MEAS:VOLT:DC?', '1')
    await run({ scripts: [every(10, voltage)] })
    await ports.until(() => ports.values('u').length > 2)
    ports.saturate()
    await ports.until(async () => {
      const before = ports.rows.length
      await new Promise((resolve) => setTimeout(resolve, 60))
      return ports.rows.length === before
    })
    ports.drain()
    const before = ports.rows.length
    await ports.until(() => ports.rows.length > before)
  })
})

describe('commands', () => {
  const outputs = [{ metric: 'supply', command: 'VOLT {value}', query: 'VOLT?', minimum: 0, maximum: 50 }]

  it('set outputs inside their limits, read back, and fail with what the instrument says', async () => {
    await run({ outputs })
    await ports.until(() => ports.state?.state === 'running')
    assert.deepEqual(await command('write', { metric: 'supply', value: 12.5 }), { metric: 'supply', value: 12.5 })
    assert.equal(instrument.voltage, 12.5)
    await assert.rejects(command('write', { metric: 'supply', value: 40 }), {
      code: 'MW-SCPI-0055',
      message: 'The instrument refused VOLT 40: -222 Data out of range.',
    })
    await assert.rejects(command('write', { metric: 'supply', value: 51 }), { code: 'MW-SCPI-0054' })
    await assert.rejects(command('write', { metric: 'supply', value: '1;*RST' }), { code: 'MW-SCPI-0054' })
    await assert.rejects(command('write', { metric: 'other', value: 1 }), { code: 'MW-SCPI-0053' })
  })

  it('ask and send what the list allows, each part of it', async () => {
    await run({ allow: ['VOLT?', 'MEAS:…', 'trig'] })
    await ports.until(() => ports.state?.state === 'running')
    instrument.answers.set('MEAS:VOLT:DC?', '3')
    assert.deepEqual(await command('query', { command: 'MEAS:VOLT:DC?' }), { answer: '3' })
    assert.deepEqual(await command('send', { command: 'TRIG' }), { sent: 'TRIG' })
    const refused = (name: string, said: string, code: string) =>
      assert.rejects(command(name, { command: said }), { code: `MW-SCPI-00${code}` })
    await refused('send', '*RST', '52')
    await refused('send', 'TRIG;*RST', '52')
    await refused('query', '*RST;VOLT?', '52')
    await refused('send', 'TRIG\n*RST', '51')
    await refused('query', 'TRIG', '51')
    await refused('send', 'VOLT?', '51')
    await assert.rejects(command('explode', {}), { code: 'MW-SCPI-0050' })
  })

  it('go between scripts, never into them', async () => {
    instrument.answers.set('MEAS:VOLT:DC?', (say) => setTimeout(() => say('1'), 30))
    await run({ outputs, scripts: [every(10, voltage, voltage2)] })
    await ports.until(() => ports.values('u').length > 1)
    await command('write', { metric: 'supply', value: 5 })
    const at = instrument.heard.indexOf('VOLT 5')
    assert.equal(instrument.heard[at - 1], 'SYST:ERR?')
    assert.equal(instrument.heard[at + 1], 'SYST:ERR?')
    assert.equal(instrument.heard[at + 2], 'VOLT?')
  })
  const voltage2 = { send: 'MEAS:VOLT:DC? ', result: { type: 'number', metric: 'u2' } } as const
})

describe('a configuration', () => {
  it('is tried step by step', async () => {
    ports = new TestPorts({ random: () => 0 })
    instrument.answers.set('MEAS:VOLT:DC?', '1.5')
    const good = await scpiAdapter.test(configured({ scripts: [every(20, voltage)] }), ports.probe())
    assert.deepEqual(
      good.steps.map(({ name, ok, detail }) => [name, ok, detail]),
      [
        [`TCP connection to 127.0.0.1:${instrument.port} and *IDN?`, true, 'Millwright,Simulated DMM,0001,1.0'],
        ['MEAS:VOLT:DC?', true, 'u 1.5 V'],
        ['SYST:ERR?', true, 'No errors.'],
      ],
    )
    const bad = await scpiAdapter.test(
      configured({ scripts: [every(20, { send: 'NONE?', result: { type: 'number', metric: 'n' } })] }),
      ports.probe(),
    )
    assert.equal(bad.ok, false)
    assert.match(bad.steps[1]!.detail, /did not answer NONE\?/)
    assert.match(bad.steps[2]!.detail, /-113 Undefined header/)
  })

  it('that cannot be meant is refused with the path', () => {
    const refused = (config: Partial<ScpiConfig>, path: string) => {
      assert.throws(() => scpiAdapter.check!({ host: 'h', scripts: [], ...config }), { code: 'MW-SCPI-0001', path })
    }
    refused({ scripts: [every(10, { ...voltage, send: 'A?;B?' })] }, '/scripts/0/steps/0/send')
    refused({ scripts: [every(10, { ...voltage, send: 'TRIG' })] }, '/scripts/0/steps/0/result')
    refused({ scripts: [every(10, voltage, voltage)] }, '/scripts/0/steps/1/result')
    refused(
      { scripts: [every(10, { send: 'C?', result: { type: 'waveform', metric: 'w' } })] },
      '/scripts/0/steps/0/result/sampleRate',
    )
    refused({ setup: ['*IDN?'] }, '/setup/0')
    refused({ outputs: [{ metric: 'm', command: 'VOLT 5' }] }, '/outputs/0/command')
    assert.throws(() => configured({ scripts: [every(10, { send: 'A\n*RST' })] }))
  })
})
