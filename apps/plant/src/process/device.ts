import {
  connect,
  type Desired,
  type DeviceClient,
  DeviceError,
  enrol,
  type Identity,
  loadIdentity,
  reasonOf,
  type TelemetryMessage,
} from '@millwright/sdk/device'
import type { Configuration } from '../core/machine.ts'
import type { DeviceStart, FromDevices } from './messages.ts'

export interface DeviceOptions {
  readonly url: string
  readonly start: DeviceStart
  tell(message: FromDevices): void
  /** Asks the plant and waits for its answer. */
  ask(
    question:
      | { kind: 'command'; name: string; params: unknown }
      | { kind: 'configure'; document: Configuration | null },
  ): Promise<unknown>
}

/** Ten minutes of the fastest device. */
const HELD = 3_000
const ENROL_RETRY = 3_000

/** One device as it stands beside its machine: enrols once, connects, sends what its instruments show, takes commands. */
export class SimulatedDevice {
  readonly #options: DeviceOptions
  readonly #stop = new AbortController()
  #client: DeviceClient | undefined
  #token: string | undefined
  #tokenGiven: (() => void) | undefined

  constructor(options: DeviceOptions) {
    this.#options = options
    this.#token = options.start.token
  }

  /** Runs until `stop`; comes back from whatever goes wrong on the way. */
  async run(): Promise<void> {
    const identity = await this.#identity()
    if (identity === undefined) return
    const { name, directory } = this.#options.start
    const client = connect({
      credentials: identity,
      directory,
      maxQueued: HELD,
      keepalive: 15,
      will: { topic: 'mw/v1/user/status', payload: JSON.stringify({ state: 'lost' }) },
    })
    this.#client = client
    client.on('connected', () => {
      this.#options.tell({ kind: 'connected', device: name })
      void this.#configure(client, null)
      // The platform pushes changes while connected; what changed before must be asked for.
      client.fetchDesired().catch(() => undefined)
    })
    client.on('disconnected', (reason) => this.#options.tell({ kind: 'disconnected', device: name, reason }))
    client.on('desired', (desired) => void this.#configure(client, desired))
    client.onCommand('*', (params, command) => this.#options.ask({ kind: 'command', name: command.name, params }))
  }

  /** A new enrolment token. */
  give(token: string): void {
    this.#token = token
    this.#tokenGiven?.()
  }

  /** Sends readings; what finds no room while the platform is away for long is lost, as with a real device. */
  send(messages: readonly TelemetryMessage[]): void {
    for (const message of messages) this.#client?.publish(message).catch(() => undefined)
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    this.#tokenGiven?.()
    await this.#client?.close(1)
  }

  async #identity(): Promise<Identity | undefined> {
    const { name, directory } = this.#options.start
    if (this.#token === undefined) {
      try {
        return await loadIdentity(directory)
      } catch (error) {
        this.#options.tell({ kind: 'needs-token', device: name, reason: reasonOf(error) })
      }
    }
    while (!this.#stop.signal.aborted) {
      const token = await this.#nextToken()
      if (token === undefined) return undefined
      try {
        const identity = await enrol({ url: this.#options.url, token, directory })
        this.#options.tell({ kind: 'enrolled', device: name })
        return identity
      } catch (error) {
        if (error instanceof DeviceError && error.code === 'unreachable') {
          // The token is still good: the platform is only not there yet.
          this.#token = token
          await new Promise((resolve) => setTimeout(resolve, ENROL_RETRY))
        } else {
          this.#options.tell({ kind: 'needs-token', device: name, reason: reasonOf(error) })
        }
      }
    }
    return undefined
  }

  async #nextToken(): Promise<string | undefined> {
    if (this.#token === undefined && !this.#stop.signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#tokenGiven = resolve
      })
    }
    const token = this.#token
    this.#token = undefined
    return token
  }

  /** Sets what is wanted and reports what is in force. */
  async #configure(client: DeviceClient, desired: Desired | null): Promise<void> {
    const wanted = desired === null ? null : { ...desired.document }
    try {
      const inForce = (await this.#options.ask({ kind: 'configure', document: wanted })) as Configuration
      await client.report({ ...inForce, simulated: true }, desired?.version)
    } catch {
      // The client was closed, or the plant is going: the next connection reports again.
    }
  }
}
