import { type Clock, type Log, type Micros, SECOND } from '@millwright/foundation'
import {
  type CommandHandler,
  callPlatform,
  connect,
  type Desired,
  type DeviceClient,
  type Identity,
} from '@millwright/sdk/device'

export interface LinkOptions {
  readonly identity: Identity
  /** Where the identity is kept: a renewed certificate is written there. */
  readonly directory: string
  readonly clock: Clock
  readonly log: Log
}

export interface LinkState {
  readonly up: boolean
  /** By the agent's clock. */
  readonly since: Micros
  /** Why it is down, in words. */
  readonly reason: string | undefined
}

export const COMMANDS = 'mw/v1/agent/commands/'
/** A platform that acknowledges nothing for so long is as good as gone; seconds. */
const ACK_TIMEOUT = 30

/**
 * The agent's line to its platform: MQTT over mutual TLS, and the API beside it. It comes back by itself; nothing is held
 * here that must not be lost.
 */
export class PlatformLink {
  readonly #options: LinkOptions
  readonly #client: DeviceClient
  #identity: Identity
  #state: LinkState
  #offset: Micros | undefined
  /** Each is called when the line is up, before anything else is sent. */
  readonly #onUp: (() => void)[] = []
  readonly #onDown: (() => void)[] = []
  onDesired: (desired: Desired) => void = () => undefined
  /** A command for a connection: its id and what it says. */
  onCommand: (id: string, payload: Buffer) => void = () => undefined
  /** The platform's clock, as just heard. */
  onTime: (time: Micros) => void = () => undefined

  constructor(options: LinkOptions) {
    const { identity, directory, clock, log } = options
    this.#options = options
    this.#identity = identity
    this.#state = { up: false, since: clock.now(), reason: 'not connected yet' }
    this.#client = connect({
      credentials: identity,
      directory,
      ackTimeout: ACK_TIMEOUT,
      maxInFlight: 500,
      subscriptions: [`${COMMANDS}+`],
    })
    this.#client.on('connected', () => {
      this.#state = { up: true, since: clock.now(), reason: undefined }
      log.info('connected to the platform')
      for (const listener of this.#onUp) listener()
    })
    this.#client.on('disconnected', (reason) => {
      if (this.#state.up) log.warn({ reason }, 'the line to the platform is down; readings gather in the queue')
      this.#state = { up: false, since: this.#state.up ? clock.now() : this.#state.since, reason }
      for (const listener of this.#onDown) listener()
    })
    this.#client.on('desired', (desired) => this.onDesired(desired))
    this.#client.on('message', (topic, payload) => {
      if (topic.startsWith(COMMANDS)) this.onCommand(topic.slice(COMMANDS.length), payload)
    })
    this.#client.on('renewed', (renewed) => {
      this.#identity = renewed
      log.info('the certificate was renewed')
    })
    this.#client.on('renewal-failed', (error) => log.warn({ err: error }, 'the certificate could not be renewed yet'))
  }

  get up(): boolean {
    return this.#client.connected
  }

  get state(): LinkState {
    return this.#state
  }

  get identity(): Identity {
    return this.#identity
  }

  /** µs that the agent's clock is ahead of the platform's; undefined: not known yet. The platform tells whole seconds. */
  get offset(): Micros | undefined {
    return this.#offset
  }

  whenUp(listener: () => void): void {
    this.#onUp.push(listener)
  }

  whenDown(listener: () => void): void {
    this.#onDown.push(listener)
  }

  /** Sends on the line there is, or rejects: whoever sends keeps it. Resolves with the platform's acknowledgement. */
  send(topic: string, payload: string | Buffer): Promise<void> {
    return this.#client.send(topic, payload, { once: true })
  }

  /** Answers a command to the agent's own device. */
  answer(name: string, handler: CommandHandler): void {
    this.#client.onCommand(name, handler)
  }

  fetchDesired(): Promise<Desired> {
    return this.#client.fetchDesired()
  }

  /** Asks the API over mutual TLS. */
  async get(path: string, what: string): Promise<Record<string, unknown>> {
    const { body, time, took } = await callPlatform(this.#identity, path, what)
    if (time !== undefined) {
      const platform = time + took / 2
      this.#offset = this.#options.clock.now() - platform
      this.onTime(platform)
    }
    return body
  }

  /** Says good-bye; waits for acknowledgements no longer than `seconds`. */
  close(seconds = 1): Promise<void> {
    return this.#client.close(seconds)
  }
}

/** How often the platform's clock is asked for while the line is up. */
export const TIME_EVERY = 600 * SECOND
