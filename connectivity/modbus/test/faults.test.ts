/** Peers that die, hang, flood and lie. */
import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { afterEach, describe, it } from 'node:test'
import { QUALITY, type RunningConnection } from '@millwright/connectivity'
import { TestPorts } from '@millwright/connectivity/testing'
import { mbapFrame } from '../src/codec/mbap.ts'
import { type ModbusConfig, modbusAdapter } from '../src/index.ts'
import { type Asked, type Peer, registersAnswer, startPeer } from '../src/testing/peer.ts'

let ports: TestPorts
let connection: RunningConnection | undefined
const peers: Peer[] = []

afterEach(async () => {
  await connection?.stop()
  connection = undefined
  for (const peer of peers.splice(0)) await peer.close()
  ports.close()
})

async function peer(onAsked: (asked: Asked) => void, onConnect?: (socket: Socket) => void): Promise<Peer> {
  const made = await startPeer(onAsked, onConnect === undefined ? {} : { onConnect })
  peers.push(made)
  return made
}

const answer = (asked: Asked, pdu = registersAnswer(asked)) =>
  asked.socket.write(mbapFrame(asked.transaction, asked.unit, pdu))
const values = (device = 'd') => ports.values('r', device)

async function run(port: number, rest: Partial<ModbusConfig> = {}): Promise<RunningConnection> {
  ports = new TestPorts({ random: () => 0 })
  connection = modbusAdapter.create(
    {
      transport: { type: 'tcp', host: '127.0.0.1', port },
      interval: 20,
      timeout: 100,
      devices: [{ name: 'd', registers: [{ name: 'r', address: 7, writable: true }] }],
      ...rest,
    },
    ports,
  )
  await connection.start()
  return connection
}

describe('Modbus TCP peers at fault', () => {
  it('an answer in single bytes, and one behind answers to nobody, are read', async () => {
    let turn = 0
    const { port } = await peer((asked) => {
      const frame = mbapFrame(asked.transaction, asked.unit, registersAnswer(asked))
      if (turn++ % 2 === 0) for (const byte of frame) asked.socket.write(Uint8Array.of(byte))
      else {
        const stray = mbapFrame(
          asked.transaction - 1,
          asked.unit,
          registersAnswer(asked, () => 666),
        )
        asked.socket.write(Buffer.concat([stray, stray, frame]))
      }
    })
    await run(port, { timeout: 2_000 })
    await ports.until(() => values().length >= 10)
    assert.deepEqual(new Set(values()), new Set([7]))
    assert.ok(connection!.counters['stray_answers']! >= 8)
    assert.equal(connection!.counters['connects'], 1)
  })

  it('a late answer is never taken for that to a later request', async () => {
    let turn = 0
    const held: Asked[] = []
    const { port } = await peer((asked) => {
      turn++
      // Every third answer comes with the next request, before its own.
      if (turn % 3 === 0) held.push(asked)
      else {
        for (const late of held.splice(0))
          answer(
            late,
            registersAnswer(late, () => 666),
          )
        answer(
          asked,
          registersAnswer(asked, () => turn),
        )
      }
    })
    await run(port)
    await ports.until(() => connection!.counters['timeouts']! >= 3 && values().length >= 6)
    assert.ok(!values().includes(666), String(values()))
  })

  it('a peer that hangs in the middle of a frame is connected anew', async () => {
    let hang = true
    const made = await peer((asked) => {
      if (hang) asked.socket.write(mbapFrame(asked.transaction, asked.unit, registersAnswer(asked)).subarray(0, 8))
      else answer(asked)
      hang = false
    })
    await run(made.port)
    await ports.until(() => values().length >= 3)
    assert.ok(made.connections >= 2)
  })

  it('a half-open connection is found out and made anew', async () => {
    let deaf: Socket | undefined
    const made = await peer((asked) => {
      deaf ??= asked.socket
      if (asked.socket !== deaf || made.asked.length < 4) answer(asked)
    })
    await run(made.port)
    await ports.until(() => made.connections >= 2 && values().length >= 6)
    await ports.until(() => ports.devices.get('d')?.online)
  })

  it('answers of a wrong unit, function, length or byte count are not taken, and said', async () => {
    const lies: ((asked: Asked) => void)[] = [
      (asked) => asked.socket.write(mbapFrame(asked.transaction, asked.unit + 100, registersAnswer(asked))),
      (asked) => answer(asked, Buffer.concat([Buffer.of(4), registersAnswer(asked).subarray(1)])),
      (asked) => answer(asked, registersAnswer(asked).subarray(0, 3)),
      (asked) => answer(asked, Buffer.from('030400070008', 'hex')),
      answer,
    ]
    const { port } = await peer((asked) => lies[asked.unit]!(asked))
    const registers = [{ name: 'r', address: 7 }]
    await run(port, { devices: lies.map((_, unit) => ({ name: `lie ${unit}`, unit, registers })) })
    await ports.until(() => values('lie 4').length >= 20 && ports.state?.state === 'degraded')
    assert.ok(ports.rows.every(({ device }) => device === 'lie 4'))
    assert.equal(ports.devices.get('lie 0')!.online, false)
    await ports.until(() =>
      /lie \d answered the read of holding registers 7 with function 4/.test(ports.state!.reason!),
    )
  })

  it('a flood is ended, and does not delay another device', async () => {
    const flood = await peer(
      () => undefined,
      (socket) => {
        const frames = Buffer.concat(Array.from({ length: 500 }, (_, at) => mbapFrame(at, 9, Buffer.of(3, 2, 0, 1))))
        const pour = () => {
          while (socket.writable && socket.write(frames));
        }
        socket.on('drain', pour)
        pour()
      },
    )
    const good = await peer(answer)
    const registers = [{ name: 'r', address: 7 }]
    await run(good.port, {
      devices: [
        { name: 'good', registers },
        { name: 'flood', port: flood.port, registers },
      ],
    })
    await ports.until(() => values('good').length >= 40)
    assert.deepEqual(values('flood'), [])
    assert.match(ports.devices.get('flood')!.reason!, /sends what nobody asked for/)
    assert.equal(ports.state?.state, 'degraded')
  })

  it('a peer that does not speak Modbus is named as such', async () => {
    const { port } = await peer((asked) => asked.socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'))
    await run(port)
    await ports.until(() => ports.state?.state === 'waiting')
    assert.match(
      ports.state!.reason!,
      /a frame that is not Modbus TCP \(protocol 21584 instead of 0\): is it another protocol’s port\?/,
    )
  })

  it('a device that dies in the middle of a request is offline, and back when it restarts', async () => {
    let alive = true
    const made = await peer((asked) => {
      if (alive) answer(asked)
      else asked.socket.destroy()
    })
    await run(made.port)
    await ports.until(() => values().length >= 3)
    alive = false
    await ports.until(() => ports.devices.get('d')?.online === false)
    assert.equal(ports.rows.at(-1)?.kind, 'none', 'nobody knows the value any more')
    alive = true
    await ports.until(() => ports.devices.get('d')?.online)
  })

  it('a dead device costs others on other sockets nothing', async () => {
    const silent = await peer(() => undefined)
    const good = await peer(answer)
    const registers = [{ name: 'r', address: 7 }]
    await run(good.port, {
      timeout: 10_000,
      devices: [
        { name: 'good', registers },
        ...Array.from({ length: 10 }, (_, at) => ({
          name: `dead ${at}`,
          host: '127.0.0.1',
          port: silent.port,
          unit: at + 1,
          registers,
        })),
      ],
    })
    await ports.until(() => values('good').length >= 30)
    assert.equal(connection!.counters['timeouts'], 0, 'they are still waited for')
  })

  it('answers that a write was taken and holds another value: the command says so', async () => {
    const { port } = await peer((asked) =>
      answer(asked, asked.pdu[0] === 6 ? asked.pdu : registersAnswer(asked, () => 50)),
    )
    await run(port)
    await ports.until(() => values().length > 0)
    const write = connection!.command!({
      name: 'write',
      params: { metric: 'r', value: 99 },
      device: 'd',
      signal: AbortSignal.timeout(2_000),
    })
    await assert.rejects(write, { code: 'MW-MODBUS-0056', message: /holds 50 and not 0063/ })
  })

  it('a device that knows neither function 6 nor 22 is written with function 16', async () => {
    let held = 0x0100
    const { port } = await peer((asked) => {
      const code = asked.pdu[0]!
      if (code === 16) {
        held = asked.pdu.readUInt16BE(6)
        answer(asked, asked.pdu.subarray(0, 5))
      } else if (code === 3)
        answer(
          asked,
          registersAnswer(asked, () => held),
        )
      else answer(asked, Buffer.of(code | 0x80, 1))
    })
    await run(port, {
      devices: [
        {
          name: 'd',
          registers: [
            { name: 'r', address: 7, writable: true },
            { name: 'bit', address: 7, bit: 0, type: 'bool', writable: true },
          ],
        },
      ],
    })
    await ports.until(() => values().length > 0)
    const write = (metric: string, value: unknown) =>
      connection!.command!({
        name: 'write',
        params: { metric, value },
        device: 'd',
        signal: AbortSignal.timeout(2_000),
      })
    assert.deepEqual(await write('bit', true), { metric: 'bit', value: true })
    assert.equal(held, 0x0101)
    assert.deepEqual(await write('r', 5), { metric: 'r', value: 5 })
  })

  it('a device that refused everything while it started is read in large pieces again afterwards', async () => {
    let starting = true
    const made = await peer((asked) => answer(asked, starting ? Buffer.of(0x83, 2) : registersAnswer(asked)))
    const registers = Array.from({ length: 8 }, (_, address) => ({ name: `r${address}`, address }))
    await run(made.port, { devices: [{ name: 'd', registers }] })
    await ports.until(
      () => made.asked.some(({ pdu }) => pdu.readUInt16BE(3) === 1) && ports.state?.state === 'degraded',
    )
    starting = false
    await ports.until(() => ports.values('r7', 'd').length > 3 && ports.state?.state === 'running')
    assert.equal(made.asked.at(-1)!.pdu.readUInt16BE(3), 8)
  })

  it('two commands that change bits of the same register do not undo each other', async () => {
    let held = 0
    const { port } = await peer((asked) => {
      const code = asked.pdu[0]!
      if (code === 6) {
        held = asked.pdu.readUInt16BE(3)
        answer(asked, asked.pdu)
      } else if (code === 3)
        answer(
          asked,
          registersAnswer(asked, () => held),
        )
      else answer(asked, Buffer.of(code | 0x80, 1))
    })
    const bits = [0, 1, 2, 3].map((bit) => ({
      name: `b${bit}`,
      address: 7,
      bit,
      type: 'bool' as const,
      writable: true,
    }))
    await run(port, { devices: [{ name: 'd', registers: bits }] })
    await ports.until(() => ports.last('b0', 'd'))
    const signal = AbortSignal.timeout(2_000)
    const write = (metric: string) =>
      connection!.command!({ name: 'write', params: { metric, value: true }, device: 'd', signal })
    await Promise.all(bits.map(({ name }) => write(name)))
    assert.equal(held, 0b1111)
  })

  it('a unit that the gateway cannot reach is away, and asked seldom', async () => {
    const made = await peer((asked) => answer(asked, asked.unit === 2 ? Buffer.of(0x83, 11) : registersAnswer(asked)))
    const registers = [{ name: 'r', address: 7 }]
    await run(made.port, { devices: [1, 2].map((unit) => ({ name: `unit ${unit}`, unit, registers })) })
    await ports.until(() => values('unit 1').length >= 30 && ports.state?.state === 'degraded')
    assert.match(
      ports.devices.get('unit 2')!.reason!,
      /Gateway Target Device Failed To Respond \(exception 11\)\. The unit behind the gateway is off/,
    )
    const share = made.asked.filter(({ unit }) => unit === 2).length / made.asked.length
    assert.ok(share < 0.2, `${share} of the requests`)
  })

  it('a register that is gone after a restart has no value any more, and the others have', async () => {
    let end = 100
    const { port } = await peer((asked) => {
      const beyond = asked.pdu.readUInt16BE(1) + asked.pdu.readUInt16BE(3) > end
      answer(asked, beyond ? Buffer.of(0x83, 2) : registersAnswer(asked))
    })
    const registers = [5, 6, 7].map((address) => ({ name: `r${address}`, address }))
    await run(port, { devices: [{ name: 'd', registers }] })
    await ports.until(() => ports.last('r7', 'd')?.value === 7)
    end = 7
    await ports.until(() => ports.last('r7', 'd')?.kind === 'none')
    assert.equal(ports.last('r7', 'd')!.quality, QUALITY.bad)
    const before = ports.values('r6', 'd').length
    await ports.until(() => ports.values('r6', 'd').length > before + 3)
    assert.equal(ports.last('r6', 'd')!.value, 6)
    assert.match(ports.state!.reason!, /^r7: /)
  })
})
