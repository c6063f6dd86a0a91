import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '@millwright/foundation'
import { reasonOf } from '@millwright/sdk/device'
import { FloorRunner } from '../floor/floor-runner.ts'
import { ensureEnergyService } from '../past/energy-service.ts'
import { ensureQualityService } from '../past/quality-service.ts'
import { Plant } from '../plant.ts'
import { type Access, type AccessOptions, openAccess, secure } from '../platform/access.ts'
import { FULL_MODELS, FULL_TREE } from '../provision/full-tree.ts'
import { provision, type Works } from '../provision/provision.ts'
import { ProvisionRecord } from '../provision/record.ts'
import { provisionServices } from '../provision/services.ts'
import { CONTROLLERS } from '../provision/tree.ts'
import { ControlDoor } from './control.ts'
import { command, configure, control } from './desk.ts'
import { hasKeys, keysFit, platformName } from './keys.ts'
import type { DeviceStart, FromDevices } from './messages.ts'
import { readState, writeState } from './state-file.ts'
import { Supervisor } from './supervisor.ts'
import { World } from './world.ts'

export interface RunnerOptions {
  readonly access: AccessOptions
  /** Keys, state and control door of the plant. */
  readonly directory: string
  /** JSON {machine: one-time token}: then nothing is set up, the devices only enrol. */
  readonly tokenFile?: string | undefined
  readonly seed: number
  readonly speed: number
  readonly schedule: boolean
  /** The machines also speak OPC UA, Modbus, Sparkplug and more, through an edge agent. */
  readonly full: boolean
  say(text: string): void
}

const SAVE_EVERY = 10_000
const RETRY = 3_000
const SERVICE_PACE = 1_000

/** The plant as it runs: one world, its device processes, its door for the operator. */
export class PlantRunner {
  readonly #options: RunnerOptions
  readonly #plant: Plant
  readonly #world: World
  readonly #door: ControlDoor
  readonly #floor: FloorRunner | undefined
  readonly #supervisors = new Map<string, Supervisor>()
  readonly #starts = new Map<string, DeviceStart>()
  readonly #online = new Set<string>()
  readonly #deviceIds = new Map<string, string>()
  #saving: NodeJS.Timeout | undefined
  #saved: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(options: RunnerOptions) {
    this.#options = options
    this.#plant = new Plant({ seed: options.seed, schedule: options.schedule })
    this.#world = new World({
      plant: this.#plant,
      clock: systemClock,
      speed: options.speed,
      onReadings: (machine, shown) => {
        const messages = this.#floor?.show(machine, shown) ?? shown
        if (messages.length > 0) this.#supervisors.get(machine)?.send({ kind: 'readings', device: machine, messages })
      },
    })
    if (options.full) {
      this.#floor = new FloorRunner({
        plant: this.#plant,
        directory: join(options.directory, 'floor'),
        codeCache: this.#codeCache,
        access: options.access,
        onMessage: (supervisor, message) => this.#onMessage(supervisor, message),
        say: options.say,
      })
    }
    this.#door = new ControlDoor(options.directory, (request) => control(this.#plant, request))
  }

  async start(): Promise<void> {
    const { directory, say, seed } = this.#options
    await mkdir(directory, { recursive: true, mode: 0o700 })
    await this.#restore()
    const devices = await this.#prepare()
    for (const [name, machines] of Object.entries(CONTROLLERS)) {
      const own = devices.filter((device) => machines.includes(device.name))
      if (own.length > 0) this.#launch(name, own)
    }
    if (this.#stopped) return
    this.#world.start()
    // A timer of the event loop, not of the clock: systemClock's do not keep the process alive.
    this.#saving = setInterval(() => this.#save(), SAVE_EVERY)
    await this.#door.open()
    say(`${devices.length} simulated devices in ${new Set(this.#supervisors.values()).size} processes, seed ${seed}`)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#world.stop()
    clearInterval(this.#saving)
    await Promise.all([
      this.#door.close(),
      this.#floor?.stop(),
      ...[...new Set(this.#supervisors.values())].map((one) => one.stop()),
    ])
    this.#save()
    await this.#saved
  }

  get #works(): Works | undefined {
    return this.#options.full ? { models: FULL_MODELS, tree: FULL_TREE } : undefined
  }

  get #codeCache(): string {
    return join(this.#options.directory, 'code-cache')
  }

  async #restore(): Promise<void> {
    const { directory, seed, say } = this.#options
    try {
      const state = await readState(join(directory, 'plant.json'), seed)
      if (state === undefined) return
      this.#plant.restore(state)
      if (this.#options.schedule) this.#plant.reopen()
    } catch (error) {
      say(`the plant’s saved state cannot be used (${reasonOf(error)}); it begins anew`)
    }
  }

  #save(): void {
    const { directory, seed, say } = this.#options
    const state = this.#plant.save()
    this.#saved = this.#saved.then(() =>
      writeState(join(directory, 'plant.json'), seed, state).catch((error: unknown) =>
        say(`the plant’s state could not be saved: ${reasonOf(error)}`),
      ),
    )
  }

  /** What each device starts with: kept keys, or a token. */
  async #prepare(): Promise<DeviceStart[]> {
    const { tokenFile, directory } = this.#options
    const place = (name: string) => join(directory, 'devices', name)
    if (tokenFile !== undefined) {
      const tokens = JSON.parse(await readFile(tokenFile, 'utf8')) as Record<string, string>
      return Promise.all(
        Object.entries(tokens).map(async ([name, token]) => {
          const start = { name, directory: place(name) }
          return (await hasKeys(start.directory)) ? start : { ...start, token }
        }),
      )
    }
    const access = await this.#reach()
    if (access === undefined) return []
    const record = await ProvisionRecord.open(join(directory, 'provisioned.json'), platformName(access.authority))
    const { devices, equipment, made } = await provision(access.client, record, this.#works)
    void this.#floor?.start(record, equipment)
    void this.#beginServices(record, equipment)
    this.#past(access.client, record, devices, equipment)
    if (made > 0) this.#options.say(`set up the demo works: ${made} things made`)
    const starts: DeviceStart[] = []
    for (const [name, id] of devices) {
      this.#deviceIds.set(name, id)
      const start = { name, directory: place(name) }
      const fit = await keysFit(start.directory, id, access.authority)
      starts.push(fit ? start : { ...start, token: await this.#token(name) })
    }
    return starts
  }

  /** What was before the first start; beside everything else, and the plant runs without it as well. */
  #past(
    client: Access['client'],
    record: ProvisionRecord,
    devices: ReadonlyMap<string, string>,
    equipment: ReadonlyMap<string, string>,
  ): void {
    const { seed, say } = this.#options
    const stopped = () => this.#stopped
    const options = { client, record, equipment, seed, now: systemClock.now(), stopped, say }
    // The parts first: they are diverted within the first minutes.
    void (async () => {
      for (const ensure of [() => ensureQualityService({ ...options, devices }), () => ensureEnergyService(options)]) {
        try {
          await ensure()
        } catch (error) {
          if (!this.#stopped) say(`what was before the start could not be set up: ${reasonOf(error)}`)
        }
      }
    })()
  }

  /** AI services begin when their machines have sent something; whatever goes wrong there, the plant runs. */
  async #beginServices(record: ProvisionRecord, equipment: ReadonlyMap<string, string>): Promise<void> {
    const { access, say } = this.#options
    const pause = () => new Promise<boolean>((resolve) => setTimeout(() => resolve(!this.#stopped), SERVICE_PACE))
    while (await pause()) {
      try {
        // Anew each time: a platform that was started again has a new local token.
        const { client } = await openAccess(access)
        const begun = await provisionServices(client, record, equipment, pause)
        if (begun.length > 0) say(`AI services look at the works now: ${begun.join(', ')}`)
        return
      } catch (error) {
        if ((error as { code?: string }).code === 'unreachable') continue
        say(`the AI services could not be set up: ${reasonOf(error)}`)
        return
      }
    }
  }

  /** The platform's API; waits for a platform that is still starting. */
  async #reach(): Promise<Access | undefined> {
    let told = false
    while (!this.#stopped) {
      try {
        return await openAccess(this.#options.access)
      } catch (error) {
        if ((error as { code?: string }).code !== 'unreachable') throw error
        if (!told) this.#options.say(`waiting for the platform: ${reasonOf(error)}`)
        told = true
        await new Promise((resolve) => setTimeout(resolve, RETRY))
      }
    }
    return undefined
  }

  async #token(name: string): Promise<string> {
    const id = this.#deviceIds.get(name)
    if (id === undefined) throw new Error(`there is no way to a token for ${name}`)
    // Anew each time: a platform that was started again has a new local token.
    const { client } = await openAccess(this.#options.access)
    return (await client.createEnrolmentToken({ params: { id }, body: {} })).token
  }

  #launch(name: string, devices: readonly DeviceStart[]): void {
    for (const device of devices) this.#starts.set(device.name, device)
    const { origin: url } = secure(this.#options.access.url)
    const supervisor = new Supervisor({
      name,
      program: 'devices',
      begin: () => ({ kind: 'start', url, devices: devices.map((device) => this.#starts.get(device.name)!) }),
      codeCache: this.#codeCache,
      onMessage: (message) => this.#onMessage(supervisor, message),
      say: this.#options.say,
    })
    for (const device of devices) this.#supervisors.set(device.name, supervisor)
    supervisor.start()
  }

  #onMessage(supervisor: Supervisor, message: FromDevices): void {
    const { say } = this.#options
    switch (message.kind) {
      case 'connected':
        this.#online.add(message.device)
        if (this.#online.size === this.#supervisors.size) say(`all ${this.#online.size} devices are connected`)
        break
      case 'disconnected':
        if (this.#online.delete(message.device)) say(`${message.device} lost its connection: ${message.reason}`)
        break
      case 'enrolled':
        this.#spent(message.device)
        break
      case 'needs-token':
        void this.#renewToken(supervisor, message.device, message.reason)
        break
      case 'command':
        this.#answer(supervisor, message.call, () =>
          command(this.#plant, this.#plant.machine(message.device), message.name, message.params),
        )
        break
      case 'configure':
        this.#answer(supervisor, message.call, () => configure(this.#plant.machine(message.device), message.document))
        break
    }
  }

  /** A device has enrolled: its token is spent, and a process that starts again uses the device's keys. */
  #spent(device: string): void {
    const start = this.#starts.get(device)
    if (start !== undefined) this.#starts.set(device, { name: device, directory: start.directory })
  }

  #answer(supervisor: Supervisor, call: number, work: () => unknown): void {
    try {
      supervisor.send({ kind: 'answer', call, result: work() ?? null })
    } catch (error) {
      supervisor.send({ kind: 'answer', call, error: reasonOf(error) })
    }
  }

  async #renewToken(supervisor: Supervisor, device: string, reason: string): Promise<void> {
    try {
      supervisor.send({ kind: 'token', device, token: await this.#token(device) })
    } catch (error) {
      this.#options.say(`${device} cannot enrol: ${reason} (${reasonOf(error)})`)
    }
  }
}
