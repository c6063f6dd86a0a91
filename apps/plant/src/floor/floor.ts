import { join } from 'node:path'
import type { TelemetryMessage } from '@millwright/sdk/device'
import type { Plant } from '../plant.ts'
import type { FromDevices } from '../process/messages.ts'
import { Supervisor } from '../process/supervisor.ts'
import { TREE } from '../provision/tree.ts'
import { FLOOR } from './connections.ts'
import { FLOOR_PROTOCOLS, type FloorProtocol, type Listening, type ShownMachine } from './speaker.ts'

/** Tried first; where one is taken the controller listens elsewhere. None is a standard port: those are real machines'. */
const PORTS: Readonly<Record<FloorProtocol, number>> = {
  opcua: 48_400,
  modbus: 15_020,
  sparkplug: 11_883,
  mqtt: 11_884,
  lines: 14_001,
}
/** What these protocols carry; documents, positions and waveforms still come by the machine's own MQTT device. */
const CARRIED = new Set(['number', 'boolean', 'string'])

export interface FloorOptions {
  readonly plant: Plant
  readonly directory: string
  readonly codeCache: string
  /** Asks of the controllers' processes: answered by the plant. */
  onMessage(supervisor: Supervisor, message: FromDevices): void
  /** A controller listens; again whenever it had to start anew. */
  onListening(protocol: FloorProtocol, at: Listening): void
  say(text: string): void
}

/** The controllers that speak the shop floor's protocols, each a process of its own. */
export class Floor {
  readonly #options: FloorOptions
  readonly #supervisors = new Map<FloorProtocol, Supervisor>()
  readonly #protocols = new Map<string, FloorProtocol>()

  constructor(options: FloorOptions) {
    this.#options = options
    for (const protocol of FLOOR_PROTOCOLS) for (const name of FLOOR[protocol]) this.#protocols.set(name, protocol)
  }

  machines(protocol: FloorProtocol): readonly ShownMachine[] {
    return FLOOR[protocol].map((name) => {
      const { settings } = this.#options.plant.machine(name)
      const values = Object.entries(settings).map(([key, setting]) => [key, setting.get()])
      return { name, model: modelOf(name), settings: Object.fromEntries(values) }
    })
  }

  start(): void {
    for (const protocol of FLOOR_PROTOCOLS) {
      const { directory, codeCache, say } = this.#options
      const supervisor: Supervisor = new Supervisor({
        name: `${protocol} controller`,
        program: 'speaker',
        codeCache,
        begin: () => ({
          kind: 'speak',
          protocol,
          port: PORTS[protocol],
          directory: join(directory, protocol),
          machines: this.machines(protocol),
        }),
        onMessage: (message) => {
          if (message.kind === 'listening') this.#options.onListening(message.protocol, message)
          else this.#options.onMessage(supervisor, message)
        },
        say,
      })
      this.#supervisors.set(protocol, supervisor)
      supervisor.start()
    }
  }

  /** Shows what the machine's protocol carries; returns the rest, for its MQTT device. */
  show(machine: string, messages: readonly TelemetryMessage[]): readonly TelemetryMessage[] {
    const protocol = this.#protocols.get(machine)
    if (protocol === undefined) return messages
    const carried = messages.map((message) => parted(message, true)).filter(hasValues)
    if (carried.length > 0) {
      this.#supervisors.get(protocol)?.send({ kind: 'readings', device: machine, messages: carried })
    }
    return messages.map((message) => parted(message, false)).filter(hasValues)
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#supervisors.values()].map((supervisor) => supervisor.stop()))
  }
}

function parted(message: TelemetryMessage, carried: boolean): TelemetryMessage {
  const values = Object.entries(message.values).filter(([, value]) => CARRIED.has(typeof value) === carried)
  return { ...message, values: Object.fromEntries(values) }
}

const hasValues = ({ values }: TelemetryMessage): boolean => Object.keys(values).length > 0

/** The kind of machine, as the demo works' tree says. */
function modelOf(machine: string, node = TREE): string {
  const found = find(node, machine)
  if (found?.model === undefined) throw new Error(`${machine} stands nowhere in the works`)
  return found.model
}

function find(node: typeof TREE, name: string): typeof TREE | undefined {
  if (node.name === name && node.level === 'equipment') return node
  for (const child of node.children ?? []) {
    const found = find(child, name)
    if (found !== undefined) return found
  }
  return undefined
}
