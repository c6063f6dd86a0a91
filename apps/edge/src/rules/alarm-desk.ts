import type { BlockSection, MetricRows } from '@millwright/connectivity'
import type { Clock, Log } from '@millwright/foundation'
import { readJsonFile, replaceFile } from '../files.ts'
import type { OwnSignals } from '../readings/own.ts'
import type { AgentRules, AlarmTurn, LocalRule, LocalRules } from './local-rules.ts'

/** Names of signals have 200 characters at most. */
const NAME_CHARS = 180

/**
 * The alarms of the agent's own rules: each is a state signal of its device, `alarm/<rule>`, `active` or `normal`, with
 * the time of the reading that turned it. The engine is loaded when there is a rule.
 */
export class AlarmDesk {
  readonly #options: { readonly clock: Clock; readonly log: Log; readonly file: string }
  #rules: LocalRules | undefined
  #standing: ReadonlySet<string> = new Set()
  #saving: Promise<void> = Promise.resolve()
  /** Where turns are written to. */
  own: OwnSignals | undefined

  constructor(options: { readonly clock: Clock; readonly log: Log; readonly file: string }) {
    this.#options = options
  }

  /** Reads which alarms were on when the agent stopped. */
  async open(): Promise<void> {
    const kept = (await readJsonFile(this.#options.file)) as { active?: unknown } | undefined
    if (Array.isArray(kept?.active)) this.#standing = new Set(kept.active.filter((id) => typeof id === 'string'))
  }

  async apply(rules: AgentRules): Promise<void> {
    if (this.#rules === undefined) {
      if (rules.length === 0) return
      const { LocalRules } = await import('./local-rules.ts')
      const { clock, log } = this.#options
      this.#rules = new LocalRules({ clock, log, standing: this.#standing, onTurn: (turn) => this.#turned(turn) })
    }
    this.#rules.apply(rules)
  }

  take(section: BlockSection, rows: MetricRows): void {
    this.#rules?.take(section, rows)
  }

  get shown(): LocalRule[] {
    return this.#rules?.shown ?? []
  }

  async close(): Promise<void> {
    this.#rules?.stop()
    await this.#saving
  }

  #turned({ name, active, time }: AlarmTurn): void {
    const { log } = this.#options
    const state = active ? 'active' : 'normal'
    log.info({ rule: name, state }, 'an alarm turned')
    void this.own?.write({ [`alarm/${name.slice(0, NAME_CHARS)}`]: state }, time)
    this.#saving = this.#saving.then(() => this.#save())
  }

  async #save(): Promise<void> {
    try {
      await replaceFile(this.#options.file, `${JSON.stringify({ active: this.#rules?.active ?? [] })}\n`)
    } catch (error) {
      this.#options.log.warn({ err: error }, 'the alarms that are on could not be noted')
    }
  }
}
