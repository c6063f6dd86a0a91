import type { ConnectionStatus } from '@millwright/contracts'
import { type Clock, type Log, SECOND, type Timer } from '@millwright/foundation'
import type { Database } from '@millwright/storage'
import type { Commands } from '../commands/model.ts'
import type { DeadLetters } from '../dead-letters/model.ts'
import type { Announce } from '../events.ts'
import type { Intake } from '../intake/model.ts'
import { Line } from '../line.ts'
import type { DeviceSession } from '../sessions/model.ts'
import { carryOut } from './carry-out.ts'
import type { SignalFeed } from './feed.ts'
import type { ConnectionFolders } from './folders.ts'
import { type Adapters, ConnectionHost } from './host.ts'
import { type ConnectionDefinition, type HostedPorts, sentence } from './hosted.ts'
import { ConnectionLink } from './link.ts'
import type { StoredConnection } from './model.ts'
import { joinSecrets } from './secrets.ts'
import { statusOf } from './status.ts'
import { connectionStore } from './store.ts'
import type { Vault } from './vault.ts'

/** Makes the feed of a connection that sends the platform's signals on: those at and below a node (null: all). */
export type Feeds = (tenant: string, node: string | null) => SignalFeed

export interface RuntimeOptions {
  readonly database: Database
  readonly announce: Announce
  readonly clock: Clock
  readonly log: Log
  readonly adapters: Adapters
  readonly folders: ConnectionFolders
  readonly vault: Vault
  readonly feeds: Feeds | undefined
  readonly intake: Intake
  readonly commands: Commands
  readonly deadLetters: DeadLetters
  readonly open: (connection: StoredConnection) => Promise<DeviceSession>
  readonly openBehind: (own: DeviceSession, name: string) => Promise<DeviceSession>
}

/** How often at most a connection's change of state is told on the bus. */
const TELL_EVERY = SECOND

/** The connections that the platform runs itself: those of all tenants that are enabled and at no agent. */
export class PlatformConnections {
  readonly #options: RuntimeOptions
  readonly #host: ConnectionHost
  readonly #rows = new Map<string, StoredConnection>()
  /** Those whose configuration could not be read, and why. */
  readonly #unreadable = new Map<string, ConnectionStatus>()
  readonly #telling = new Map<string, Timer>()
  readonly #told = new Map<string, string>()
  readonly #lines = new Map<string, Line>()
  #stopped = false

  constructor(options: RuntimeOptions) {
    this.#options = options
    const { adapters, clock, log } = options
    this.#host = new ConnectionHost({ adapters, clock, log, ports: (definition) => this.#ports(definition) })
    this.#host.onStatus((id) => this.#tellSoon(id))
  }

  /** Begins with what is to run; does not wait for peers. */
  async start(): Promise<void> {
    const rows = await this.#options.database.system((sql) => connectionStore.running(sql))
    for (const row of rows) this.#put(row)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    for (const timer of this.#telling.values()) timer.cancel()
    await Promise.all([...this.#lines.values()].map((line) => line.empty()))
    await this.#host.stop()
  }

  /** The connection was made, changed or removed: resolves when what was before has come to its end. */
  changed(id: string): Promise<void> {
    // One after the other for each: one that does not stop keeps nobody else waiting.
    const line = this.#lines.get(id) ?? new Line()
    this.#lines.set(id, line)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    line.add(async () => {
      try {
        await this.#take(id)
        resolve()
      } catch (error) {
        reject(error)
      } finally {
        if (line.length === 1) this.#lines.delete(id)
      }
    })
    return promise
  }

  async #take(id: string): Promise<void> {
    const row = await this.#options.database.system((sql) => connectionStore.get(sql, id))
    if (row?.enabled === true && row.agent === null && !this.#stopped) {
      this.#put(row)
      return
    }
    this.#rows.delete(id)
    this.#unreadable.delete(id)
    this.#told.delete(id)
    await this.#host.remove(id, row === undefined ? 'the connection was removed' : 'the connection was stopped')
    if (row === undefined) await this.#options.folders.remove(id)
  }

  status(id: string): ConnectionStatus {
    return this.#unreadable.get(id) ?? this.#host.status(id) ?? statusOf('starting', this.#options.clock.now())
  }

  /** All that run here, for figures and warnings. */
  statuses(): { adapter: string; status: ConnectionStatus }[] {
    return [...this.#rows.values()].map(({ id, adapter }) => ({ adapter, status: this.status(id) }))
  }

  #put(row: StoredConnection): void {
    const { vault, clock, log } = this.#options
    const { id, version, name, adapter } = row
    this.#rows.set(id, row)
    let config: Record<string, unknown>
    try {
      config = joinSecrets(row.config, vault.open(id, row.secrets))
      this.#unreadable.delete(id)
    } catch (error) {
      this.#unreadable.set(id, statusOf('failed', clock.now(), `Its secrets cannot be read: ${sentence(error)}`))
      log.error({ err: error, connection: id }, 'the secrets of a connection could not be read')
      return
    }
    this.#host.put({ id, version, name, adapter, config }).catch((error: unknown) => {
      log.error({ err: error, connection: id }, 'a connection could not be put to work')
    })
  }

  async #ports(definition: ConnectionDefinition): Promise<HostedPorts> {
    const { folders, feeds, adapters, clock, log, commands } = this.#options
    const row = this.#rows.get(definition.id)!
    const link: ConnectionLink = new ConnectionLink(row, {
      ...this.#options,
      open: () => this.#options.open(row),
      transport: (device) => ({
        // It leaves at once; the answer comes when it is done.
        deliver: async (command) => {
          const session = () => link.session(device)
          const { name, params } = command
          void carryOut(command, (signal) => this.#host.command(row.id, { name, params, device, signal }), {
            commands,
            clock,
            log,
            session,
          })
        },
      }),
    })
    const sends = adapters.get(row.adapter)?.manifest.direction === 'sends'
    return {
      readings: link,
      feed: sends ? feeds?.(row.tenant, row.equipment) : undefined,
      directory: await folders.of(row.id),
      identity: await folders.identity(row.tenant),
      status({ state, reason }) {
        if (state === 'running' || state === 'degraded') link.online()
        else if (state === 'waiting' || state === 'failed') link.down(reason ?? state)
      },
      close: (reason) => link.close(reason),
    }
  }

  #tellSoon(id: string): void {
    if (this.#telling.has(id) || this.#stopped) return
    const { clock, log } = this.#options
    this.#telling.set(
      id,
      clock.after(TELL_EVERY, () => {
        this.#telling.delete(id)
        this.#tell(id).catch((error: unknown) => log.error({ err: error }, 'a connection’s state was not told'))
      }),
    )
  }

  async #tell(id: string): Promise<void> {
    const row = this.#rows.get(id)
    if (row === undefined) return
    const { state, reason, certificates } = this.status(id)
    // Each try of a peer that stays away has its words; what is news is the state, and a certificate to look at.
    const news = `${state} ${certificates.length}`
    if (this.#told.get(id) === news) return
    this.#told.set(id, news)
    const why = reason === undefined ? {} : { reason }
    await this.#options.announce('connection.state', row.tenant, row.device, { connection: id, state, ...why })
  }
}
