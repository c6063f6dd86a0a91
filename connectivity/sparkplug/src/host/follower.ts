import { type ConnectionPorts, MetricRows, QUALITY } from '@millwright/connectivity'
import { MILLISECOND, type Micros, MillwrightError, SECOND, type Timer } from '@millwright/foundation'
import { sparkplugErrors } from '../errors.ts'
import { type Envelope, readEnvelope } from '../payload/envelope.ts'
import type { MessageTopic } from '../topic.ts'
import type { SparkplugHostConfig } from './config.ts'
import { MetricDecoder } from './decoder.ts'
import type { DeviceState } from './device-state.ts'
import { type Arrived, EdgeNode } from './edge-node.ts'
import { Rebirths } from './rebirths.ts'

const NODES = 1_000
const DEVICES = 1_000
const DEVICE_NAME = 120
/** For what was accepted to be stored, when the host stops. */
const SETTLE: Micros = 2 * SECOND
/** After a rebirth was asked for: a node that does not answer by then is taken for gone. */
const GRACE: Micros = 60 * SECOND
/** After a node's birth: devices that are not born by then are taken for gone. */
const DEVICE_GRACE: Micros = 30 * SECOND

/** Follows edge nodes from their births to their deaths: who is there, what is in order, what is stored. */
export class Follower {
  readonly #config: SparkplugHostConfig
  readonly #ports: ConnectionPorts
  readonly #decoder: MetricDecoder
  readonly #rebirths: Rebirths
  readonly #nodes = new Map<string, EdgeNode>()
  /** What a command may be for: device name -> where it is. */
  readonly #names = new Map<string, { node: EdgeNode; device: string | undefined }>()
  readonly #timers = new Set<Timer>()
  readonly #late = new Map<EdgeNode, Timer>()
  readonly #open = new Set<Promise<void>>()
  readonly #stale = new MetricRows()
  /** More edge nodes publish than are followed; told once. */
  #full = false
  /** Goes up with each line to the broker. */
  #line = 0
  readonly #counts = {
    metrics: 0,
    births: 0,
    deaths: 0,
    old_deaths: 0,
    sequence_gaps: 0,
    repeated: 0,
    reordered: 0,
    before_birth: 0,
    unknown_metrics: 0,
    refused: 0,
    not_stored: 0,
  }

  /** @param askRebirth sends the request; it may get lost */
  constructor(config: SparkplugHostConfig, ports: ConnectionPorts, askRebirth: (node: EdgeNode) => void) {
    this.#config = config
    this.#ports = ports
    this.#decoder = new MetricDecoder({
      templatesAs: config.templates ?? 'members',
      storeTransient: config.storeTransient ?? false,
      refuse: (metric, device, error) => this.refuse(metric, device.source, error, device.name),
    })
    this.#rebirths = new Rebirths(ports.clock, askRebirth)
  }

  get counters(): Readonly<Record<string, number>> {
    let online = 0
    for (const node of this.#nodes.values()) if (node.self.online) online++
    const nodes = { edge_nodes: this.#nodes.size, edge_nodes_online: online, rebirth_requests: this.#rebirths.requests }
    return { ...this.#counts, ...nodes }
  }

  /** The edge node or device of that name, for commands; undefined: none was born. */
  find(
    name: string,
  ): { readonly node: EdgeNode; readonly id: string | undefined; readonly device: DeviceState } | undefined {
    const found = this.#names.get(name)
    return found && { node: found.node, id: found.device, device: found.node.device(found.device) }
  }

  /** A line to the broker is open, and nothing is subscribed to yet: what was published while it was away is not known. */
  unlearn(): void {
    this.#line++
    for (const node of this.#nodes.values()) node.unlearn()
  }

  /** Subscribed: asks those who were there for their births, and takes who does not answer for gone. */
  greet(): void {
    const line = this.#line
    for (const node of this.#nodes.values()) {
      if (!node.self.online || node.self.born) continue
      this.#rebirths.want(node)
      this.#after(GRACE, () => {
        if (!node.self.born && this.#line === line) this.#nodeGone(node, 'no birth certificate came', this.#now())
      })
    }
  }

  lineLost(): void {
    this.#line++
    this.#rebirths.stop()
    for (const timer of this.#late.values()) timer.cancel()
    this.#late.clear()
  }

  /** Resolves when what was accepted is settled, or after two seconds. */
  async stop(): Promise<void> {
    for (const timer of [...this.#timers, ...this.#late.values()]) timer.cancel()
    this.#rebirths.stop()
    await Promise.race([
      Promise.allSettled(this.#open),
      new Promise<void>((resolve) => this.#ports.clock.after(SETTLE, resolve)),
    ])
  }

  message(topic: MessageTopic, payload: Buffer, retained: boolean): void {
    const receivedAt = this.#now()
    const node = this.#node(topic.group, topic.node)
    if (node === undefined) return
    try {
      if (retained) throw sparkplugErrors.retained({ message: topic.type })
      this.#handle(node, topic, readEnvelope(payload), receivedAt)
    } catch (error) {
      if (!(error instanceof MillwrightError)) throw error
      this.refuse(payload, node.source, error)
      // The message is lost to us: so is its place in the sequence.
      if (node.self.born && topic.type !== 'NDEATH') this.#doubt(node)
    }
  }

  /** A payload, or a metric of one, that cannot be read. */
  refuse(payload: Buffer, source: string, error: MillwrightError, device?: string): void {
    this.#counts.refused++
    const told = this.#ports.readings.refuse(payload, source, error, device)
    this.#track(told.catch((cause) => this.#ports.log.warn({ err: cause }, 'a dead letter was not stored')))
  }

  #track(work: Promise<void>): void {
    this.#open.add(work)
    void work.then(() => this.#open.delete(work))
  }

  #handle(node: EdgeNode, { type, device }: MessageTopic, envelope: Envelope, receivedAt: Micros): void {
    if (type === 'NDEATH') {
      this.#nodeDeath(node, envelope, receivedAt)
      return
    }
    if (type === 'NCMD' || type === 'DCMD') return
    if (envelope.sequence === -1) throw sparkplugErrors.noSequence({ message: type })
    const arrived: Arrived = { type, device, envelope, receivedAt }
    if (type === 'NBIRTH') {
      this.#nodeBirth(node, arrived)
      return
    }
    if (!node.self.born) {
      this.#counts.before_birth++
      this.#rebirths.want(node)
      return
    }
    switch (node.sequence.offer(envelope.sequence, arrived, envelope.bytes.length)) {
      case 'due':
        this.#take(node, arrived)
        this.#takeDue(node)
        return
      case 'held':
        this.#waitForLate(node)
        return
      case 'repeated':
        this.#counts.repeated++
        return
      case 'lost':
        this.#giveUp(node)
        node.sequence.resume(envelope.sequence)
        this.#take(node, arrived)
    }
  }

  #takeDue(node: EdgeNode): void {
    for (let next = node.sequence.takeDue(); next !== undefined; next = node.sequence.takeDue()) {
      this.#counts.reordered++
      this.#take(node, next)
    }
    if (node.sequence.holding > 0) return
    this.#late.get(node)?.cancel()
    this.#late.delete(node)
  }

  #waitForLate(node: EdgeNode): void {
    if (this.#late.has(node)) return
    const wait = (this.#config.reorderTimeout ?? 2_000) * MILLISECOND
    this.#late.set(
      node,
      this.#ports.clock.after(wait, () => this.#giveUp(node)),
    )
  }

  /** The missing message does not come: what waited is taken, with doubt, and the node is asked to be born again. */
  #giveUp(node: EdgeNode): void {
    this.#late.get(node)?.cancel()
    this.#late.delete(node)
    this.#doubt(node)
    for (const arrived of node.sequence.giveUp()) this.#take(node, arrived)
  }

  #doubt(node: EdgeNode): void {
    this.#counts.sequence_gaps++
    node.doubtful = true
    this.#rebirths.want(node)
  }

  #take(node: EdgeNode, arrived: Arrived): void {
    const { type, device } = arrived
    try {
      if (type === 'DBIRTH') this.#deviceBirth(node, device!, arrived)
      else if (type === 'DDEATH')
        this.#deviceGone(node, node.device(device), 'its death certificate came', timeOf(arrived))
      else this.#data(node, arrived)
    } catch (error) {
      if (!(error instanceof MillwrightError)) throw error
      this.refuse(arrived.envelope.bytes, node.source, error)
      this.#doubt(node)
    }
  }

  #nodeBirth(node: EdgeNode, { envelope, receivedAt }: Arrived): void {
    this.#counts.births++
    this.#late.get(node)?.cancel()
    this.#late.delete(node)
    node.templates.clear()
    this.#decoder.birth(envelope, node.self, node.templates, receivedAt)
    node.bdSeq = this.#decoder.bdSeq
    node.sequence.begin(envelope.sequence)
    node.doubtful = false
    this.#rebirths.answered(node)
    this.#online(node.self, node, undefined)
    this.#accept(node, node.self)
    // Section 6.4.20: the devices of a node that was born are not known until they are born themselves.
    let unborn = false
    for (const device of node.devices.values()) {
      device.born = false
      unborn ||= device.online
    }
    if (!unborn) return
    this.#after(DEVICE_GRACE, () => {
      for (const device of node.devices.values()) {
        if (device.online && !device.born)
          this.#deviceGone(node, device, 'it was not born after its edge node', this.#now())
      }
    })
  }

  #deviceBirth(node: EdgeNode, id: string, { envelope, receivedAt }: Arrived): void {
    if (!node.devices.has(id) && node.devices.size >= DEVICES) {
      throw sparkplugErrors.tooManyDevices({ path: id, limit: DEVICES })
    }
    const device = node.device(id)
    if (device.name.length > DEVICE_NAME || hasControl(device.name)) {
      node.devices.delete(id)
      throw sparkplugErrors.invalidDevice({ path: device.name })
    }
    this.#counts.births++
    this.#decoder.birth(envelope, device, node.templates, receivedAt)
    this.#online(device, node, id)
    this.#accept(node, device)
  }

  #data(node: EdgeNode, { device: id, envelope, receivedAt }: Arrived): void {
    const device = id === undefined ? node.self : node.devices.get(id)
    if (device?.born !== true) {
      this.#counts.before_birth++
      this.#rebirths.want(node)
      return
    }
    const quality = node.doubtful ? QUALITY.uncertain : QUALITY.good
    this.#decoder.data(envelope, device, node.templates, receivedAt, quality)
    if (this.#decoder.unknown > 0) {
      this.#counts.unknown_metrics += this.#decoder.unknown
      this.#rebirths.want(node)
    }
    this.#accept(node, device)
  }

  #nodeDeath(node: EdgeNode, envelope: Envelope, receivedAt: Micros): void {
    const bdSeq = this.#decoder.death(envelope, node.self)
    if (bdSeq === undefined && node.bdSeq !== undefined) throw sparkplugErrors.noDeathNumber({ message: 'NDEATH' })
    if (bdSeq !== node.bdSeq) {
      // The will of a connection that was replaced: the node is alive on another one.
      this.#counts.old_deaths++
      return
    }
    this.#nodeGone(node, 'its death certificate came', receivedAt)
  }

  #nodeGone(node: EdgeNode, reason: string, time: Micros): void {
    this.#late.get(node)?.cancel()
    this.#late.delete(node)
    node.sequence.clear()
    for (const device of node.all()) this.#deviceGone(node, device, reason, time)
  }

  #deviceGone(node: EdgeNode, device: DeviceState, reason: string, time: Micros): void {
    device.born = false
    if (!device.online) return
    device.online = false
    this.#counts.deaths++
    this.#stale.clear()
    device.pushStale(this.#stale, time)
    if (this.#stale.length > 0) this.#acceptRows(this.#stale, node, device)
    this.#ports.readings.offline(device.name, reason)
  }

  #online(device: DeviceState, node: EdgeNode, id: string | undefined): void {
    this.#names.set(device.name, { node, device: id })
    device.online = true
    this.#ports.readings.online(device.name)
  }

  #accept(node: EdgeNode, device: DeviceState): void {
    const { rows } = this.#decoder
    if (rows.length === 0) return
    this.#counts.metrics += rows.length
    this.#acceptRows(rows, node, device)
  }

  #acceptRows(rows: MetricRows, node: EdgeNode, device: DeviceState): void {
    this.#track(
      this.#ports.readings.accept(rows, device.source, device.name).catch((error) => {
        this.#counts.not_stored++
        this.#ports.log.warn({ err: error, node: node.source }, 'readings of an edge node were not stored')
        // Sparkplug sends nothing twice: at least the present values come again.
        this.#rebirths.want(node)
      }),
    )
  }

  #node(group: string, id: string): EdgeNode | undefined {
    const key = `${group}/${id}`
    const known = this.#nodes.get(key)
    if (known !== undefined) return known
    if (this.#nodes.size >= NODES) {
      if (!this.#full) this.refuse(Buffer.from(key), key, sparkplugErrors.tooManyNodes({ limit: NODES, path: key }))
      this.#full = true
      return undefined
    }
    // Names are the node's alone where there is one group to mistake it for.
    const base = this.#config.groups?.length === 1 ? id : key
    const node = new EdgeNode(group, id, (device) => (device === undefined ? base : `${base}/${device}`))
    if (base.length > DEVICE_NAME || hasControl(base)) return undefined
    this.#nodes.set(key, node)
    return node
  }

  #after(wait: Micros, work: () => void): void {
    const timer = this.#ports.clock.after(wait, () => {
      this.#timers.delete(timer)
      work()
    })
    this.#timers.add(timer)
  }

  #now(): Micros {
    return this.#ports.clock.now()
  }
}

/** When a device died: as its certificate says. */
const timeOf = ({ envelope, receivedAt }: Arrived): Micros =>
  envelope.time > 0 && envelope.time <= receivedAt ? envelope.time : receivedAt

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const hasControl = (name: string): boolean => /[\u0000-\u001f\u007f-\u009f]/.test(name)
