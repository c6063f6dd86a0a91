/** The adapter over real sockets, and a serial line made by socat. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, it } from 'node:test'
import type { RunningConnection } from '@millwright/connectivity'
import { TestPorts } from '@millwright/connectivity/testing'
import { freePort } from '@millwright/foundation/testing'
import { type LinesConfig, linesAdapter } from '../src/index.ts'

let ports: TestPorts
let connection: RunningConnection | undefined
const closing: (() => unknown)[] = []

afterEach(async () => {
  await connection?.stop()
  connection = undefined
  for (const close of closing.splice(0).reverse()) await close()
  ports.close()
})

const pattern = { type: 'template', template: 'T={t:number} C' } as const

async function run(config: Partial<LinesConfig> & Pick<LinesConfig, 'source'>): Promise<void> {
  const whole = { patterns: [pattern], ...config }
  linesAdapter.check!(whole)
  ports = new TestPorts({ random: () => 0 })
  connection = linesAdapter.create(whole, ports)
  await connection.start()
}

/** A device that takes connections. */
async function device(
  onConnect: (socket: Socket) => void,
  port = 0,
): Promise<{ port: number; server: Server; sockets: Set<Socket> }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    onConnect(socket)
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => server.close(resolve))
  })
  return { port: (server.address() as AddressInfo).port, server, sockets }
}

const client = (port: number) => ({ type: 'tcp-client' as const, host: '127.0.0.1', port })

describe('lines over TCP, we connect', () => {
  it('reads what comes in pieces, and is back after the device went away', async () => {
    let greeting = 'T=1'
    const { port, sockets } = await device((socket) => {
      socket.setNoDelay(true)
      for (const char of `${greeting} C\r\n`) socket.write(char)
    })
    await run({ source: client(port) })
    await ports.until(() => ports.last('t')?.value === 1 && ports.state?.state === 'running')
    assert.equal(ports.last('t')!.source, `127.0.0.1:${port}`)
    greeting = 'T=2'
    for (const socket of sockets) socket.destroy()
    await ports.until(() => ports.last('t')?.value === 2)
    assert.deepEqual(
      ports.statuses.map(({ state }) => state),
      ['running', 'waiting', 'running'],
    )
  })

  it('asks devices that only speak when asked, and sends commands where that is allowed', async () => {
    const heard: string[] = []
    const { port } = await device((socket) => {
      socket.on('data', (bytes) => {
        heard.push(bytes.toString())
        if (bytes.toString() === 'SI\r\n') socket.write('T=21.5 C\r\n')
      })
    })
    await run({ source: client(port), requests: [{ text: 'SI\\r\\n', interval: 50 }], commands: true })
    await ports.until(() => ports.values('t').length >= 3)
    const send = (name: string, params: unknown) =>
      connection!.command!({ name, params, device: undefined, signal: AbortSignal.timeout(1_000) })
    assert.deepEqual(await send('send', { text: 'Z\\r\\n' }), { sent: 3 })
    await ports.until(() => heard.includes('Z\r\n'))
    await assert.rejects(send('send', { text: '' }), { code: 'MW-LINES-0031' })
    await assert.rejects(send('write', {}), { code: 'MW-LINES-0030' })
    await connection!.stop()
    await run({ source: client(port) })
    await assert.rejects(send('send', { text: 'Z' }), /must be allowed/)
  })

  it('gives lines that no pattern reads a dead letter, bounded, and tells people', async () => {
    const { port } = await device((socket) => {
      socket.write('T=1 C\n')
      socket.write('what is this\n'.repeat(1_000))
    })
    await run({ source: client(port) })
    await ports.until(() => connection!.counters['unmatched'] === 1_000 && ports.state?.state === 'degraded')
    assert.ok(ports.refused.length >= 20 && ports.refused.length <= 60, String(ports.refused.length))
    assert.equal(ports.refused[0]!.payload.toString(), 'what is this')
    assert.equal(ports.refused[0]!.code, 'MW-LINES-0003')
    assert.match(ports.state!.reason!, /cannot be read: No pattern reads this line\. The last: "what is this"/)
  })

  it('a flood without an end of line takes no memory, and the line after it is read', async () => {
    let pour = true
    const { port } = await device((socket) => {
      const chunk = Buffer.alloc(65_536, 'x')
      const more = () => {
        while (pour && socket.writable && socket.write(chunk));
        if (!pour) socket.write('\nT=3 C\n')
      }
      socket.on('drain', more)
      more()
    })
    await run({ source: client(port) })
    await ports.until(() => connection!.counters['too_long'] === 1)
    const before = process.memoryUsage().heapUsed
    await new Promise((resolve) => setTimeout(resolve, 200))
    pour = false
    await ports.until(() => ports.last('t')?.value === 3)
    assert.ok(process.memoryUsage().heapUsed - before < 50e6)
    assert.equal(ports.refused.length, 1)
  })

  it('a silent, half-open device is told and connected anew', async () => {
    let connections = 0
    const { port } = await device((socket) => {
      connections++
      if (connections > 1) socket.write('T=5 C\n')
    })
    await run({ source: client(port), silence: 150 })
    await ports.until(() =>
      ports.statuses.some(({ state, reason }) => state === 'waiting' && /Nothing came from 127/.test(reason!)),
    )
    await ports.until(() => ports.last('t')?.value === 5)
    assert.ok(connections >= 2)
  })

  it('lets the device wait while storage is behind', async () => {
    let sent = 0
    const { port } = await device((socket) => {
      const more = () => {
        while (socket.writable && socket.write(`T=${sent++} C\n`.repeat(100)));
      }
      socket.on('drain', more)
      more()
    })
    await run({ source: client(port) })
    ports.counting = true
    await ports.until(() => ports.count > 1_000)
    ports.saturate()
    await ports.until(async () => {
      const [count, at] = [ports.count, sent]
      await new Promise((resolve) => setTimeout(resolve, 100))
      return ports.count === count && sent === at
    })
    const before = ports.count
    ports.drain()
    await ports.until(() => ports.count > before)
  })
})

describe('lines, devices come to us', () => {
  it('over TCP: from several at once, none mixed up; strangers and too many are turned away', async () => {
    const port = await freePort()
    await run({
      source: { type: 'tcp-server', host: '127.0.0.1', port, clients: 2, allowed: ['127.0.0.1'] },
      patterns: [{ type: 'pairs', device: 'id' }],
    })
    await ports.until(() => ports.state?.state === 'running')
    const dial = async () => {
      const socket = connect({ port, host: '127.0.0.1' })
      socket.on('error', () => undefined)
      closing.push(() => socket.destroy())
      await once(socket, 'connect')
      return socket
    }
    const [one, two] = [await dial(), await dial()]
    one.write('id=A v=')
    two.write('id=B v=2\n')
    await ports.until(() => ports.last('v', 'B')?.value === 2)
    one.write('1\n')
    await ports.until(() => ports.last('v', 'A')?.value === 1)
    const third = await dial()
    await once(third, 'close')
    one.destroy()
    await ports.until(async () => {
      const again = await dial()
      again.write('id=C v=3\n')
      await new Promise((resolve) => setTimeout(resolve, 20))
      return ports.last('v', 'C')
    })
  })

  it('over UDP: each datagram is whole, in another format too', async () => {
    const port = await freePort()
    await run({ source: { type: 'udp', host: '127.0.0.1', port } })
    await ports.until(() => ports.state?.state === 'running')
    const socket = createSocket('udp4')
    closing.push(() => socket.close())
    socket.send('T=1 C\nT=2 C', port, '127.0.0.1')
    await ports.until(() => ports.values('t').length === 2)
    assert.deepEqual(ports.values('t'), [1, 2])
    assert.equal(ports.last('t')!.source, '127.0.0.1')
    ports.saturate()
    socket.send('T=3 C', port, '127.0.0.1')
    await ports.until(() => {
      if (connection!.counters['datagrams_lost'] === 0) socket.send('T=4 C', port, '127.0.0.1')
      return connection!.counters['datagrams_lost']! > 0
    })
  })

  it('says when the port is in use, and takes it when it is free', async () => {
    const { port, server } = await device(() => undefined)
    await run({ source: { type: 'tcp-server', host: '127.0.0.1', port } })
    await ports.until(() => ports.state?.state === 'waiting')
    assert.match(ports.state!.reason!, /is in use already/)
    server.close()
    await ports.until(() => ports.state?.state === 'running')
  })
})

describe('the test of a configuration', () => {
  it('shows what the lines give, or why they do not', async () => {
    ports = new TestPorts({ random: () => 0 })
    const { port } = await device((socket) => void socket.write('T=1 C\nT=2 C\nnothing\n'))
    const test = (config: LinesConfig) => linesAdapter.test(config, ports.probe())
    const good = await test({ source: client(port), patterns: [{ ...pattern, fields: [{ field: 't', unit: 'Cel' }] }] })
    assert.equal(good.ok, true)
    assert.match(good.steps[1]!.detail, /t 2 Cel/)
    const other = await test({ source: client(port), patterns: [{ type: 'template', template: 'P={p:number}' }] })
    assert.equal(other.ok, false)
    assert.match(other.steps[1]!.detail, /"T=1 C": No pattern reads this line\./)
    const away = await test({ source: client(1), patterns: [pattern] })
    assert.match(away.steps[0]!.detail, /connection refused/)
  })
})

describe('lines on a serial port', { skip: !existsSync('/usr/bin/socat') && 'needs socat' }, () => {
  it('are read, and the adapter may be unplugged and plugged again', async () => {
    const folder = new TestPorts()
    closing.push(() => folder.close())
    const [ours, theirs] = [join(folder.root, 'ours'), join(folder.root, 'theirs')]
    const cable = async (): Promise<ChildProcess> => {
      const socat = spawn('/usr/bin/socat', [
        '-d',
        '-d',
        `pty,raw,echo=0,link=${ours}`,
        `pty,raw,echo=0,link=${theirs}`,
      ])
      closing.push(() => socat.kill('SIGKILL'))
      let said = ''
      const { promise: ready, resolve } = Promise.withResolvers<void>()
      // Read to its end: a program that cannot write any more is ended by that.
      socat.stderr.on('data', (bytes: Buffer) => {
        said += bytes.toString()
        if (said.includes('starting data transfer')) resolve()
      })
      await ready
      return socat
    }
    const say = async (text: string) => {
      const file = await open(theirs, 'r+')
      // The other side hangs up when the last one closes it.
      closing.push(() => file.close())
      await file.write(text)
    }
    const socat = await cable()
    await run({ source: { type: 'serial', path: ours, baudRate: 9600 } })
    await ports.until(() => ports.state?.state === 'running')
    await say('T=7 C\r\n')
    await ports.until(() => ports.last('t')?.value === 7)
    // Its device goes first, as that of an adapter does: the number of the terminal behind it may soon be somebody else's.
    await rm(ours)
    socat.kill('SIGTERM')
    await once(socat, 'exit')
    await ports.until(() => ports.state?.state === 'waiting')
    assert.match(ports.state!.reason!, /serial port/i)
    await cable()
    await ports.until(() => ports.state?.state === 'running')
    await say('T=8 C\r\n')
    await ports.until(() => ports.last('t')?.value === 8)
  })
})
