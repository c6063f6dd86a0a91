import { type Clock, type Log, MILLISECOND, type Micros, SECOND, type Timer } from '@millwright/foundation'
import type { Database, Sql } from '@millwright/storage'

/** What is known of a device's connection. */
interface Change {
  readonly tenant: string
  readonly state: 'online' | 'offline'
  readonly protocol: string
  readonly address: string
  readonly since: Micros
  readonly reason: string | null
}

const SOON = 200 * MILLISECOND
const MESSAGE_TIMES = 10 * SECOND
/** After the database failed. */
const TRY_AGAIN = 5 * SECOND
const PER_STATEMENT = 500

export const CRASHED = 'the platform ended while the device was connected'

/**
 * Connection states in the database: written together, shortly after they change (ten thousand devices come back at once
 * after a restart), and the times of the last messages every ten seconds.
 */
export class Connections {
  readonly #database: Database
  readonly #clock: Clock
  readonly #log: Log
  #changes = new Map<string, Change>()
  #heard = new Map<string, Micros>()
  #timer: Timer | undefined
  #messageTimer: Timer | undefined
  /** The last write; never rejects. */
  #writing: Promise<void> = Promise.resolve()

  constructor(options: { database: Database; clock: Clock; log: Log }) {
    this.#database = options.database
    this.#clock = options.clock
    this.#log = options.log
  }

  /** Who was online when the platform last ended is not any more. */
  async start(): Promise<void> {
    const now = this.#clock.now()
    await this.#database.system((sql) =>
      sql.query("update device_connections set state = 'offline', since = $1, reason = $2 where state = 'online'", [
        now,
        CRASHED,
      ]),
    )
  }

  async stop(): Promise<void> {
    await this.flush()
  }

  set(device: string, change: Change): void {
    this.#changes.set(device, change)
    this.#timer ??= this.#clock.after(SOON, () => this.#flushLogged())
  }

  /** A message came. Called for each one: a store into a map. */
  heard(device: string, at: Micros): void {
    this.#heard.set(device, at)
    this.#messageTimer ??= this.#clock.after(MESSAGE_TIMES, () => this.#flushLogged())
  }

  forget(device: string): void {
    this.#changes.delete(device)
    this.#heard.delete(device)
  }

  /** Resolves when everything known by now is in the database. */
  flush(): Promise<void> {
    this.#timer?.cancel()
    this.#messageTimer?.cancel()
    this.#timer = undefined
    this.#messageTimer = undefined
    if (this.#changes.size === 0 && this.#heard.size === 0) return this.#writing
    const changes = [...this.#changes]
    const heard = [...this.#heard]
    this.#changes = new Map()
    this.#heard = new Map()
    const write = () =>
      this.#database.system(async (sql) => {
        for (let i = 0; i < changes.length; i += PER_STATEMENT)
          await writeStates(sql, changes.slice(i, i + PER_STATEMENT))
        for (let i = 0; i < heard.length; i += PER_STATEMENT) await writeTimes(sql, heard.slice(i, i + PER_STATEMENT))
      })
    const done = this.#writing.then(write)
    this.#writing = done.catch(() => {
      // Told to whoever flushed. What came since is newer; the rest is tried again with the next write.
      for (const [device, change] of changes) if (!this.#changes.has(device)) this.#changes.set(device, change)
      this.#timer ??= this.#clock.after(TRY_AGAIN, () => this.#flushLogged())
    })
    return done
  }

  #flushLogged(): void {
    this.flush().catch((error: unknown) => this.#log.error({ err: error }, 'connection states could not be written'))
  }
}

/** Devices that were removed meanwhile have no row to go to: they are left out. */
async function writeStates(sql: Sql, changes: readonly (readonly [string, Change])[]): Promise<void> {
  const column = <K extends keyof Change>(name: K) => changes.map(([, change]) => change[name])
  await sql.query(
    `insert into device_connections (device, tenant, state, protocol, address, since, reason)
     select n.* from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[])
       as n (device, tenant, state, protocol, address, since, reason) join devices on devices.id = n.device
     on conflict (device) do update set state = excluded.state, protocol = excluded.protocol, address = excluded.address,
       since = excluded.since, reason = excluded.reason`,
    [
      changes.map(([device]) => device),
      column('tenant'),
      column('state'),
      column('protocol'),
      column('address'),
      column('since'),
      column('reason'),
    ],
  )
}

async function writeTimes(sql: Sql, heard: readonly (readonly [string, Micros])[]): Promise<void> {
  await sql.query(
    `update device_connections c set last_message_at = n.at
     from unnest($1::text[], $2::bigint[]) as n (device, at) where c.device = n.device`,
    [heard.map(([device]) => device), heard.map(([, at]) => at)],
  )
}
