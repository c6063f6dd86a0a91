import { join } from 'node:path'
import type { TelemetryMessage } from '@millwright/sdk/device'
import type { Plant } from '../plant.ts'
import type { FromDevices } from '../process/messages.ts'
import { Supervisor } from '../process/supervisor.ts'
import { FLOOR } from './connections.ts'
import { FLOOR_PROTOCOLS, type FloorProtocol, type Listening, type Receivers, type ShownMachine } from './speaker.ts'

/** Tried first; where one is taken the controller listens elsewhere. None is a standard port: those are real machines'. */
const PORTS: Readonly<Record<FloorProtocol, number>> = {
  opcua: 48_400,
  modbus: 15_020,
  sparkplug: 11_883,
  mqtt: 11_884,
  lines: 14_001,
  bench: 15_025,
  hosts: 18_086,
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
  #receivers: Receivers | undefined

  constructor(options: FloorOptions) {
    this.#options = options
    for (const protocol of FLOOR_PROTOCOLS) for (const name of FLOOR[protocol]) this.#protocols.set(name, protocol)
  }

  machines(protocol: FloorProtocol): readonly ShownMachine[] {
    return FLOOR[protocol].map((name) => {
      const { settings, model } = this.#options.plant.machine(name)
      const values = Object.entries(settings).map(([key, setting]) => [key, setting.get()])
      return { name, model: model.name, settings: Object.fromEntries(values) }
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
          if (message.kind === 'listening') {
            this.#tell(protocol)
            this.#options.onListening(message.protocol, message)
          } else this.#options.onMessage(supervisor, message)
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

  /** Says where connections listen that controllers write to. */
  sendTo(receivers: Receivers): void {
    this.#receivers = receivers
    for (const protocol of FLOOR_PROTOCOLS) this.#tell(protocol)
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#supervisors.values()].map((supervisor) => supervisor.stop()))
  }

  #tell(protocol: FloorProtocol): void {
    if (this.#receivers === undefined) return
    this.#supervisors.get(protocol)?.send({ kind: 'receivers', receivers: this.#receivers })
  }
}

function parted(message: TelemetryMessage, carried: boolean): TelemetryMessage {
  const values = Object.entries(message.values).filter(([, value]) => CARRIED.has(typeof value) === carried)
  return { ...message, values: Object.fromEntries(values) }
}

const hasValues = ({ values }: TelemetryMessage): boolean => Object.keys(values).length > 0
