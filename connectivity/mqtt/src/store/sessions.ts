import { filterMatches } from '@millwright/connectivity'
import type { Micros } from '@millwright/foundation'
import type { StoreFile } from './file.ts'

type QoS = 0 | 1 | 2

/** Whose session it is. */
export interface SessionOwner {
  readonly tenant: string
  readonly device: string
}

interface Known {
  readonly owner: SessionOwner
  /** Filter as the device sees it -> granted QoS. */
  readonly filters: Map<string, QoS>
}

/** Persistent sessions and their subscriptions: on disk, and in memory for matching. */
export class SessionTable {
  readonly #file: StoreFile
  readonly #sessions = new Map<string, Known>()
  readonly #byDevice = new Map<string, Set<string>>()

  constructor(file: StoreFile) {
    this.#file = file
    for (const row of file.all<SessionOwner & { id: string }>('select id, tenant, device from session')) {
      this.#remember(row.id, { tenant: row.tenant, device: row.device })
    }
    const filters = 'select session, filter, qos from subscription'
    for (const row of file.all<{ session: string; filter: string; qos: QoS }>(filters)) {
      this.#sessions.get(row.session)?.filters.set(row.filter, row.qos)
    }
  }

  get size(): number {
    return this.#sessions.size
  }

  owner(id: string): SessionOwner | undefined {
    return this.#sessions.get(id)?.owner
  }

  /** Begins or resumes a session. */
  open(id: string, owner: SessionOwner): void {
    this.#file.run(
      'insert into session (id, tenant, device) values (?, ?, ?) on conflict (id) do update set ended_at = null',
      id,
      owner.tenant,
      owner.device,
    )
    if (!this.#sessions.has(id)) this.#remember(id, owner)
  }

  /** The connection ended; the session stays. */
  leave(id: string, now: Micros): void {
    this.#file.run('update session set ended_at = ? where id = ?', now, id)
  }

  /** After a crash nobody is connected: absent from now on. */
  leaveAll(now: Micros): void {
    this.#file.run('update session set ended_at = ? where ended_at is null', now)
  }

  drop(id: string): void {
    const known = this.#sessions.get(id)
    if (known === undefined) return
    this.#file.transaction(() => {
      for (const table of ['subscription', 'queued', 'received']) {
        this.#file.run(`delete from ${table} where session = ?`, id)
      }
      this.#file.run('delete from session where id = ?', id)
    })
    this.#sessions.delete(id)
    const others = this.#byDevice.get(known.owner.device)
    others?.delete(id)
    if (others?.size === 0) this.#byDevice.delete(known.owner.device)
  }

  /** Sessions that have been absent since before `before`. */
  absentSince(before: Micros): string[] {
    return this.#file
      .all<{ id: string }>('select id from session where ended_at is not null and ended_at < ?', before)
      .map((row) => row.id)
  }

  /** Absent sessions of a device, longest absent first. */
  absentOf(device: string): string[] {
    return this.#file
      .all<{ id: string }>('select id from session where device = ? and ended_at is not null order by ended_at', device)
      .map((row) => row.id)
  }

  of(device: string): readonly string[] {
    return [...(this.#byDevice.get(device) ?? [])]
  }

  filters(id: string): ReadonlyMap<string, QoS> {
    return this.#sessions.get(id)?.filters ?? new Map()
  }

  subscribe(id: string, filter: string, qos: QoS): void {
    this.#file.run(
      'insert into subscription (session, filter, qos) values (?, ?, ?) on conflict do update set qos = excluded.qos',
      id,
      filter,
      qos,
    )
    this.#sessions.get(id)?.filters.set(filter, qos)
  }

  unsubscribe(id: string, filter: string): void {
    this.#file.run('delete from subscription where session = ? and filter = ?', id, filter)
    this.#sessions.get(id)?.filters.delete(filter)
  }

  /** Sessions of the device that want the topic at QoS 1 or 2, with the best QoS each was granted. */
  wanting(device: string, topic: string): { id: string; qos: 1 | 2 }[] {
    const wanting: { id: string; qos: 1 | 2 }[] = []
    for (const id of this.#byDevice.get(device) ?? []) {
      const qos = grantedQos(this.filters(id), topic)
      if (qos !== undefined && qos > 0) wanting.push({ id, qos: qos as 1 | 2 })
    }
    return wanting
  }

  received(id: string): number[] {
    return this.#file
      .all<{ packet_id: number }>('select packet_id from received where session = ?', id)
      .map((row) => row.packet_id)
  }

  addReceived(id: string, packetId: number): void {
    if (this.#sessions.has(id)) {
      this.#file.run('insert or ignore into received (session, packet_id) values (?, ?)', id, packetId)
    }
  }

  removeReceived(id: string, packetId: number): void {
    this.#file.run('delete from received where session = ? and packet_id = ?', id, packetId)
  }

  #remember(id: string, owner: SessionOwner): void {
    this.#sessions.set(id, { owner, filters: new Map() })
    const others = this.#byDevice.get(owner.device)
    if (others === undefined) this.#byDevice.set(owner.device, new Set([id]))
    else others.add(id)
  }
}

/** The highest QoS that any matching filter was granted [MQTT-3.3.5-1]; undefined when none matches. */
export function grantedQos(filters: ReadonlyMap<string, QoS>, topic: string): QoS | undefined {
  let best: QoS | undefined
  for (const [filter, qos] of filters) {
    if ((best === undefined || qos > best) && filterMatches(filter, topic)) best = qos
  }
  return best
}
