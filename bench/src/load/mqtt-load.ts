/**
 * Load over MQTT with mutual TLS, as a process of its own: N connections that publish at QoS 1 and measure each PUBACK.
 * Packets are laid out once and only their digits rewritten, acknowledgements are read by hand: so that on two cores the
 * generator leaves the platform its own.
 *
 *     node bench/src/load/mqtt-load.ts --host localhost --port 8883 --identities identities.json --values 10 --seconds 10
 *
 * `identities.json`: `{ "ca": PEM, "devices": [{ "key": PEM, "cert": PEM }, …] }`; connections use them in turn.
 * A device's messages carry `--values` of its `--metrics` in turn. With `--rate` messages are sent on a fixed schedule and
 * latency counts from the moment each was due; without it every connection keeps its window full. Lines of JSON on
 * standard output: `{"event":"measuring"}`, `{"event":"measured"}`, then the result, when all is acknowledged.
 */
import { readFileSync, writeSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { connect, type TLSSocket } from 'node:tls'
import { parseArgs } from 'node:util'
import { Histogram } from './histogram.ts'
import { PublishTemplate } from './publish-template.ts'

const { values: flags } = parseArgs({
  options: {
    host: { type: 'string', default: 'localhost' },
    port: { type: 'string', default: '8883' },
    identities: { type: 'string' },
    connections: { type: 'string', default: '50' },
    values: { type: 'string', default: '10' },
    metrics: { type: 'string', default: '20' },
    window: { type: 'string', default: '200' },
    rate: { type: 'string', default: '0' },
    seconds: { type: 'string', default: '10' },
    warmup: { type: 'string', default: '2' },
    topic: { type: 'string', default: 'mw/v1/telemetry' },
  },
})

interface Identities {
  readonly ca: string
  readonly devices: readonly { readonly key: string; readonly cert: string }[]
}

const identities = JSON.parse(readFileSync(flags.identities!, 'utf8')) as Identities
const count = Number(flags.connections)
const window = Number(flags.window)
const rate = Number(flags.rate)
const values = Number(flags.values)
const metrics = Math.max(values, Math.floor(Number(flags.metrics) / values) * values)
const histogram = new Histogram()
let measuring = false
/** While it was measured, and in all. */
let acknowledged = 0
let sent = 0
let settled = 0
let failed: string | undefined
let stopped = false

/** One device's connection. Packet ids run in a ring of `window` places, so that an id names its sending time. */
class Sender {
  readonly #socket: TLSSocket
  readonly #templates: readonly PublishTemplate[]
  #turn = 0
  readonly #sentAt = new Float64Array(window + 1)
  #next = 1
  #inflight = 0
  #partial = Buffer.alloc(0)
  /** Fixed schedule: when the next message is due. */
  due = 0

  constructor(socket: TLSSocket, templates: readonly PublishTemplate[]) {
    this.#socket = socket
    this.#templates = templates
    socket.on('data', (bytes: Buffer) => this.#read(bytes))
    socket.on('close', () => {
      failed ??= 'the platform closed a connection'
    })
  }

  /** Sends what the window and the schedule allow. */
  pump(now: number): void {
    const packets: Buffer[] = []
    while (this.#inflight < window && (rate === 0 || this.due <= now)) {
      this.#sentAt[this.#next] = rate === 0 ? now : this.due
      packets.push(this.#templates[this.#turn]!.fill(this.#next))
      this.#turn = (this.#turn + 1) % this.#templates.length
      sent++
      this.#next = this.#next === window ? 1 : this.#next + 1
      this.#inflight++
      if (rate > 0) this.due += (1000 * count) / rate
    }
    if (packets.length > 0) this.#socket.write(packets.length === 1 ? packets[0]! : Buffer.concat(packets))
  }

  stop(): void {
    this.#socket.removeAllListeners('close')
    // DISCONNECT, then TLS' own goodbye.
    this.#socket.end(Buffer.from([0xe0, 0]))
  }

  #read(bytes: Buffer): void {
    const all = this.#partial.length === 0 ? bytes : Buffer.concat([this.#partial, bytes])
    const now = performance.now()
    let at = 0
    for (; at + 4 <= all.length; at += 4) {
      if (all[at] !== 0x40) throw new Error(`packet ${all[at]} where a PUBACK was due`)
      this.#inflight--
      settled++
      if (!measuring) continue
      acknowledged++
      histogram.add(now - this.#sentAt[all.readUInt16BE(at + 2)]!)
    }
    this.#partial = Buffer.from(all.subarray(at))
    if (rate === 0 && !stopped) this.pump(now)
  }
}

const CONNACK_BYTES = 4
const DRAIN = 20_000

function tell(line: object): void {
  writeSync(1, `${JSON.stringify(line)}\n`)
}

function open(at: number): Promise<Sender> {
  const { key, cert } = identities.devices[at % identities.devices.length]!
  const socket = connect({
    host: flags.host,
    port: Number(flags.port),
    servername: 'localhost',
    ca: identities.ca,
    key,
    cert,
  })
  // Nagle's algorithm and the other side's delayed ACK would add up to 40 ms that are nobody's work.
  socket.setNoDelay(true)
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once('secureConnect', () => socket.write(connectPacket(`load-${at}`)))
    socket.once('data', (bytes: Buffer) => {
      if (bytes.length < CONNACK_BYTES || bytes[3] !== 0) reject(new Error(`CONNACK ${bytes.toString('hex')}`))
      resolve(new Sender(socket, templates()))
    })
  })
}

function templates(): PublishTemplate[] {
  const all: PublishTemplate[] = []
  for (let first = 0; first < metrics; first += values) {
    all.push(new PublishTemplate(flags.topic, Math.min(values, metrics - first), first))
  }
  return all
}

function connectPacket(clientId: string): Buffer {
  const body = Buffer.concat([Buffer.from([0, 4]), Buffer.from('MQTT'), Buffer.from([4, 2, 0, 0, 0, clientId.length])])
  return Buffer.concat([Buffer.from([0x10, body.length + clientId.length]), body, Buffer.from(clientId)])
}

const began = performance.now()
const senders = await Promise.all(Array.from({ length: count }, (_, at) => open(at)))
const connected = performance.now()

const start = performance.now()
senders.forEach((sender, at) => {
  sender.due = start + (1000 * at) / Math.max(rate, 1)
})
const tick = setInterval(() => {
  const now = performance.now()
  for (const sender of senders) sender.pump(now)
}, 2)
await delay(Number(flags.warmup) * 1000)
measuring = true
tell({ event: 'measuring' })
const from = performance.now()
const cpuFrom = process.cpuUsage()
await delay(Number(flags.seconds) * 1000)
measuring = false
const seconds = (performance.now() - from) / 1000
const cpu = process.cpuUsage(cpuFrom)
tell({ event: 'measured' })
stopped = true
clearInterval(tick)
const deadline = performance.now() + DRAIN
while (settled < sent && failed === undefined && performance.now() < deadline) await delay(5)
if (settled < sent) failed ??= `${sent - settled} messages were not acknowledged`
for (const sender of senders) sender.stop()
tell({
  connections: count,
  valuesPerMessage: values,
  seconds: Number(seconds.toFixed(2)),
  messages: acknowledged,
  messagesPerSecond: Math.round(acknowledged / seconds),
  pointsPerSecond: Math.round((acknowledged * values) / seconds),
  pubackMs: {
    p50: histogram.percentile(0.5),
    p90: histogram.percentile(0.9),
    p99: histogram.percentile(0.99),
    max: histogram.max,
  },
  /** Warm-up included. */
  settledPoints: settled * values,
  connectMs: Math.round(connected - began),
  generatorCpu: Number(((cpu.user + cpu.system) / 1e6 / seconds).toFixed(2)),
  ...(failed === undefined ? {} : { failed }),
})
process.exitCode = failed === undefined ? 0 : 1
