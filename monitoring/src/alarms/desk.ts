import type { Alarm, AlarmTransition } from '@millwright/contracts'
import type { Bus, Clock, Log } from '@millwright/foundation'
import type { Database, Sql } from '@millwright/storage'
import { type ConditionTurn, type TurnSink, type WatchEnd, watchKey } from '../watch/turn.ts'
import { type AlarmRow, type Moved, move, newAlarm, raisedAnew, shownAlarm, shownLine } from './model.ts'
import { type Shelf, shelfStore } from './shelf-store.ts'
import { alarmStore } from './store.ts'

/** Data of `millwright.alarm.transition`. */
export interface AlarmMoved {
  readonly alarm: Alarm
  readonly transition: AlarmTransition
  /** Names of every signal it tells of: `mayReadAlarm` asks for them. */
  readonly signalNames: readonly string[]
}

type Told = ConditionTurn | WatchEnd

/** Turns written in one transaction. */
const TOGETHER = 1000
/** µs until what could not be written is tried again. */
const RETRY = 500_000
/** Tries before it is asked whether the database or the turn is to blame. */
const TRIES = 3
/** Turns that may wait while the database is away; beyond, only the last of each rule and machine is kept. */
const WAITING = 50_000

export interface DeskOptions {
  readonly database: Database
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Log
}

/**
 * Turns of conditions become alarms. They are written in the order in which they were told, many in one transaction when
 * many come at once, and announced on the bus only when they are durable. What cannot be written waits and is tried
 * again.
 */
export class AlarmDesk implements TurnSink {
  readonly #options: DeskOptions
  #waiting: Told[] = []
  #work: Promise<void> | undefined
  #stopped = false

  constructor(options: DeskOptions) {
    this.#options = options
  }

  tell(turns: readonly Told[]): void {
    for (const turn of turns) this.#waiting.push(turn)
    if (this.#waiting.length > WAITING) this.#waiting = lastOfEach(this.#waiting)
    this.#begin()
  }

  /** Resolves when everything told is written and announced. */
  async settled(): Promise<void> {
    while (this.#work !== undefined) await this.#work
  }

  /** Writes what waits, then takes no more. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.settled()
  }

  /** Writes moved alarms and their journal within a transaction; announce them with `announce` after it. */
  async record(sql: Sql, moved: readonly Moved[]): Promise<void> {
    if (moved.length === 0) return
    const last = new Map(moved.map(({ alarm }) => [alarm.id, alarm]))
    await alarmStore.save(sql, [...last.values()])
    await alarmStore.journal(
      sql,
      moved.map(({ line }) => line),
    )
  }

  /** Tells the platform of transitions that are durable. */
  async announce(moved: readonly Moved[]): Promise<void> {
    for (const { alarm, line } of moved) {
      await this.#options.bus.publish({
        id: line.id,
        type: 'millwright.alarm.transition',
        source: 'monitoring/alarms',
        subject: alarm.id,
        tenant: alarm.tenant,
        time: this.#options.clock.now(),
        data: {
          alarm: shownAlarm(alarm),
          transition: shownLine(line),
          signalNames: alarm.signal_names,
        } satisfies AlarmMoved,
      })
    }
  }

  #begin(): void {
    if (this.#waiting.length === 0) return
    this.#work ??= this.#write()
      .catch((error: unknown) => this.#options.log.error({ err: error }, 'alarm transitions could not be announced'))
      .finally(() => {
        this.#work = undefined
        // What was told after the last look, or left by a failure.
        this.#begin()
      })
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const turns = this.#waiting.splice(0, TOGETHER)
      for (const [tenant, some] of byTenant(turns)) {
        const moved = await this.#writeFor(tenant, some)
        await this.announce(moved)
      }
    }
  }

  async #writeFor(tenant: string, turns: readonly Told[]): Promise<readonly Moved[]> {
    const { database, clock, log } = this.#options
    for (let attempt = 1; ; attempt++) {
      try {
        return await database.tenant(tenant, (sql) => this.#apply(sql, turns))
      } catch (error) {
        if (this.#stopped) {
          log.error(
            { err: error, tenant, turns: turns.length },
            'alarms could not be written before the stop; the next start finds them',
          )
          return []
        }
        log.warn({ err: error, tenant, attempt, turns: turns.length }, 'alarms could not be written; trying again')
        // When the database answers, it is one of the turns that can never be written: it must not hold up the others.
        if (attempt % TRIES === 0 && (await this.#answers(tenant))) {
          if (turns.length > 1) return this.#writeApart(tenant, turns)
          log.error(
            { err: error, tenant, turn: turns[0]?.turn },
            'an alarm transition cannot be written and is left out',
          )
          return []
        }
        await new Promise<void>((resolve) => clock.after(RETRY, resolve))
      }
    }
  }

  async #answers(tenant: string): Promise<boolean> {
    try {
      await this.#options.database.tenant(tenant, (sql) => sql.query('select 1'))
      return true
    } catch {
      // That it does not is the answer; why stands in the log already.
      return false
    }
  }

  async #writeApart(tenant: string, turns: readonly Told[]): Promise<readonly Moved[]> {
    const moved: Moved[] = []
    for (const turn of turns) moved.push(...(await this.#writeFor(tenant, [turn])))
    return moved
  }

  async #apply(sql: Sql, turns: readonly Told[]): Promise<readonly Moved[]> {
    const now = this.#options.clock.now()
    const rules = turns.map((turn) => ruleOf(turn))
    const equipment = turns.map((turn) => equipmentOf(turn))
    const standing = new Map<string, AlarmRow>()
    for (const alarm of await alarmStore.standing(sql, rules, equipment)) {
      standing.set(watchKey(alarm.rule!, alarm.equipment), alarm)
    }
    const shelves = new Map<string, Shelf>()
    for (const shelf of await shelfStore.of(sql, rules, equipment, now)) {
      shelves.set(watchKey(shelf.rule, shelf.equipment), shelf)
    }
    const all: Moved[] = []
    for (const turn of turns) {
      const key = watchKey(ruleOf(turn), equipmentOf(turn))
      const moved = moveBy(turn, standing.get(key), shelves.get(key), now)
      if (moved === undefined) continue
      all.push(moved)
      if (moved.alarm.state === 'normal') standing.delete(key)
      else standing.set(key, moved.alarm)
    }
    await this.record(sql, all)
    return all
  }
}

/** What a turn does to the alarm that stands (if one does); undefined: nothing, as when it is told twice. */
function moveBy(turn: Told, alarm: AlarmRow | undefined, shelf: Shelf | undefined, now: number): Moved | undefined {
  if (turn.turn === 'ended') {
    return alarm === undefined
      ? undefined
      : move(alarm, { event: 'close', time: now, by: alarm.rule_name, comment: turn.reason }, now)
  }
  const { rule, time, chattering } = turn
  const by = rule.name
  if (turn.turn === 'returned') {
    return alarm === undefined ? undefined : move(alarm, { event: 'return', time, by, latching: rule.latching }, now)
  }
  const comment =
    chattering > 0
      ? `Chattering: raised ${chattering} times within a minute; it is held for 30 s after each.`
      : undefined
  if (alarm === undefined) return move(newAlarm(turn, now, shelf), { event: 'raise', time, by, comment }, now)
  const moved = move(alarm, { event: 'raise', time, by, comment }, now)
  if (moved === undefined) return undefined
  const anew = raisedAnew(moved.alarm, turn)
  return { alarm: anew, line: { ...moved.line, message: anew.message } }
}

const ruleOf = (turn: Told): string => (turn.turn === 'ended' ? turn.rule : turn.rule.id)
const equipmentOf = (turn: Told): string => (turn.turn === 'ended' ? turn.equipment : turn.equipment.id)
const tenantOf = (turn: Told): string => (turn.turn === 'ended' ? turn.tenant : turn.rule.tenant)

function byTenant(turns: readonly Told[]): Map<string, Told[]> {
  const groups = new Map<string, Told[]>()
  for (const turn of turns) {
    const group = groups.get(tenantOf(turn))
    if (group === undefined) groups.set(tenantOf(turn), [turn])
    else group.push(turn)
  }
  return groups
}

/** The last turn of each rule and machine, in order: enough to be right about what stands. */
function lastOfEach(turns: readonly Told[]): Told[] {
  const last = new Map<string, Told>()
  for (const turn of turns) {
    const key = watchKey(ruleOf(turn), equipmentOf(turn))
    last.delete(key)
    last.set(key, turn)
  }
  return [...last.values()]
}
