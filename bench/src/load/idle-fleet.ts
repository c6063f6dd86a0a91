/**
 * Devices that are connected with mutual TLS and say nothing but PINGREQ, as a process of its own. Lost connections come
 * back by themselves, after a random pause, as devices' do. Each second and at each whole fleet a line on standard output:
 * `{ "connected": n }`. Ends when its standard input does.
 */
import { readFileSync, writeSync } from 'node:fs'
import { connect, createSecureContext, type TLSSocket } from 'node:tls'
import { parseArgs } from 'node:util'
import type { Identities } from '../fleet/enrol.ts'

const { values: flags } = parseArgs({
  options: {
    port: { type: 'string' },
    identities: { type: 'string' },
    count: { type: 'string' },
    /** Handshakes at once, as a network would let through. */
    together: { type: 'string', default: '200' },
  },
})
const KEEP_ALIVE = 60
const SHORTEST_PAUSE = 500
const LONGEST_PAUSE = 2_000
const PINGREQ = Buffer.from([0xc0, 0])

const { ca, devices } = JSON.parse(readFileSync(flags.identities!, 'utf8')) as Identities
const count = Number(flags.count)
const waiting: number[] = []
let connecting = 0
let connected = 0

function pump(): void {
  while (connecting < Number(flags.together) && waiting.length > 0) open(waiting.shift()!)
}

function later(device: number): void {
  const pause = SHORTEST_PAUSE + Math.random() * (LONGEST_PAUSE - SHORTEST_PAUSE)
  setTimeout(() => {
    waiting.push(device)
    pump()
  }, pause)
}

function open(device: number): void {
  const { key, cert } = devices[device]!
  connecting++
  let state: 'connecting' | 'open' | 'gone' = 'connecting'
  const socket: TLSSocket = connect({
    host: 'localhost',
    port: Number(flags.port),
    servername: 'localhost',
    secureContext: createSecureContext({ ca, key, cert }),
  })
  const ping = setInterval(() => socket.write(PINGREQ), KEEP_ALIVE * 750)
  socket.once('secureConnect', () => socket.write(connectPacket(`idle-${device}`)))
  socket.on('data', (bytes: Buffer) => {
    if (state !== 'connecting') return
    if (bytes[0] !== 0x20 || bytes[3] !== 0) return void socket.destroy()
    state = 'open'
    connecting--
    connected++
    if (connected === count) tell()
    pump()
  })
  socket.on('error', () => socket.destroy())
  socket.once('close', () => {
    clearInterval(ping)
    if (state === 'connecting') connecting--
    else connected--
    state = 'gone'
    later(device)
    pump()
  })
}

function connectPacket(clientId: string): Buffer {
  const body = Buffer.from([0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2, 0, KEEP_ALIVE, 0, clientId.length])
  return Buffer.concat([Buffer.from([0x10, body.length + clientId.length]), body, Buffer.from(clientId)])
}

function tell(): void {
  writeSync(1, `${JSON.stringify({ connected })}\n`)
}

for (let device = 0; device < count; device++) waiting.push(device)
pump()
setInterval(tell, 1_000)
process.stdin.on('end', () => process.exit(0)).resume()
