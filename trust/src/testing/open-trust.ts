import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Bus, createBus, createLog, newId, type PlatformEvent } from '@millwright/foundation'
import { VirtualClock } from '@millwright/foundation/testing'
import type { Database, Migration } from '@millwright/storage'
import { memoryDatabase } from '@millwright/storage/testing'
import type { Actor } from '../actor.ts'
import { trustMigrations } from '../migrations.ts'
import { createTrust, type Trust, type TrustOptions } from '../trust.ts'
import { TestDevices, TestTree } from './trees.ts'

export interface TestTrust {
  readonly trust: Trust
  readonly database: Database
  readonly clock: VirtualClock
  readonly bus: Bus
  /** Everything that was announced, in order. */
  readonly events: PlatformEvent[]
  readonly tree: TestTree
  readonly devices: TestDevices
  readonly directory: string
  /** The first tenant's id. */
  readonly tenant: string
  /** The first administrator's one-time link. */
  readonly link: string
  /** The first administrator, signed in with `PASSWORD`, as the server would have them. */
  administrator(): Promise<Actor>
  /** Opens trust again on the same database and directory, as after a restart. */
  reopen(options?: Partial<TrustOptions>): Promise<Trust>
  close(): Promise<void>
}

export const PASSWORD = 'correct horse battery staple'
export const ADDRESS = '192.0.2.10'

/** The whole stage on a real PostgreSQL in memory, a virtual clock and a directory of its own. */
export async function openTestTrust(
  options: Partial<TrustOptions> & { readonly migrations?: readonly Migration[] } = {},
): Promise<TestTrust> {
  const database = options.database ?? (await memoryDatabase([...trustMigrations, ...(options.migrations ?? [])]))
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'millwright-trust-')))
  // Certificates are checked by TLS against the machine's clock: the virtual one starts from there.
  const clock = new VirtualClock(Date.now() * 1000)
  const log = createLog({ level: 'silent' })
  const bus = createBus(log)
  const events: PlatformEvent[] = []
  bus.subscribe('*', (event) => void events.push(event))
  const tree = new TestTree()
  const devices = new TestDevices()
  const opened: Trust[] = []
  const open = async (changed: Partial<TrustOptions> = {}) => {
    const trust = await createTrust({
      database,
      bus,
      clock,
      log,
      directory,
      publicUrl: 'https://plant.example:8080',
      assetPaths: tree,
      devicePlaces: devices,
      ...options,
      ...changed,
    })
    opened.push(trust)
    return trust
  }
  const trust = await open()
  const first = await trust.firstStart()
  const link = first.link ?? ''
  let administrator: Promise<Actor> | undefined
  return {
    trust,
    database,
    clock,
    bus,
    events,
    tree,
    devices,
    directory,
    tenant: first.tenant.id,
    link,
    administrator() {
      administrator ??= signInByLink(trust, link)
      return administrator
    },
    reopen: open,
    async close() {
      for (const each of opened) await each.stop()
      await bus.close()
      await database.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** Follows a one-time link and sets `PASSWORD`. */
export async function signInByLink(trust: Trust, link: string, password: string = PASSWORD): Promise<Actor> {
  const token = link.split('#')[1] ?? ''
  const opened = await trust.sessions.signInByLink({ token, address: ADDRESS })
  const { secret } = await trust.sessions.setPassword({ secret: opened.secret, next: password, address: ADDRESS })
  const { actor } = await trust.authenticate({ cookie: `__Host-millwright=${secret}`, method: 'GET', address: ADDRESS })
  return actor
}

/** A new person in the actor's tenant who holds one built-in role, signed in. */
export async function person(
  trust: Trust,
  by: Actor,
  given: { role?: string; node?: string | null; email?: string; name?: string } = {},
): Promise<Actor> {
  const { user, link } = await trust.users.invite(by, {
    email: given.email ?? `${newId('usr')}@plant.example`,
    name: given.name ?? 'Somebody',
  })
  if (given.role !== undefined) {
    const role = (await trust.roles.list(by)).find(({ name }) => name === given.role)
    if (role === undefined) throw new Error(`no role named ${given.role}`)
    await trust.roles.grant(by, { user: user.id, role: role.id, node: given.node ?? null })
  }
  return signInByLink(trust, link)
}
