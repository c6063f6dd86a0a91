import { type Clock, type Log, MINUTE, SECOND, type Timer } from '@millwright/foundation'
import type { Database } from '@millwright/storage'
import type { Announce } from '../events.ts'
import type { CommandState } from './model.ts'
import { type CommandRow, commandStore } from './store.ts'

export interface EndingOptions {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly announce: Announce
  /** Told of each end, after it is durable. */
  readonly ended?: (row: CommandRow, outcome: Outcome) => void
}

/** How a command ends. */
export interface Outcome {
  readonly state: CommandState
  readonly result?: unknown
  readonly error?: string
}

/** Ends commands, each once: by an answer, by cancelling, or by the timer that every open command has. */
export class Endings {
  readonly #options: EndingOptions
  readonly #timers = new Map<string, Timer>()

  constructor(options: EndingOptions) {
    this.#options = options
  }

  stop(): void {
    for (const timer of this.#timers.values()) timer.cancel()
    this.#timers.clear()
  }

  /** Sets the timer that ends an open command: its expiry while queued, its time-out once sent. */
  watchOver(row: CommandRow): void {
    const { clock, log } = this.#options
    this.#timers.get(row.id)?.cancel()
    const sent = row.state === 'sent'
    const due = sent ? row.sentAt! + row.timeout : row.expiresAt
    const outcome: Outcome = sent
      ? { state: 'timed-out', error: `no answer within ${row.timeout / SECOND} s` }
      : { state: 'expired', error: 'the device was not there in time' }
    const timer = clock.after(Math.max(0, due - clock.now()), () => {
      this.finish(row, [row.state], outcome).catch((error: unknown) => {
        log.error(
          { err: error, command: row.id },
          'the end of a command could not be recorded; tried again in a minute',
        )
        this.#timers.set(
          row.id,
          clock.after(MINUTE, () => this.watchOver(row)),
        )
      })
    })
    this.#timers.set(row.id, timer)
  }

  /** @returns false when somebody else ended it first */
  async finish(row: CommandRow, from: readonly CommandState[], outcome: Outcome): Promise<boolean> {
    const { database, clock, announce } = this.#options
    const sentAt = row.state === 'sent' ? row.sentAt : null
    const done = await database.tenant(row.tenant, (sql) =>
      commandStore.move(sql, row.id, from, { ...outcome, sentAt, finishedAt: clock.now() }),
    )
    if (done === undefined) return false
    this.#timers.get(row.id)?.cancel()
    this.#timers.delete(row.id)
    this.#options.ended?.(row, outcome)
    await announce('command.finished', row.tenant, row.device, {
      command: row.id,
      name: row.name,
      state: outcome.state,
    })
    return true
  }
}
