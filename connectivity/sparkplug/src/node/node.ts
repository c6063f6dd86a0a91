import type { ConnectionPorts, FedReading, SignalFeed } from '@millwright/connectivity'
import { type InboundMessage, type MqttLine, MqttLink } from '@millwright/connectivity-brokers'
import {
  MILLISECOND,
  type Micros,
  MillwrightError,
  SECOND,
  type Subscription,
  type Timer,
} from '@millwright/foundation'
import { encodePayload, type OutMetric } from '../payload/encode.ts'
import { eachMetric, readEnvelope } from '../payload/envelope.ts'
import { VALUE } from '../payload/metric.ts'
import { TYPE } from '../payload/types.ts'
import { type HostState, legacyStateTopic, parseState, replaces, stateTopic } from '../state.ts'
import { type MessageTopic, NAMESPACE, parseTopic, topicOf } from '../topic.ts'
import { Backlog } from './backlog.ts'
import type { SparkplugNodeConfig } from './config.ts'
import { DeathNumber } from './death-number.ts'
import { birthOf, dataOf, type LaidSignal, Layout } from './layout.ts'

/** Metrics of one message. */
const AT_ONCE = 500
/** Readings taken up in one go. */
const ROUND = 5_000
/** Unsent bytes at which a slow broker is waited for. */
const UNSENT = 4 * 1024 * 1024
const REBIRTH: Micros = SECOND
const SETTLE: Micros = 500 * MILLISECOND
const COMMAND_BYTES = 64 * 1024

/** The platform's signals as an edge node: born with all of them, then told as they change. */
export class SparkplugNode {
  readonly #config: SparkplugNodeConfig
  readonly #ports: ConnectionPorts
  readonly #feed: SignalFeed
  readonly #link: MqttLink
  readonly #death: DeathNumber
  readonly #backlog: Backlog
  readonly #subscriptions: Subscription[] = []
  readonly #timers = new Map<'flush' | 'rebirth' | 'changed', Timer>()
  #layout = new Layout([], 'none')
  #host: HostState | undefined
  #sequence = 0
  /** `waiting`: nobody to send to; `birthing`: the certificates are made; `live`. */
  #state: 'waiting' | 'birthing' | 'live' = 'waiting'
  #bornAt: Micros = -REBIRTH
  #births = 0
  #sent = 0
  #historical = 0
  #refusedCommands = 0
  #stopped = false

  constructor(config: SparkplugNodeConfig, ports: ConnectionPorts, feed: SignalFeed) {
    this.#config = config
    this.#ports = ports
    this.#feed = feed
    const { clock, log, random, status } = ports
    this.#death = new DeathNumber(ports.directory)
    this.#backlog = new Backlog(config.bufferedReadings ?? 100_000)
    this.#link = new MqttLink({
      config,
      clientId: config.clientId ?? `mw-${ports.id}`,
      clock,
      log,
      random,
      status,
      packetBytes: COMMAND_BYTES,
      will: () => {
        this.#death.next()
        return { topic: this.#topic('NDEATH'), payload: this.#deathPayload(), qos: 1, retain: false }
      },
      connected: (line) => this.#connected(line),
      message: (message) => this.#message(message),
      lost: () => this.#wait(),
    })
  }

  get counters(): Readonly<Record<string, number>> {
    return {
      births: this.#births,
      metrics_sent: this.#sent,
      historical_sent: this.#historical,
      waiting: this.#backlog.length,
      dropped: this.#backlog.dropped,
      refused_commands: this.#refusedCommands,
      ...this.#link.counters,
    }
  }

  async start(): Promise<void> {
    this.#subscriptions.push(
      this.#feed.readings((readings) => this.#take(readings)),
      this.#feed.changed(() => this.#once('changed', SETTLE, () => void this.#changed())),
    )
    this.#link.start()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    for (const subscription of this.#subscriptions) subscription.cancel()
    for (const timer of this.#timers.values()) timer.cancel()
    await this.#link.stop((line) => this.#farewell(line))
  }

  async #connected(line: MqttLine): Promise<void> {
    const { group } = this.#config
    this.#host = undefined
    await line.subscribe([this.#topic('NCMD'), `${NAMESPACE}/${group}/DCMD/${this.#id}/+`], 1)
    const { primaryHost } = this.#config
    if (primaryHost === undefined || primaryHost === '') {
      await this.#birth(line)
      return
    }
    this.#ports.status.waiting(
      `The primary host ${primaryHost} has not said that it is online: readings are kept until it does.`,
    )
    await line.subscribe([stateTopic(primaryHost), legacyStateTopic(primaryHost)], 1)
  }

  #message({ topic, payload }: InboundMessage): undefined {
    const { primaryHost } = this.#config
    if (primaryHost && (topic === stateTopic(primaryHost) || topic === legacyStateTopic(primaryHost))) {
      this.#hostSaid(payload)
      return
    }
    const parsed = parseTopic(topic)
    if (parsed?.type === 'NCMD' || parsed?.type === 'DCMD') this.#commanded(parsed, payload)
  }

  #hostSaid(payload: Buffer): void {
    const { line } = this.#link
    const next = parseState(payload)
    if (next === undefined || line === undefined || !replaces(this.#host, next)) return
    const before = this.#host?.online === true
    this.#host = next
    if (next.online && !before) this.#try(this.#birth(line))
    // Section 5.4: who loses its primary host says goodbye and comes back to wait for it.
    if (!next.online && before) {
      this.#wait()
      this.#try(this.#farewell(line).then(() => line.end()))
    }
  }

  #commanded({ device }: MessageTopic, payload: Buffer): void {
    try {
      eachMetric(readEnvelope(payload).bytes, (metric) => {
        const rebirth = metric.name === 'Node Control/Rebirth' && device === undefined
        if (rebirth && metric.value === VALUE.boolean && metric.number === 1) this.#rebirth()
        else this.#refusedCommands++
      })
    } catch (error) {
      if (!(error instanceof MillwrightError)) throw error
      this.#refusedCommands++
      this.#ports.log.debug({ err: error }, 'a Sparkplug command could not be read')
    }
  }

  /** A flood of requests is one birth a second. */
  #rebirth(): void {
    const wait = this.#bornAt + REBIRTH - this.#ports.clock.steady()
    this.#once('rebirth', Math.max(0, wait), () => {
      const { line } = this.#link
      if (line !== undefined && this.#state === 'live') this.#try(this.#birth(line))
    })
  }

  async #changed(): Promise<void> {
    const { line } = this.#link
    if (line === undefined || this.#state !== 'live') return
    const next = new Layout(await this.#feed.signals(), this.#config.devices ?? 'equipment')
    if (next.fingerprint !== this.#layout.fingerprint) await this.#birth(line)
  }

  /** NBIRTH and a DBIRTH for each device; devices that are no more die first. */
  async #birth(line: MqttLine): Promise<void> {
    const { clock, status } = this.#ports
    if (this.#state === 'birthing') return
    const wasLive = this.#state === 'live'
    this.#state = 'birthing'
    const layout = new Layout(await this.#feed.signals(), this.#config.devices ?? 'equipment')
    if (!line.open || this.#stopped) return
    const now = clock.now()
    if (wasLive) {
      for (const device of this.#layout.devices.keys()) {
        if (!layout.devices.has(device)) await this.#send(line, 'DDEATH', device, [])
      }
    }
    this.#layout = layout
    this.#sequence = 0
    this.#bornAt = clock.steady()
    await this.#send(line, 'NBIRTH', undefined, [
      { name: 'bdSeq', time: now, type: TYPE.Int64, value: this.#death.value },
      { name: 'Node Control/Rebirth', time: now, type: TYPE.Boolean, value: false },
      ...bornMetrics(layout.own, now),
    ])
    for (const [device, signals] of layout.devices) {
      await this.#send(line, 'DBIRTH', device, bornMetrics(signals, now))
    }
    this.#births++
    this.#state = 'live'
    status.running()
    this.#flushSoon(0)
  }

  #take(readings: readonly FedReading[]): void {
    const historical = this.#state === 'waiting'
    for (const reading of readings) this.#backlog.push({ reading, historical })
    if (this.#state === 'live') this.#flushSoon((this.#config.interval ?? 250) * MILLISECOND)
  }

  #flushSoon(wait: Micros): void {
    this.#once('flush', wait, () => this.#try(this.#flush()))
  }

  async #flush(): Promise<void> {
    const { line } = this.#link
    while (line?.open === true && this.#state === 'live' && this.#backlog.length > 0) {
      if (line.unsent > UNSENT) {
        this.#flushSoon(50 * MILLISECOND)
        return
      }
      const byDevice = new Map<string | undefined, OutMetric[]>()
      for (const { reading, historical } of this.#backlog.take(ROUND)) {
        const laid = this.#layout.of(reading.signal)
        if (laid === undefined) continue
        const metrics = byDevice.get(laid.device) ?? []
        metrics.push(...dataOf(laid, reading, historical))
        byDevice.set(laid.device, metrics)
        if (historical) this.#historical++
      }
      for (const [device, metrics] of byDevice) {
        const type = device === undefined ? 'NDATA' : 'DDATA'
        for (let at = 0; at < metrics.length; at += AT_ONCE) {
          await this.#send(line, type, device, metrics.slice(at, at + AT_ONCE))
        }
        this.#sent += metrics.length
      }
    }
  }

  async #send(
    line: MqttLine,
    type: MessageTopic['type'],
    device: string | undefined,
    metrics: Iterable<OutMetric>,
  ): Promise<void> {
    const payload = encodePayload(this.#ports.clock.now(), this.#sequence, metrics)
    this.#sequence = (this.#sequence + 1) & 255
    await line.publish(this.#topic(type, device), payload)
  }

  #wait(): void {
    this.#state = 'waiting'
    this.#backlog.age()
  }

  async #farewell(line: MqttLine): Promise<void> {
    await line.publish(this.#topic('NDEATH'), this.#deathPayload(), 1)
  }

  #deathPayload(): Buffer {
    const now = this.#ports.clock.now()
    return encodePayload(now, undefined, [{ name: 'bdSeq', time: now, type: TYPE.Int64, value: this.#death.value }])
  }

  get #id(): string {
    return this.#config.edgeNode ?? 'Millwright'
  }

  #topic(type: MessageTopic['type'], device?: string): string {
    return topicOf({ group: this.#config.group, type, node: this.#id, device })
  }

  /** Runs `work` after `wait`, once, however often it is asked for meanwhile. */
  #once(what: 'flush' | 'rebirth' | 'changed', wait: Micros, work: () => void): void {
    if (this.#timers.has(what) || this.#stopped) return
    const timer = this.#ports.clock.after(wait, () => {
      this.#timers.delete(what)
      work()
    })
    this.#timers.set(what, timer)
  }

  /** What fails because the line breaks is done again on the next one. */
  #try(work: Promise<void>): void {
    work.catch((error) => {
      this.#ports.log.debug({ err: error }, 'a Sparkplug message was not sent')
      this.#wait()
      return this.#link.line?.end()
    })
  }
}

function* bornMetrics(signals: readonly LaidSignal[], now: Micros): Iterable<OutMetric> {
  for (const laid of signals) yield* birthOf(laid, now)
}
