import type { ConnectionStatus } from '@millwright/contracts'
import type { Bus, Clock, Log } from '@millwright/foundation'
import type { Database } from '@millwright/storage'
import { type BlockSection, decodeBlock } from '../codecs/block/index.ts'
import { isObject } from '../codecs/json/document.ts'
import type { MetricRows } from '../codecs/rows.ts'
import type { CommandReply, DeliverableCommand } from '../commands/model.ts'
import type { CommandService } from '../commands/service.ts'
import { ConnectionLink } from '../connections/link.ts'
import type { StoredConnection } from '../connections/model.ts'
import { connectionStore } from '../connections/store.ts'
import type { DeadLetters } from '../dead-letters/model.ts'
import { refusing } from '../dead-letters/refusing.ts'
import { connectivityErrors, isRefusal } from '../errors.ts'
import type { Announce } from '../events.ts'
import type { Intake } from '../intake/model.ts'
import { Line } from '../line.ts'
import type { DeviceSession } from '../sessions/model.ts'
import type { TwinService } from '../twins/service.ts'
import { at, valuesOf } from './device-twins.ts'
import { readPresence, readRefused } from './messages.ts'
import type { AgentCommand, AgentLine } from './model.ts'
import { readReport, reportedStatus } from './report.ts'

export interface LineOptions {
  readonly database: Database
  readonly bus: Bus
  readonly announce: Announce
  readonly clock: Clock
  readonly log: Log
  readonly intake: Intake
  readonly commands: CommandService
  readonly twins: TwinService
  readonly deadLetters: DeadLetters
  /** A session of a connection's own device, through the agent's. */
  readonly open: (agent: DeviceSession, connection: StoredConnection) => Promise<DeviceSession>
  readonly openBehind: (own: DeviceSession, name: string) => Promise<DeviceSession>
}

/** What one connected agent sends, taken to the devices of its connections. In the order of its coming. */
export class LiveAgentLine implements AgentLine {
  readonly #session: DeviceSession
  readonly #send: (command: AgentCommand) => Promise<void>
  readonly #options: LineOptions
  readonly #links = new Map<string, ConnectionLink>()
  /** States that were told, by connection. */
  readonly #told = new Map<string, string>()
  /** What was reported of devices behind them, as it was said. */
  readonly #reports = new Map<string, string>()
  readonly #listening = Promise.withResolvers<void>()
  readonly #line = new Line()
  /** The agent's connections were read, and none has changed since. */
  #known = false
  #rows: ReadonlyMap<string, StoredConnection> = new Map()
  /** Goes up when one changes: what was read before is old then. */
  #changes = 0

  constructor(session: DeviceSession, send: (command: AgentCommand) => Promise<void>, options: LineOptions) {
    this.#session = session
    this.#send = send
    this.#options = options
  }

  readings(payload: Uint8Array, source: string): Promise<void> {
    return this.#refusing(payload, source, () => {
      if (this.#known && this.#line.length === 0) return settledAll(this.#place(payload, source))
      const kept = Buffer.from(payload)
      return this.#inTurn(async () => ({ settled: settledAll(this.#place(kept, source)) })).then(
        ({ settled }) => settled,
      )
    })
  }

  refused(payload: Uint8Array, source: string): Promise<void> {
    return this.#refusing(payload, source, () => {
      const { connection, device, source: from, error, payload: refused } = readRefused(payload)
      return this.#inTurn(async () => {
        const link = this.#linkOf(connection)
        if (link !== undefined) return link.refuse(refused, from, error, device)
        const { tenant, device: agent } = this.#session
        const { code, message: reason } = error
        return this.#options.deadLetters.record({ tenant, device: agent, source: from, code, reason, payload: refused })
      })
    })
  }

  devices(payload: Uint8Array, source: string): Promise<void> {
    return this.#refusing(payload, source, () => {
      const { connection, device, online, reason } = readPresence(payload)
      return this.#inTurn(async () => {
        const link = this.#linkOf(connection)
        if (online) link?.online(device)
        else link?.offline(device, reason)
      })
    })
  }

  async reply(command: string, reply: CommandReply): Promise<void> {
    const { commands } = this.#options
    const { tenant } = this.#session
    const device = await commands.deviceOf(tenant, command)
    const session = device === undefined ? undefined : this.#sessionOf(device)
    if (session === undefined) throw connectivityErrors.commandUnknown({ path: 'id', id: command })
    await commands.reply(session, command, reply)
  }

  listening(): void {
    this.#listening.resolve()
  }

  /** A connection was made, changed or taken away. */
  changed(): void {
    this.#known = false
    this.#changes++
  }

  /** The agent said in its twin how its connections are. */
  reported(document: Readonly<Record<string, unknown>>): void {
    const report = readReport(document)
    this.#inTurn(async () => {
      for (const [id, link] of this.#links) {
        const status = reportedStatus(report, id)
        if (status === undefined) continue
        await this.#tell(id, status)
        await this.#reportDevices(id, link, document)
        if (status.state === 'running' || status.state === 'degraded') link.online()
        else link.down(status.reason ?? status.state)
      }
    }).catch((error: unknown) => {
      this.#options.log.error({ err: error, agent: this.#session.device }, 'what an agent reported was not taken in')
    })
  }

  close(reason: string): void {
    for (const link of this.#links.values()) link.close(`its edge agent ${this.#session.name} went: ${reason}`)
    this.#links.clear()
  }

  /** Hands each section on, all without a pause between them: mostly they then share one window of the historian. */
  #place(payload: Uint8Array, source: string): Promise<void>[] {
    const outcomes: Promise<void>[] = []
    decodeBlock(payload, this.#options.clock.now(), (section, rows) => {
      outcomes.push(this.#placeSection(section, rows, source))
    })
    return outcomes
  }

  #placeSection({ connection, device, source: from }: BlockSection, rows: MetricRows, source: string): Promise<void> {
    if (connection === '' && device === '') {
      return this.#options.intake.acceptRows(this.#session, rows, `agent:${from}`)
    }
    const link = this.#linkOf(connection)
    if (link !== undefined) return link.accept(rows, from, device)
    const error = connectivityErrors.notYours({ path: connection })
    return this.#refusing(Buffer.from(`${connection} ${device}: ${rows.length} readings`), source, () =>
      Promise.reject(error),
    )
  }

  #linkOf(connection: string): ConnectionLink | undefined {
    return this.#links.get(connection)
  }

  #sessionOf(device: string): DeviceSession | undefined {
    for (const link of this.#links.values()) {
      const session = link.sessionOf(device)
      if (session !== undefined) return session
    }
    return undefined
  }

  /** Values that the agent wrote to devices behind a connection are what those devices report. */
  async #reportDevices(id: string, link: ConnectionLink, document: Readonly<Record<string, unknown>>): Promise<void> {
    const devices = at(document, ['devices', id])
    for (const name of isObject(devices) ? Object.keys(devices) : []) {
      const values = valuesOf(at(devices, [name]))
      const text = JSON.stringify(values)
      const session = link.session(name === '' ? undefined : name)
      const key = `${id} ${name}`
      if (session === undefined || this.#reports.get(key) === text) continue
      await this.#options.twins.report(session, values)
      this.#reports.set(key, text)
    }
  }

  /** A state that is news goes out to all who watch. */
  async #tell(connection: string, { state, reason, certificates }: ConnectionStatus): Promise<void> {
    const news = `${state} ${certificates.length}`
    const row = this.#rows.get(connection)
    if (row === undefined || this.#told.get(connection) === news) return
    this.#told.set(connection, news)
    const why = reason === undefined ? {} : { reason }
    await this.#options.announce('connection.state', row.tenant, row.device, { connection, state, ...why })
  }

  /** Reads the agent's connections; links of those that are gone end. */
  async #know(): Promise<void> {
    const changes = this.#changes
    const { tenant, device } = this.#session
    const rows = await this.#options.database.tenant(tenant, (sql) => connectionStore.ofAgent(sql, device))
    const ids = new Set(rows.map(({ id }) => id))
    for (const [id, link] of this.#links) {
      if (ids.has(id)) continue
      link.close('the connection was taken from its edge agent')
      this.#links.delete(id)
    }
    this.#rows = new Map(rows.map((row) => [row.id, row]))
    for (const row of rows) if (!this.#links.has(row.id)) this.#links.set(row.id, this.#link(row))
    this.#known = changes === this.#changes
  }

  #link(row: StoredConnection): ConnectionLink {
    const { open, openBehind } = this.#options
    return new ConnectionLink(row, {
      ...this.#options,
      open: () => open(this.#session, row),
      openBehind,
      ready: this.#listening.promise,
      transport: (device) => ({
        deliver: ({ id, name, params, timeout }: DeliverableCommand) =>
          this.#send({ id, connection: row.id, ...(device === undefined ? {} : { device }), name, params, timeout }),
      }),
    })
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    this.#line.add(async () => {
      try {
        if (!this.#known) await this.#know()
        resolve(await work())
      } catch (error) {
        reject(error)
      }
    })
    return promise
  }

  #refusing<T>(payload: Uint8Array, source: string, work: () => Promise<T> | T): Promise<T> {
    return refusing(this.#options.deadLetters, this.#session, payload, source, work)
  }
}

/**
 * Waits for all sections. One that is refused has its dead letter and is done with; one that could not be stored keeps the
 * whole block from being acknowledged: it is sent again, and what is stored already is stored once.
 */
async function settledAll(outcomes: readonly Promise<void>[]): Promise<void> {
  const settled = await Promise.allSettled(new Set(outcomes))
  const failed = settled.find((outcome) => outcome.status === 'rejected' && !isRefusal(outcome.reason))
  if (failed?.status === 'rejected') throw failed.reason
}
