import { DAY, type Micros } from '@millwright/foundation'
import type { MqttLimits } from '../config.ts'
import { StoreFile } from './file.ts'
import { type Dropped, QueueTable } from './queue.ts'
import { RetainedTable } from './retained.ts'
import { type SessionOwner, SessionTable } from './sessions.ts'

/** All that outlives a connection. */
export class SessionStore {
  readonly sessions: SessionTable
  readonly queue: QueueTable
  readonly retained: RetainedTable
  readonly #file: StoreFile
  readonly #limits: MqttLimits

  /** @param directory where the file lies; undefined: in memory @param now the time of this start */
  constructor(directory: string | undefined, limits: MqttLimits, now: Micros, dropped: Dropped) {
    this.#file = new StoreFile(directory, now)
    this.#limits = limits
    this.sessions = new SessionTable(this.#file)
    this.queue = new QueueTable(this.#file, limits, dropped)
    this.retained = new RetainedTable(this.#file, limits.retainedMessages)
    this.sessions.leaveAll(now)
    this.expire(now)
  }

  /** Where a damaged file was put aside at this start. */
  get damaged(): string | undefined {
    return this.#file.damaged
  }

  /** A whole copy as of now. @param file must not exist */
  copyTo(file: string): void {
    this.#file.copyTo(file)
  }

  /** A persistent session begins or goes on. */
  open(session: string, owner: SessionOwner): void {
    const { device } = owner
    const absent = this.sessions.absentOf(device).filter((other) => other !== session)
    const others = this.sessions.of(device).filter((other) => other !== session).length
    const tooMany = Math.max(0, others + 1 - this.#limits.sessionsPerDevice)
    for (const other of absent.slice(0, tooMany)) this.drop(other)
    this.sessions.open(session, owner)
  }

  drop(session: string): void {
    this.sessions.drop(session)
    this.queue.forget(session)
  }

  /** Drops sessions absent for longer than they are kept. @returns how many */
  expire(now: Micros): number {
    const gone = this.sessions.absentSince(now - this.#limits.sessionDays * DAY)
    for (const session of gone) this.drop(session)
    return gone.length
  }

  /** The device is removed: nothing of it stays. */
  forget(device: string): void {
    for (const session of this.sessions.of(device)) this.drop(session)
    this.retained.forget(device)
  }

  close(): void {
    this.#file.close()
  }
}
