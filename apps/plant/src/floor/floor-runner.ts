import { join, resolve } from 'node:path'
import type { Client } from '@millwright/sdk'
import { reasonOf, type TelemetryMessage } from '@millwright/sdk/device'
import type { Plant } from '../plant.ts'
import { type AccessOptions, openAccess, secure } from '../platform/access.ts'
import { hasKeys } from '../process/keys.ts'
import type { FromDevices } from '../process/messages.ts'
import type { Supervisor } from '../process/supervisor.ts'
import { type FloorPlan, placeMachines, provisionFloor } from '../provision/floor.ts'
import type { ProvisionRecord } from '../provision/record.ts'
import { PlantAgent } from './agent.ts'
import { Floor } from './floor.ts'
import { FLOOR_PROTOCOLS, type FloorProtocol, type Listening } from './speaker.ts'

const LOOK_AGAIN = 1_000

export interface FloorRunnerOptions {
  readonly plant: Plant
  readonly directory: string
  readonly codeCache: string
  readonly access: AccessOptions
  onMessage(supervisor: Supervisor, message: FromDevices): void
  say(text: string): void
}

/** The shop floor as it runs: controllers, the edge agent beside them, and what the platform is told of both. */
export class FloorRunner {
  readonly #options: FloorRunnerOptions
  readonly #floor: Floor
  readonly #listening = new Map<FloorProtocol, Listening>()
  readonly #all = Promise.withResolvers<void>()
  #setUp: { record: ProvisionRecord; equipment: ReadonlyMap<string, string> } | undefined
  #agent: PlantAgent | undefined
  #work: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(options: FloorRunnerOptions) {
    this.#options = options
    this.#floor = new Floor({
      ...options,
      // Connections name folders in full.
      directory: resolve(options.directory),
      onListening: (protocol, at) => this.#onListening(protocol, at),
    })
  }

  /** Resolves when the agent runs. @param equipment machine name -> id of its equipment */
  async start(record: ProvisionRecord, equipment: ReadonlyMap<string, string>): Promise<void> {
    this.#setUp = { record, equipment }
    this.#floor.start()
    await this.#all.promise
    await this.#provision()
  }

  /** Shows what the machine's protocol carries; returns the rest, for its MQTT device. */
  show(machine: string, messages: readonly TelemetryMessage[]): readonly TelemetryMessage[] {
    // Before the floor is there the MQTT devices tell everything, as in a plant without it.
    return this.#agent === undefined ? messages : this.#floor.show(machine, messages)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.all([this.#agent?.stop(), this.#floor.stop()])
  }

  #onListening(protocol: FloorProtocol, at: Listening): void {
    const before = this.#listening.get(protocol)
    this.#listening.set(protocol, at)
    if (this.#listening.size === FLOOR_PROTOCOLS.length) this.#all.resolve()
    if (before !== undefined && before.port !== at.port) void this.#provision()
  }

  #provision(): Promise<void> {
    this.#work = this.#work.then(() => this.#provisionOnce())
    return this.#work
  }

  async #provisionOnce(): Promise<void> {
    const { access, directory, say } = this.#options
    if (this.#setUp === undefined || this.#stopped) return
    try {
      const { client, url } = await openAccess(access)
      const plan: FloorPlan = {
        equipment: this.#setUp.equipment,
        listening: this.#listening,
        machines: (protocol) => this.#floor.machines(protocol),
      }
      const { agent, made, receivers } = await provisionFloor(client, this.#setUp.record, plan)
      if (receivers !== undefined) this.#floor.sendTo(receivers)
      if (made > 0) say(`set up the shop floor: ${made} things made`)
      if (agent === undefined || this.#agent !== undefined || this.#stopped) return
      const home = join(directory, 'agent')
      const token = (await hasKeys(join(home, 'identity')))
        ? undefined
        : (await client.createEnrolmentToken({ params: { id: agent }, body: {} })).token
      const fileRoots = [...this.#listening.values()].flatMap(({ folder }) => folder ?? [])
      this.#agent = new PlantAgent({ url: secure(url).origin, directory: home, token, fileRoots, say })
      this.#agent.start()
      await this.#place(client, this.#setUp.record, plan)
    } catch (error) {
      say(`the shop floor could not be set up: ${reasonOf(error)}`)
    }
  }

  /** The platform makes the devices behind a connection when it first hears of them. */
  async #place(client: Client, record: ProvisionRecord, plan: FloorPlan): Promise<void> {
    while (!this.#stopped && (await placeMachines(client, record, plan)) > 0) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN))
    }
  }
}
