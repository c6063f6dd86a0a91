import type { ConnectionPorts, FedReading, FedSignal, SignalFeed } from '@millwright/connectivity'
import { MILLISECOND, type Micros, type Subscription, type Timer } from '@millwright/foundation'
import type { MqttLine } from '../link/line.ts'
import { MqttLink } from '../link/link.ts'
import type { MqttSinkConfig } from './config.ts'
import { jsonPayload, valuePayload } from './payload.ts'
import { topicsOf } from './topics.ts'

const SETTLE: Micros = 500 * MILLISECOND
const PACKET = 64 * 1024
/** Unsent bytes at which a slow broker is waited for. */
const UNSENT = 1024 * 1024

interface Laid {
  readonly topic: string
  readonly signal: FedSignal
}

/** Publishes the newest value of each signal. What waits is one value per signal: a slow broker costs no memory. */
export class MqttSink {
  readonly #config: MqttSinkConfig
  readonly #ports: ConnectionPorts
  readonly #feed: SignalFeed
  readonly #link: MqttLink
  readonly #subscriptions: Subscription[] = []
  #laid = new Map<string, Laid>()
  /** Signal -> its newest value that was not published yet, in the order they became due. */
  readonly #due = new Map<string, FedReading>()
  #inflight = 0
  #settling: Timer | undefined
  #poll: Timer | undefined
  readonly #counts = { published: 0, replaced: 0, failed: 0, cleared: 0 }

  constructor(config: MqttSinkConfig, ports: ConnectionPorts, feed: SignalFeed) {
    this.#config = config
    this.#ports = ports
    this.#feed = feed
    const { clock, log, random, status } = ports
    this.#link = new MqttLink({
      config,
      clientId: config.clientId ?? `mw-${ports.id}`,
      clock,
      log,
      random,
      status,
      packetBytes: PACKET,
      will: () => ({ topic: this.#statusTopic, payload: Buffer.from('offline'), qos: 1, retain: true }),
      connected: (line) => this.#connected(line),
      message: () => undefined,
    })
  }

  get counters(): Readonly<Record<string, number>> {
    return { ...this.#counts, waiting: this.#due.size, signals: this.#laid.size, ...this.#link.counters }
  }

  async start(): Promise<void> {
    this.#subscriptions.push(
      this.#feed.readings((readings) => this.#take(readings)),
      this.#feed.changed(() => {
        this.#settling ??= this.#ports.clock.after(SETTLE, () => this.#changed())
      }),
    )
    this.#link.start()
  }

  async stop(): Promise<void> {
    for (const subscription of this.#subscriptions) subscription.cancel()
    this.#settling?.cancel()
    this.#poll?.cancel()
    await this.#link.stop((line) => line.publish(this.#statusTopic, Buffer.from('offline'), 1, true))
  }

  get #statusTopic(): string {
    const { statusTopic, prefix = '' } = this.#config
    if (statusTopic) return statusTopic
    return [...prefix.split('/').filter((level) => level !== ''), 'millwright', 'status'].join('/')
  }

  async #connected(line: MqttLine): Promise<void> {
    await line.publish(this.#statusTopic, Buffer.from('online'), 1, true)
    await this.#layOut(line, true)
    this.#ports.status.running()
    this.#pump()
  }

  #changed(): void {
    this.#settling = undefined
    const { line } = this.#link
    if (line === undefined) return
    this.#layOut(line, false).then(
      () => this.#pump(),
      (error) => {
        this.#ports.log.warn({ err: error }, 'the signals of a unified namespace could not be read')
        void line.end()
      },
    )
  }

  /**
   * Asks for the signals; present values are due of those that are new (on a fresh line: of all), topics that are no more
   * are cleared at the broker.
   */
  async #layOut(line: MqttLine, fresh: boolean): Promise<void> {
    const topics = topicsOf(await this.#feed.signals(), this.#config.prefix ?? '')
    const before = this.#laid
    const laid = new Map<string, Laid>()
    for (const [topic, signal] of topics) laid.set(signal.id, { topic, signal })
    this.#laid = laid
    for (const [id, { topic, signal }] of laid) {
      const { latest } = signal
      const waiting = this.#due.get(id)
      const told = !fresh && before.get(id)?.topic === topic
      if (!told && latest !== undefined && (waiting === undefined || waiting.time < latest.time))
        this.#due.set(id, latest)
      if (before.get(id)?.topic === topic) before.delete(id)
    }
    for (const id of this.#due.keys()) if (!laid.has(id)) this.#due.delete(id)
    if (this.#config.retain === false) return
    for (const { topic } of before.values()) {
      if (topics.has(topic)) continue
      await line.publish(topic, Buffer.alloc(0), this.#config.qos ?? 1, true)
      this.#counts.cleared++
    }
  }

  #take(readings: readonly FedReading[]): void {
    for (const reading of readings) {
      const waiting = this.#due.get(reading.signal)
      if (waiting === undefined) {
        if (this.#laid.has(reading.signal)) this.#due.set(reading.signal, reading)
      } else if (reading.time >= waiting.time) {
        this.#counts.replaced++
        this.#due.set(reading.signal, reading)
      }
    }
    this.#pump()
  }

  #pump(): void {
    const { line } = this.#link
    if (line === undefined) return
    const most = this.#config.inflight ?? 200
    for (const [id, reading] of this.#due) {
      if (this.#inflight >= most) return
      if (line.unsent > UNSENT) {
        this.#poll ??= this.#ports.clock.after(20 * MILLISECOND, () => {
          this.#poll = undefined
          this.#pump()
        })
        return
      }
      this.#due.delete(id)
      const laid = this.#laid.get(id)
      if (laid !== undefined) this.#publish(line, laid, reading)
    }
  }

  #publish(line: MqttLine, { topic, signal }: Laid, reading: FedReading): void {
    const { payload = 'json', qos = 1, retain = true } = this.#config
    this.#inflight++
    line.publish(topic, payload === 'json' ? jsonPayload(signal, reading) : valuePayload(reading), qos, retain).then(
      () => {
        this.#inflight--
        this.#counts.published++
        this.#pump()
      },
      () => {
        this.#inflight--
        this.#counts.failed++
        // On the next line, unless something newer came.
        if (!this.#due.has(signal.id)) this.#due.set(signal.id, reading)
      },
    )
  }
}
