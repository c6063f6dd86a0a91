import {
  type Alarm,
  type AlarmTransition,
  type BodyOf,
  type monitoringOperations,
  PRIORITIES,
  type QueryOf,
} from '@millwright/contracts'
import { type Clock, decodeCursor, encodeCursor } from '@millwright/foundation'
import type { Database, Sql } from '@millwright/storage'
import { type Actor, type AuditLog, authorize, readScopes } from '@millwright/trust'
import { mayReadAlarm } from './access.ts'
import type { AlarmDesk } from './desk.ts'
import { alarmErrors } from './errors.ts'
import { type AlarmRow, type JournalLine, journalLine, type Moved, move, shownAlarm, shownLine } from './model.ts'
import { alarmStore } from './store.ts'

type ListQuery = QueryOf<typeof monitoringOperations.listAlarms>
type JournalQuery = QueryOf<typeof monitoringOperations.listJournal>
type Comment = BodyOf<typeof monitoringOperations.acknowledgeAlarm>

export interface AlarmServiceOptions {
  readonly database: Database
  readonly clock: Clock
  readonly audit: AuditLog
  readonly desk: AlarmDesk
}

/** Alarms as people see them and answer them. */
export class AlarmService {
  readonly #options: AlarmServiceOptions

  constructor(options: AlarmServiceOptions) {
    this.#options = options
  }

  /** Critical first, then newest first; by default those that stand. */
  async list(actor: Actor, query: ListQuery): Promise<{ items: Alarm[]; next?: string }> {
    const limit = query.limit ?? 100
    const after =
      query.cursor === undefined ? undefined : decodeCursor(query.cursor, [0, 0, ''] as [number, number, string])
    const found = new Map<string, AlarmRow>()
    for (const scope of readScopes(actor, 'alarm:read')) {
      const rows = await this.#options.database.tenant(scope.tenant, (sql) =>
        alarmStore.page(sql, scope, query, after, limit + 1),
      )
      for (const row of rows) found.set(row.id, row)
    }
    const rows = [...found.values()].sort(
      (a, b) => a.rank - b.rank || b.raised_at - a.raised_at || (a.id < b.id ? 1 : -1),
    )
    const items = rows.slice(0, limit)
    const last = items.at(-1)
    const more = rows.length > limit && last !== undefined
    return {
      items: items.map(shownAlarm),
      ...(more ? { next: encodeCursor([PRIORITIES.indexOf(last.priority), last.raised_at, last.id]) } : {}),
    }
  }

  /** For the platform itself: what stands in all tenants, with what decides on who may see it. */
  async allStanding(limit = 10_000): Promise<{ alarm: Alarm; signalNames: readonly string[] }[]> {
    const rows = await this.#options.database.system((sql) => alarmStore.everyStanding(sql, limit))
    return rows.map((row) => ({ alarm: shownAlarm(row), signalNames: row.signal_names }))
  }

  async get(actor: Actor, id: string): Promise<Alarm> {
    for (const tenant of tenantsOf(actor)) {
      const row = await this.#options.database.tenant(tenant, (sql) => alarmStore.get(sql, id))
      if (row !== undefined && sees(actor, row)) return shownAlarm(row)
    }
    throw alarmErrors.unknown({ id })
  }

  acknowledge(actor: Actor, id: string, { comment }: Comment, ifMatch?: number): Promise<Alarm> {
    return this.#answer(actor, id, 'acknowledge', comment, ifMatch)
  }

  /** Lets a latched alarm go. */
  reset(actor: Actor, id: string, { comment }: Comment, ifMatch?: number): Promise<Alarm> {
    return this.#answer(actor, id, 'reset', comment, ifMatch)
  }

  /** Writes a comment into the journal, at any alarm, closed ones too. */
  async comment(actor: Actor, id: string, comment: string): Promise<AlarmTransition> {
    const { clock, audit, desk } = this.#options
    const moved = await this.change(actor, id, async (sql, alarm) => {
      const now = clock.now()
      const line = journalLine(alarm, 'commented', alarm.state, { time: now, by: actor.name, comment }, now)
      await alarmStore.journal(sql, [line])
      await audit.record(actor, 'alarm.comment', id, { comment }, sql)
      return { alarm, line }
    })
    await desk.announce([moved])
    return shownLine(moved.line)
  }

  /** Every transition, newest first; of one alarm in the order in which they came about. */
  async journal(actor: Actor, query: JournalQuery): Promise<{ items: AlarmTransition[]; next?: string }> {
    const limit = query.limit ?? 100
    const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor, [0, 0] as [number, number])
    const found = new Map<string, JournalLine & { sequence: number; comment: string | null }>()
    for (const scope of readScopes(actor, 'alarm:read')) {
      const rows = await this.#options.database.tenant(scope.tenant, (sql) =>
        alarmStore.lines(sql, scope, query, after, limit + 1),
      )
      for (const row of rows) found.set(row.id, row)
    }
    const ofOne = query.alarm !== undefined
    const rows = [...found.values()].sort((a, b) => (ofOne ? 0 : b.time - a.time) || b.sequence - a.sequence)
    const items = rows.slice(0, limit)
    const last = items.at(-1)
    return {
      items: items.map(({ sequence: _, comment, ...line }) =>
        shownLine(comment === null ? line : { ...line, comment }),
      ),
      ...(rows.length > limit && last !== undefined ? { next: encodeCursor([last.time, last.sequence]) } : {}),
    }
  }

  async #answer(
    actor: Actor,
    id: string,
    event: 'acknowledge' | 'reset',
    comment: string | undefined,
    ifMatch: number | undefined,
  ): Promise<Alarm> {
    const { clock, audit, desk } = this.#options
    const moved = await this.change(actor, id, async (sql, alarm) => {
      if (ifMatch !== undefined && ifMatch !== alarm.version) throw alarmErrors.changed({ version: alarm.version })
      const now = clock.now()
      const next = move(alarm, { event, time: now, by: actor.name, comment }, now)
      if (next === undefined) {
        const wrong = event === 'acknowledge' ? alarmErrors.notToAcknowledge : alarmErrors.notToReset
        throw wrong({ state: alarm.state === 'normal' ? 'closed' : alarm.state })
      }
      await desk.record(sql, [next])
      await audit.record(actor, `alarm.${event}`, id, { comment, alarm: alarm.message, state: next.alarm.state }, sql)
      return next
    })
    await desk.announce([moved])
    return shownAlarm(moved.alarm)
  }

  /** Changes an alarm that the actor may answer; 404 when it may not even be seen, 403 when it may only be seen. */
  async change(actor: Actor, id: string, work: (sql: Sql, alarm: AlarmRow) => Promise<Moved>): Promise<Moved> {
    const seen = await this.get(actor, id)
    return this.#options.database.tenant(seen.tenant, async (sql) => {
      const alarm = await alarmStore.lock(sql, id)
      if (alarm === undefined) throw alarmErrors.unknown({ id })
      authorize(actor, 'alarm:acknowledge', { tenant: alarm.tenant, path: alarm.path })
      return work(sql, alarm)
    })
  }
}

const sees = (actor: Actor, { tenant, path, signal_names: signalNames }: AlarmRow): boolean =>
  mayReadAlarm(actor, { tenant, path, signalNames })

/** Tenants in which the actor may read any alarm. */
const tenantsOf = (actor: Actor): Set<string> => new Set(readScopes(actor, 'alarm:read').map(({ tenant }) => tenant))
