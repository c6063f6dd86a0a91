import type { ConnectionStatus } from '@millwright/contracts'
import type { Clock, Log, Subscription } from '@millwright/foundation'
import { connectivityErrors } from '../errors.ts'
import type { ConnectionAdapter, ConnectionCommand } from './adapter.ts'
import { type ConnectionDefinition, HostedConnection, type HostedOptions } from './hosted.ts'

export type Adapters = ReadonlyMap<string, ConnectionAdapter>

export interface HostOptions {
  readonly adapters: Adapters
  /** What a connection is given; asked each time one is started. */
  readonly ports: HostedOptions['ports']
  readonly clock: Clock
  readonly log: Log
  /** 0 <= n < 1; default Math.random. */
  readonly random?: () => number
}

/**
 * Runs connections: in the platform those without an agent, at an agent its own. Each is on its own: one that fails, hangs
 * or does not stop never touches another.
 */
export class ConnectionHost {
  readonly #options: HostOptions
  readonly #hosted = new Map<string, HostedConnection>()
  readonly #listeners = new Set<(id: string, status: ConnectionStatus) => void>()

  constructor(options: HostOptions) {
    this.#options = options
  }

  /**
   * Makes what runs what is defined: starts what is new, stops what is no more, and starts anew what has another version.
   * Resolves when that is done, as far as it can be: a peer that is away, or a configuration that is wrong, is a state.
   */
  async apply(definitions: readonly ConnectionDefinition[]): Promise<void> {
    const wanted = new Map(definitions.map((definition) => [definition.id, definition]))
    const gone = [...this.#hosted.keys()].filter((id) => !wanted.has(id))
    await Promise.all([
      ...gone.map((id) => this.remove(id, 'it was taken away')),
      ...definitions.map((definition) => this.put(definition)),
    ])
  }

  /** One connection, as `apply` does it. */
  async put(definition: ConnectionDefinition): Promise<void> {
    const { id, version } = definition
    const held = this.#hosted.get(id)
    if (held !== undefined && held.definition.version === version && held.definition.adapter === definition.adapter)
      return
    const next = this.#make(definition)
    // It takes the place at once: commands and status are about the new one.
    this.#hosted.set(id, next)
    await held?.stop('it was changed')
    await next.start()
  }

  /** Stops a connection and forgets it; nothing when there is none. */
  async remove(id: string, reason: string): Promise<void> {
    const held = this.#hosted.get(id)
    this.#hosted.delete(id)
    await held?.stop(reason)
  }

  /** undefined: it is not here. */
  status(id: string): ConnectionStatus | undefined {
    return this.#hosted.get(id)?.status()
  }

  /** All that are here. */
  statuses(): { definition: ConnectionDefinition; status: ConnectionStatus }[] {
    return [...this.#hosted.values()].map((hosted) => ({ definition: hosted.definition, status: hosted.status() }))
  }

  /** Called when a connection's state, reason or certificates changed; counts and rates are asked for. */
  onStatus(listener: (id: string, status: ConnectionStatus) => void): Subscription {
    this.#listeners.add(listener)
    return { cancel: () => this.#listeners.delete(listener) }
  }

  /** Rejects with words for the user. */
  async command(id: string, command: ConnectionCommand): Promise<unknown> {
    const held = this.#hosted.get(id)
    if (held === undefined) throw connectivityErrors.notRunning({ name: id, reason: 'it is not here' })
    return held.command(command)
  }

  async stop(reason = 'the platform stopped'): Promise<void> {
    await Promise.all([...this.#hosted.keys()].map((id) => this.remove(id, reason)))
  }

  #make(definition: ConnectionDefinition): HostedConnection {
    const { adapters, ports, clock, log, random } = this.#options
    const made: HostedConnection = new HostedConnection(definition, {
      adapter: adapters.get(definition.adapter),
      ports,
      clock,
      log,
      random: random ?? Math.random,
      changed: () => {
        if (this.#hosted.get(definition.id) !== made) return
        const status = made.status()
        for (const listener of this.#listeners) listener(definition.id, status)
      },
    })
    return made
  }
}
