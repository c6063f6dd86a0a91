import type { ConnectionStatus } from '@millwright/contracts'
import { type Clock, type Log, MILLISECOND, MillwrightError, SECOND, type Timer } from '@millwright/foundation'
import { connectivityErrors } from '../errors.ts'
import { Line } from '../line.ts'
import type {
  ConnectionAdapter,
  ConnectionCommand,
  ConnectionPorts,
  ReadingsPort,
  RunningConnection,
} from './adapter.ts'
import { checkedConfig } from './config.ts'
import type { SignalFeed } from './feed.ts'
import { StatusKeeper } from './status.ts'

/** What is to run. */
export interface ConnectionDefinition {
  readonly id: string
  /** Another version is started anew. */
  readonly version: number
  readonly name: string
  readonly adapter: string
  /** With its secrets. */
  readonly config: Readonly<Record<string, unknown>>
}

/** What a connection is given by the place where it runs, beside what the host gives itself. */
export interface HostedPorts {
  readonly readings: ReadingsPort
  readonly feed: SignalFeed | undefined
  /** Made already. */
  readonly directory: string
  readonly identity: string
  /** How it is now; after each change. */
  status?(status: ConnectionStatus): void
  /** It was stopped: nothing more comes of it. */
  close?(reason: string): void
}

export interface HostedOptions {
  readonly adapter: ConnectionAdapter | undefined
  readonly ports: (definition: ConnectionDefinition) => HostedPorts | Promise<HostedPorts>
  readonly clock: Clock
  readonly log: Log
  readonly random: () => number
  readonly changed: () => void
}

/** A connection that does not come up or go down in this time is left to itself. */
const PATIENCE = 20 * SECOND
const FIRST_RETRY = 2 * SECOND
const LONGEST_RETRY = 60 * SECOND

/** One connection of a host: is started, stopped and started anew, one after the other; whatever fails is a state. */
export class HostedConnection {
  readonly definition: ConnectionDefinition
  readonly #options: HostedOptions
  readonly #status: StatusKeeper
  readonly #line = new Line()
  readonly #log: Log
  #running: RunningConnection | undefined
  #ports: HostedPorts | undefined
  #retry: Timer | undefined
  #failures = 0
  #stopped = false

  constructor(definition: ConnectionDefinition, options: HostedOptions) {
    this.definition = definition
    this.#options = options
    this.#log = options.log.child({ connection: definition.id, adapter: definition.adapter })
    this.#status = new StatusKeeper(options.clock, () => {
      this.#ports?.status?.(this.#status.shown())
      options.changed()
    })
  }

  status(): ConnectionStatus {
    return this.#status.shown()
  }

  /** Resolves when it works at it, or failed for now. */
  start(): Promise<void> {
    return this.#inTurn(() => this.#start())
  }

  /** Resolves when nothing of it is left. */
  stop(reason: string): Promise<void> {
    this.#stopped = true
    this.#retry?.cancel()
    return this.#inTurn(() => this.#stop(reason))
  }

  async command(command: ConnectionCommand): Promise<unknown> {
    const { name } = this.definition
    const running = this.#running
    if (running === undefined) {
      throw connectivityErrors.notRunning({ name, reason: this.#status.reason ?? this.#status.state })
    }
    if (running.command === undefined) throw connectivityErrors.noCommands({ name })
    return running.command(command)
  }

  async #start(): Promise<void> {
    if (this.#stopped) return
    const { clock, adapter } = this.#options
    this.#status.become('starting')
    try {
      if (adapter === undefined) throw connectivityErrors.adapterUnknown({ adapter: this.definition.adapter })
      const config = checkedConfig(adapter, this.definition.config)
      const made = await this.#options.ports(this.definition)
      this.#ports = made
      const running = adapter.create(config, this.#connectionPorts(made))
      this.#running = running
      this.#status.counters = () => running.counters
      await within(clock, PATIENCE, running.start())
      this.#failures = 0
    } catch (error) {
      // What came up by half must not go on beside the next try.
      await this.#stop('it did not start')
      this.#status.become('failed', sentence(error))
      this.#log.warn({ err: error }, 'a connection did not start')
      this.#startAgainLater()
    }
  }

  #startAgainLater(): void {
    const { clock, random } = this.#options
    if (this.#stopped) return
    const wait = Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** this.#failures++)
    this.#retry = clock.after(wait * (0.75 + random() / 2), () => void this.start())
  }

  async #stop(reason: string): Promise<void> {
    const running = this.#running
    const ports = this.#ports
    this.#running = undefined
    this.#ports = undefined
    if (running !== undefined) {
      try {
        await within(this.#options.clock, PATIENCE, running.stop())
      } catch (error) {
        this.#log.error({ err: error }, 'a connection did not stop as it should')
      }
    }
    ports?.close?.(reason)
    if (this.#stopped) this.#status.become('stopped')
  }

  #connectionPorts(made: HostedPorts): ConnectionPorts {
    const { clock, random } = this.#options
    const { id, name } = this.definition
    const { directory, identity, feed } = made
    return {
      id,
      name,
      clock,
      log: this.#log,
      random,
      purpose: 'run',
      directory,
      identity,
      feed,
      readings: this.#counted(made),
      status: this.#statusPort(made),
    }
  }

  /** Of an instance that was stopped nothing is heard any more. */
  #statusPort(made: HostedPorts) {
    const port = this.#status.port()
    const live = () => this.#ports === made
    return {
      running: () => live() && port.running(),
      degraded: (reason: string) => live() && port.degraded(reason),
      waiting: (reason: string) => live() && port.waiting(reason),
      failed: (reason: string) => live() && port.failed(reason),
      certificates: (unknown: Parameters<typeof port.certificates>[0]) => live() && port.certificates(unknown),
    } as ConnectionPorts['status']
  }

  #counted({ readings }: HostedPorts): ReadingsPort {
    const status = this.#status
    return {
      accept(rows, source, device) {
        const count = rows.length
        const accepted = readings.accept(rows, source, device)
        return accepted.then(
          () => status.accepted(count),
          (error: unknown) => {
            status.failed(sentence(error))
            throw error
          },
        )
      },
      refuse(payload, source, error, device) {
        status.failed(error.message)
        return readings.refuse(payload, source, error, device)
      },
      online: (device) => readings.online(device),
      offline: (device, reason) => readings.offline(device, reason),
      get saturated() {
        return readings.saturated
      },
      drained: () => readings.drained(),
    }
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#line.add(() => work().then(resolve, reject))
    return promise
  }
}

/** Errors made for people speak for themselves; of others no more than their message is shown. */
export function sentence(error: unknown): string {
  if (error instanceof MillwrightError) return error.message
  return error instanceof Error ? error.message : String(error)
}

/** @param most µs */
export async function within<T>(clock: Clock, most: number, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = clock.after(most, () =>
    reject(connectivityErrors.probeSlow({ seconds: Math.round(most / MILLISECOND / 1000) })),
  )
  try {
    return await Promise.race([work, late])
  } finally {
    timer.cancel()
    // Whatever comes of it later is nobody's any more.
    work.catch(() => undefined)
  }
}
