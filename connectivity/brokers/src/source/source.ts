import { type ConnectionPorts, isRefusal, MetricRows } from '@millwright/connectivity'
import { MillwrightError } from '@millwright/foundation'
import { brokerErrors } from '../errors.ts'
import type { InboundMessage, MqttLine } from '../link/line.ts'
import { MqttLink } from '../link/link.ts'
import { probeClientId } from '../link/probe.ts'
import type { MqttSourceConfig } from './config.ts'
import { Mapping, type Meaning } from './mapping.ts'
import { KeptSubscriptions } from './subscriptions.ts'

const TOPICS = 20_000
const HOUR = 3600
/** Messages may hold a megabyte, the topic and properties beside it. */
const PACKET = 1024 * 1024 + 128 * 1024

/** Reads the topics of an external broker; acknowledges each message when its readings are stored. */
export class MqttSource {
  readonly #ports: ConnectionPorts
  readonly #config: MqttSourceConfig
  readonly #mappings: readonly Mapping[]
  readonly #link: MqttLink
  readonly #kept: KeptSubscriptions
  readonly #topics = new Map<string, Meaning | undefined>()
  readonly #rows = new MetricRows()
  readonly #open = new Set<Promise<void>>()
  readonly #counts = { messages: 0, readings: 0, refused: 0, not_stored: 0 }

  constructor(config: MqttSourceConfig, ports: ConnectionPorts) {
    this.#config = config
    this.#ports = ports
    this.#mappings = config.mappings.map((mapping, at) => new Mapping(mapping, `/mappings/${at}`))
    this.#kept = new KeptSubscriptions(ports.directory)
    const preview = ports.purpose === 'preview'
    const { clock, log, random, status, readings } = ports
    this.#link = new MqttLink({
      config,
      clientId: preview ? probeClientId() : (config.clientId ?? `mw-${ports.id}`),
      sessionExpiry: this.#persistent ? (config.sessionHours ?? 168) * HOUR : undefined,
      clock,
      log,
      random,
      status,
      packetBytes: PACKET,
      connected: (line) => this.#connected(line),
      message: (message) => this.#message(message),
      hold: () => (readings.saturated ? readings.drained() : undefined),
    })
  }

  get counters(): Readonly<Record<string, number>> {
    return { ...this.#counts, ...this.#link.counters }
  }

  async start(): Promise<void> {
    this.#link.start()
  }

  async stop(): Promise<void> {
    // What came is stored and acknowledged before the line is closed, as far as that takes no longer than a stop may.
    await Promise.race([
      Promise.allSettled(this.#open),
      new Promise<void>((resolve) => this.#ports.clock.after(2_000_000, resolve)),
    ])
    await this.#link.stop()
  }

  get #persistent(): boolean {
    return (this.#config.persistent ?? true) && this.#ports.purpose === 'run'
  }

  /** A preview takes no part in a share group: it would take messages from those who store them. */
  get #filters(): string[] {
    const { shareGroup } = this.#config
    const shared = shareGroup && this.#ports.purpose === 'run' ? `$share/${shareGroup}/` : ''
    return [...new Set(this.#mappings.map(({ pattern }) => `${shared}${pattern.filter}`))]
  }

  async #connected(line: MqttLine): Promise<void> {
    const filters = this.#filters
    if (this.#persistent) {
      const stale = this.#kept.stale(filters)
      if (line.sessionPresent && stale.length > 0) await line.unsubscribe(stale)
      this.#kept.write(filters)
    }
    await line.subscribe(filters, this.#ports.purpose === 'preview' ? 0 : (this.#config.qos ?? 1))
    this.#ports.status.running()
  }

  #message({ topic, payload, retain }: InboundMessage): Promise<void> {
    this.#counts.messages++
    const stored = this.#store(topic, payload, retain)
    this.#open.add(stored)
    const settled = () => this.#open.delete(stored)
    stored.then(settled, settled)
    return stored
  }

  #store(topic: string, payload: Buffer, retained: boolean): Promise<void> {
    const rows = this.#rows
    const dead: Promise<void>[] = []
    const refuse = (error: MillwrightError, device?: string) => {
      this.#counts.refused++
      dead.push(this.#ports.readings.refuse(payload, topic, error, device))
    }
    try {
      const meaning = this.#meaning(topic)
      if (meaning === undefined) throw brokerErrors.noMapping({ topic })
      const message = { topic, payload, retained, receivedAt: this.#ports.clock.now() }
      const device = meaning.mapping.read(message, meaning.levels, rows, (error) => refuse(error))
      if (rows.length > 0) {
        this.#counts.readings += rows.length
        const accepted = this.#ports.readings.accept(rows, topic, device)
        return settled(dead.length === 0 ? accepted : Promise.all([accepted, ...dead]), this.#counts)
      }
    } catch (error) {
      if (!(error instanceof MillwrightError)) throw error
      refuse(error)
    }
    return settled(Promise.all(dead), this.#counts)
  }

  #meaning(topic: string): Meaning | undefined {
    if (this.#topics.has(topic)) return this.#topics.get(topic)
    let meaning: Meaning | undefined
    for (const mapping of this.#mappings) {
      const levels = mapping.pattern.match(topic)
      if (levels === undefined) continue
      meaning = { mapping, levels }
      break
    }
    if (this.#topics.size >= TOPICS) this.#topics.clear()
    this.#topics.set(topic, meaning)
    return meaning
  }
}

/** A refusal is an answer: the message is not to come again. Anything else is not stored, and must. */
async function settled(work: Promise<unknown>, counts: { not_stored: number }): Promise<void> {
  try {
    await work
  } catch (error) {
    if (isRefusal(error)) return
    counts.not_stored++
    throw error
  }
}
