import type { Clock, Log, Micros } from '@millwright/foundation'
import type { Database, Sql } from '@millwright/storage'
import type { RunningRule } from '../watch/running-rule.ts'

/** What ended a rule while it ran. */
export interface RuleFault {
  readonly words: string
  /** The platform's time. */
  readonly since: Micros
}

export interface RuleFaultsOptions {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
}

/** Remembers rules that failed, so that one that is too slow is not let loose again by every restart. */
export class RuleFaults {
  readonly #options: RuleFaultsOptions
  #writing: Promise<void> = Promise.resolve()

  constructor(options: RuleFaultsOptions) {
    this.#options = options
  }

  /** Of enabled rules, as they stand now, by the rule's id. */
  async all(): Promise<ReadonlyMap<string, RuleFault>> {
    const rows = await this.#options.database.system((sql) =>
      sql.query<{ rule: string; words: string; time: number }>(
        `select rule, words, time from rule_faults join rules on rules.id = rule
          where rules.enabled and rules.version = rule_faults.version`,
      ),
    )
    return new Map(rows.map(({ rule, words, time }) => [rule, { words, since: time }]))
  }

  /** Returns at once; `settled` resolves when it is written. */
  note({ id, tenant, version }: RunningRule, { words, since }: RuleFault): void {
    const { database, log } = this.#options
    const write = (sql: Sql) =>
      sql.query(
        `insert into rule_faults (rule, tenant, version, time, words)
          select id, tenant, $2, $3, $4 from rules where id = $1
          on conflict (rule) do update set version = excluded.version, time = excluded.time, words = excluded.words`,
        [id, version, since, words],
      )
    this.#writing = this.#writing
      .then(() => database.tenant(tenant, write))
      .then(
        () => undefined,
        (error: unknown) => log.error({ err: error, rule: id }, 'the fault of a rule could not be written down'),
      )
  }

  settled(): Promise<void> {
    return this.#writing
  }
}
