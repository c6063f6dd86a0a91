import type { TelemetryMessage } from '@millwright/sdk/device'
import { newClient, type UPayload } from 'sparkplug-client'
import { MODELS } from '../provision/tree.ts'
import { Broker } from './broker.ts'
import type { Listening, ShownMachine, Speaker, SpeakerOptions } from './speaker.ts'

export const SPARKPLUG_GROUP = 'Chemnitz'
export const SPARKPLUG_NODE = 'Controller'

type Metric = NonNullable<UPayload['metrics']>[number]

/** A broker of the controller's own, and on it an edge node (Eclipse Tahu's client) with the machines as devices. */
export class SparkplugSpeaker implements Speaker {
  readonly #options: SpeakerOptions
  readonly #shown = new Map<string, Map<string, Metric>>()
  #broker: Broker | undefined
  #node: ReturnType<typeof newClient> | undefined
  #born = false

  constructor(options: SpeakerOptions) {
    this.#options = options
    for (const machine of options.machines) this.#shown.set(machine.name, new Map())
  }

  async start(): Promise<Listening> {
    this.#broker = await Broker.start(this.#options.port)
    const { port } = this.#broker
    const node = newClient({
      serverUrl: `mqtt://127.0.0.1:${port}`,
      username: '',
      password: '',
      groupId: SPARKPLUG_GROUP,
      edgeNode: SPARKPLUG_NODE,
      clientId: 'plant-controller',
      publishDeath: true,
    })
    this.#node = node
    node.on('birth', () => this.#birth())
    node.on('close', () => {
      this.#born = false
    })
    // It connects again by itself; without a listener the process would end.
    node.on('error', () => undefined)
    node.on('ncmd', (payload) => {
      if (payload.metrics?.some(({ name, value }) => name === 'Node Control/Rebirth' && value === true)) this.#birth()
    })
    node.on('dcmd', (device, payload) => void this.#command(device, payload))
    return { port }
  }

  show(machine: string, messages: readonly TelemetryMessage[]): void {
    const shown = this.#shown.get(machine)
    if (shown === undefined) return
    for (const message of messages) {
      const metrics = metricsOf(message)
      for (const metric of metrics) shown.set(metric.name!, metric)
      // Before its birth certificate a device says nothing; the certificate then holds what is newest.
      if (!this.#born || metrics.length === 0) continue
      this.#node?.publishDeviceData(machine, { timestamp: timeOf(message), metrics })
    }
  }

  async stop(): Promise<void> {
    this.#born = false
    this.#node?.stop()
    await this.#broker?.stop()
  }

  #birth(): void {
    const timestamp = Date.now()
    this.#node?.publishNodeBirth({
      timestamp,
      metrics: [{ name: 'Node Control/Rebirth', type: 'Boolean', value: false }],
    })
    for (const machine of this.#options.machines) {
      const metrics = [...this.#readings(machine, timestamp), ...settingsOf(machine)]
      this.#node?.publishDeviceBirth(machine.name, { timestamp, metrics })
    }
    this.#born = true
  }

  /** Every metric that will ever come, with what is newest; those that were not measured yet as null. */
  #readings(machine: ShownMachine, timestamp: number): Metric[] {
    const shown = this.#shown.get(machine.name)!
    const signals = MODELS.find(({ name }) => name === machine.model)?.signals ?? []
    const metrics: Metric[] = []
    for (const { name, kind, unit } of signals) {
      const type = TYPES[kind as keyof typeof TYPES]
      if (type === undefined) continue
      const last = shown.get(name) ?? ({ name, type, value: null, isNull: true, timestamp } as Metric)
      metrics.push({ ...last, properties: { engUnit: { type: 'String', value: unit } } })
    }
    return metrics
  }

  async #command(device: string, payload: UPayload): Promise<void> {
    const wanted = Object.fromEntries((payload.metrics ?? []).map(({ name, value }) => [name ?? '', value]))
    const inForce = await this.#options.configure(device, wanted)
    const metrics = Object.entries(inForce).flatMap(([name, value]): Metric[] =>
      typeof value === 'number' ? [{ name, type: 'Double', value, timestamp: Date.now() }] : [],
    )
    if (metrics.length > 0) this.#node?.publishDeviceData(device, { timestamp: Date.now(), metrics })
  }
}

const TYPES = { number: 'Double', boolean: 'Boolean', state: 'String' } as const

/** Sparkplug counts in milliseconds. */
const timeOf = ({ time }: TelemetryMessage): number => (typeof time === 'number' ? Math.round(time / 1000) : Date.now())

function metricsOf(message: TelemetryMessage): Metric[] {
  const timestamp = timeOf(message)
  return Object.entries(message.values).flatMap(([name, value]): Metric[] => {
    if (typeof value === 'number') return [{ name, type: 'Double', value, timestamp }]
    if (typeof value === 'boolean') return [{ name, type: 'Boolean', value, timestamp }]
    return typeof value === 'string' ? [{ name, type: 'String', value, timestamp }] : []
  })
}

const settingsOf = ({ settings }: ShownMachine): Metric[] =>
  Object.entries(settings).flatMap(([name, value]): Metric[] =>
    typeof value === 'number' ? [{ name, type: 'Double', value, timestamp: Date.now() }] : [],
  )
