import { type Bus, type Clock, type Log, SECOND, type Subscription } from '@millwright/foundation'
import type { DeviceCache } from '../devices/cache.ts'
import type { Connections } from '../devices/connections.ts'
import type { DeviceRow } from '../devices/model.ts'
import { connectivityErrors } from '../errors.ts'
import { type Announce, deviceOf } from '../events.ts'
import type { Limits } from '../limits/limits.ts'
import type { Cut, DeviceIdentity, DeviceSession, DeviceSessions, SessionEvents } from './model.ts'
import { LiveSession } from './session.ts'

export interface SessionOptions {
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Log
  readonly announce: Announce
  readonly cache: DeviceCache
  readonly connections: Connections
  readonly limits: Limits
  /** The device got in: it is enrolled. */
  readonly enrolled: (device: string) => Promise<void>
  /** The device was changed, and its sessions know: what was resolved for the old one is to be forgotten. */
  readonly followed: (device: string) => void
}

/** How long a revocation is remembered against sessions that were being opened meanwhile. */
const REMEMBERED = 60 * SECOND

const CUTS = {
  certificate: { code: 'certificate-revoked', reason: 'its certificate was revoked' },
  token: { code: 'token-revoked', reason: 'its access token was taken back' },
  disabled: { code: 'device-disabled', reason: 'the device was disabled' },
  removed: { code: 'device-removed', reason: 'the device was removed' },
  stopping: { code: 'platform-stopping', reason: 'the platform stopped' },
} as const satisfies Record<string, Cut>

/** All live sessions. A device is online while it has one. */
export class DeviceSessionTable implements DeviceSessions, SessionEvents {
  readonly #options: SessionOptions
  readonly #sessions = new Map<string, LiveSession[]>()
  readonly #perTenant = new Map<string, number>()
  readonly #perProtocol = new Map<string, number>()
  /** Serial, or `token:<device>` -> when it was revoked. */
  readonly #revoked = new Map<string, number>()
  readonly #opened = new Set<(session: DeviceSession) => void>()
  readonly #closed = new Set<(session: DeviceSession, reason: string) => void>()
  #events: Subscription[] = []
  #ids = 0
  count = 0

  constructor(options: SessionOptions) {
    this.#options = options
  }

  start(): void {
    const { bus } = this.#options
    this.#events = [
      bus.subscribe('millwright.certificate.revoked', (event) => {
        const { serial } = event.data as { serial?: string }
        if (serial !== undefined) this.#remember(serial)
        this.#cutWhere(
          deviceOf(event),
          (session) => session.serial !== undefined && session.serial === serial,
          CUTS.certificate,
        )
      }),
      bus.subscribe('millwright.device.token-revoked', (event) => {
        this.#remember(`token:${deviceOf(event)}`)
        this.#cutWhere(deviceOf(event), (session) => session.serial === undefined, CUTS.token)
      }),
      bus.subscribe('millwright.device.removed', (event) => this.#cutWhere(deviceOf(event), () => true, CUTS.removed)),
      bus.subscribe('millwright.device.changed', (event) => this.#follow(deviceOf(event))),
    ]
  }

  stop(): void {
    for (const subscription of this.#events) subscription.cancel()
    for (const device of [...this.#sessions.keys()]) this.#cutWhere(device, () => true, CUTS.stopping)
  }

  async open(identity: DeviceIdentity, protocol: string, address: string): Promise<DeviceSession> {
    const began = this.#options.clock.now()
    const held = this.#options.cache.peek(identity.device)
    const row = held ?? (await this.#options.cache.get(identity.device))
    this.#admit(row, identity, began)
    // IPv4 over a dual-stack socket is IPv4 to people.
    const from = address.replace(/^::ffff:(?=\d+\.)/, '')
    const session = this.#add(row!, { protocol, address: from, serial: identity.serial, through: undefined })
    if (row!.state === 'created') await this.#options.enrolled(row!.id)
    return session
  }

  /** A session of a device behind a gateway, within the gateway's own; it ends with it. */
  openBehind(gateway: DeviceSession, row: DeviceRow): DeviceSession {
    this.#admit(row, { tenant: gateway.tenant, device: row.id }, this.#options.clock.now())
    const { protocol } = gateway
    return this.#add(row, { protocol, address: `behind ${gateway.name}`, serial: undefined, through: gateway })
  }

  of(device: string): readonly LiveSession[] {
    return this.#sessions.get(device) ?? []
  }

  countOf(protocol: string): number {
    return this.#perProtocol.get(protocol) ?? 0
  }

  opened(listener: (session: DeviceSession) => void): Subscription {
    this.#opened.add(listener)
    return { cancel: () => this.#opened.delete(listener) }
  }

  closed(listener: (session: DeviceSession, reason: string) => void): Subscription {
    this.#closed.add(listener)
    return { cancel: () => this.#closed.delete(listener) }
  }

  #admit(row: DeviceRow | undefined, identity: DeviceIdentity, began: number): void {
    const { device, tenant, serial } = identity
    if (row === undefined || row.tenant !== tenant) throw connectivityErrors.deviceUnknown({ id: device })
    if (row.state === 'disabled') throw connectivityErrors.deviceDisabled({ id: device })
    const revokedAt = this.#revoked.get(serial ?? `token:${device}`)
    // A certificate never comes back; a token revoked before this connection began may have been replaced.
    if (revokedAt !== undefined && (serial !== undefined || revokedAt >= began)) {
      throw connectivityErrors.identityRevoked({ id: device })
    }
    const limit = this.#options.limits.connectionsPerTenant
    if ((this.#perTenant.get(tenant) ?? 0) >= limit) throw connectivityErrors.tooManyConnections({ limit })
  }

  #add(
    row: DeviceRow,
    line: { protocol: string; address: string; serial: string | undefined; through: DeviceSession | undefined },
  ): LiveSession {
    const now = this.#options.clock.now()
    const session = new LiveSession(++this.#ids, row, { ...line, now }, (closing, reason) =>
      this.#remove(closing, reason),
    )
    const others = this.#sessions.get(row.id)
    if (others === undefined) this.#sessions.set(row.id, [session])
    else others.push(session)
    this.count++
    count(this.#perTenant, session.tenant, 1)
    count(this.#perProtocol, session.protocol, 1)
    if (others === undefined) {
      const { protocol, address } = session
      this.#options.connections.set(row.id, {
        tenant: row.tenant,
        state: 'online',
        protocol,
        address,
        since: now,
        reason: null,
      })
      this.#tell('device.connected', session, { protocol, address })
    }
    for (const listener of this.#opened) listener(session)
    return session
  }

  #remove(session: LiveSession, reason: string): void {
    const rest = this.of(session.device).filter((other) => other !== session)
    if (rest.length === 0) this.#sessions.delete(session.device)
    else this.#sessions.set(session.device, rest)
    this.count--
    count(this.#perTenant, session.tenant, -1)
    count(this.#perProtocol, session.protocol, -1)
    if (rest.length === 0) {
      const { tenant, protocol, address } = session
      const since = this.#options.clock.now()
      this.#options.connections.set(session.device, { tenant, state: 'offline', protocol, address, since, reason })
      this.#tell('device.disconnected', session, { reason })
    }
    for (const listener of this.#closed) listener(session, reason)
  }

  #cutWhere(device: string, which: (session: LiveSession) => boolean, cut: Cut): void {
    for (const session of this.of(device)) {
      // A device behind a gateway has no credential of its own: it goes with the gateway's session.
      if (session.through !== undefined && cut.code !== 'device-removed' && cut.code !== 'device-disabled') continue
      if (which(session)) session.cut(cut)
    }
  }

  async #follow(device: string): Promise<void> {
    if (this.of(device).length === 0) return
    this.#options.cache.drop(device)
    const row = await this.#options.cache.get(device)
    if (row === undefined) return
    if (row.state === 'disabled') this.#cutWhere(device, () => true, CUTS.disabled)
    for (const session of this.of(device)) session.follow(row)
    this.#options.followed(device)
  }

  #remember(what: string): void {
    const now = this.#options.clock.now()
    for (const [other, at] of this.#revoked) {
      if (now - at < REMEMBERED) break
      this.#revoked.delete(other)
    }
    this.#revoked.delete(what)
    this.#revoked.set(what, now)
  }

  #tell(type: 'device.connected' | 'device.disconnected', session: LiveSession, data: object): void {
    this.#options.announce(type, session.tenant, session.device, data).catch((error: unknown) => {
      this.#options.log.error({ err: error, device: session.device }, 'a connection event could not be published')
    })
  }
}

function count(counts: Map<string, number>, key: string, by: number): void {
  const next = (counts.get(key) ?? 0) + by
  if (next === 0) counts.delete(key)
  else counts.set(key, next)
}
