import type { Alarm } from '@millwright/contracts'
import { type Clock, DAY, HOUR, type Log, MINUTE, type Micros, type Timer } from '@millwright/foundation'
import type { Database, Sql } from '@millwright/storage'
import type { Actor, AuditLog } from '@millwright/trust'
import { watchKey } from '../watch/turn.ts'
import type { AlarmDesk } from './desk.ts'
import { alarmErrors } from './errors.ts'
import { type AlarmRow, journalLine, type Moved, shownAlarm } from './model.ts'
import type { AlarmService } from './service.ts'
import { shelfStore } from './shelf-store.ts'
import { alarmStore } from './store.ts'

export interface AlarmShelvesOptions {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly audit: AuditLog
  readonly desk: AlarmDesk
  readonly alarms: AlarmService
}

/** Nobody is to forget what they have put away. */
const LONGEST = DAY
const SHORTEST = MINUTE
/** The clock may be set meanwhile: it is looked at least so often. */
const LOOK_EVERY = HOUR

/**
 * Shelving after ISA-18.2: a standing alarm is put out of the way for a time, and so is what its rule raises on the same
 * machine meanwhile. When the time is up, it is back by itself.
 */
export class AlarmShelves {
  readonly #options: AlarmShelvesOptions
  #timer: Timer | undefined
  #looking: Promise<void> = Promise.resolve()

  constructor(options: AlarmShelvesOptions) {
    this.#options = options
  }

  /** Needs `alarm:acknowledge`. @param duration µs, at most 24 h; default: that */
  async shelve(
    actor: Actor,
    id: string,
    given: { readonly duration?: Micros; readonly comment?: string },
    ifMatch?: number,
  ): Promise<Alarm> {
    const { clock, audit } = this.#options
    const duration = given.duration ?? LONGEST
    if (duration < SHORTEST || duration > LONGEST) throw alarmErrors.shelfTime({ path: 'duration' })
    const shown = await this.#change(actor, id, ifMatch, async (sql, alarm) => {
      if (alarm.state === 'normal' || alarm.rule === null) throw alarmErrors.notToShelve()
      const since = clock.now()
      const until = since + duration
      const { tenant, rule, equipment } = alarm
      await shelfStore.put(sql, { tenant, rule, equipment, since, until, by: actor.name })
      await audit.record(actor, 'alarm.shelve', id, { comment: given.comment, alarm: alarm.message, until }, sql)
      return shelved(alarm, until, actor.name, { time: since, by: actor.name, comment: given.comment })
    })
    await this.#look()
    return shown
  }

  /** Needs `alarm:acknowledge`. */
  unshelve(actor: Actor, id: string, { comment }: { readonly comment?: string }, ifMatch?: number): Promise<Alarm> {
    const { clock, audit } = this.#options
    return this.#change(actor, id, ifMatch, async (sql, alarm) => {
      if (alarm.shelved_until === null || alarm.rule === null) throw alarmErrors.notShelved()
      await shelfStore.remove(sql, alarm.rule, alarm.equipment)
      await audit.record(actor, 'alarm.unshelve', id, { comment, alarm: alarm.message }, sql)
      return shelved(alarm, null, null, { time: clock.now(), by: actor.name, comment })
    })
  }

  /** Brings back what is due, and goes on doing so. */
  start(): Promise<void> {
    return this.#look()
  }

  async stop(): Promise<void> {
    this.#timer?.cancel()
    await this.#looking
    this.#timer?.cancel()
  }

  settled(): Promise<void> {
    return this.#looking
  }

  async #change(
    actor: Actor,
    id: string,
    ifMatch: number | undefined,
    work: (sql: Sql, alarm: AlarmRow) => Promise<Moved>,
  ): Promise<Alarm> {
    const { alarms, desk } = this.#options
    const moved = await alarms.change(actor, id, async (sql, alarm) => {
      if (ifMatch !== undefined && ifMatch !== alarm.version) throw alarmErrors.changed({ version: alarm.version })
      const next = await work(sql, alarm)
      await desk.record(sql, [next])
      return next
    })
    await desk.announce([moved])
    return shownAlarm(moved.alarm)
  }

  #look(): Promise<void> {
    this.#timer?.cancel()
    this.#looking = this.#looking
      .then(() => this.#bringBack())
      .catch((error: unknown) => {
        this.#options.log.error({ err: error }, 'shelved alarms could not be brought back; it is tried again')
        this.#wait(MINUTE)
      })
    return this.#looking
  }

  #wait(time: Micros): void {
    this.#timer?.cancel()
    this.#timer = this.#options.clock.after(Math.min(time, LOOK_EVERY), () => void this.#look())
  }

  async #bringBack(): Promise<void> {
    const { database, clock, desk } = this.#options
    const now = clock.now()
    const { tenants, next } = await database.system((sql) => shelfStore.due(sql, now))
    for (const tenant of tenants) {
      const moved = await database.tenant(tenant, async (sql) => {
        const over = await shelfStore.takeOver(sql, now)
        const standing = await alarmStore.standing(
          sql,
          over.map(({ rule }) => rule),
          over.map(({ equipment }) => equipment),
        )
        const until = new Map(over.map((shelf) => [watchKey(shelf.rule, shelf.equipment), shelf]))
        const all = standing.map((alarm) => {
          const shelf = until.get(watchKey(alarm.rule!, alarm.equipment))!
          return shelved(alarm, null, null, {
            time: now,
            by: shelf.by,
            comment: 'The time it was shelved for is over.',
          })
        })
        await desk.record(sql, all)
        return all
      })
      await desk.announce(moved)
    }
    if (next !== null) this.#wait(next - now)
  }
}

function shelved(
  alarm: AlarmRow,
  until: number | null,
  shelvedBy: string | null,
  cause: { readonly time: number; readonly by: string; readonly comment?: string | undefined },
): Moved {
  const next = { ...alarm, shelved_until: until, shelved_by: shelvedBy, version: alarm.version + 1 }
  const transition = until === null ? 'unshelved' : 'shelved'
  return { alarm: next, line: journalLine(next, transition, alarm.state, cause, cause.time) }
}
