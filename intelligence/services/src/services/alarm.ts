import { MillwrightError } from '@millwright/foundation'
import { systemActor } from '@millwright/trust'
import type { Settings } from '../kinds/kind.ts'
import { kindOf } from '../kinds/kinds.ts'
import type { OutputSignals } from '../outputs/signals.ts'
import type { Platform } from '../ports.ts'
import type { ServiceRow } from './model.ts'

/** The rule that a service owns: it turns what the service finds into alarms. */
export class ServiceAlarm {
  readonly #rules: Platform['rules']
  readonly #outputs: OutputSignals

  constructor({ rules, outputs }: { readonly rules: Platform['rules']; readonly outputs: OutputSignals }) {
    this.#rules = rules
    this.#outputs = outputs
  }

  /** Makes the rule that the service's choice asks for, or takes it away. @returns its id */
  async put(row: ServiceRow, settings: Settings = row.settings): Promise<string | null> {
    const wanted = kindOf(row.kind)?.alarm?.(settings)
    if (row.alarm === null || wanted === undefined) {
      await this.remove(row)
      return null
    }
    const actor = systemActor(row.tenant, 'AI services')
    const of = (output: string) => `signal(${JSON.stringify(this.#outputs.nameOf(row, output))})`
    const body = {
      name: row.name,
      description: `Made by the AI service "${row.name}", which keeps it up to date.`,
      equipment: row.equipment,
      condition: wanted.condition(of),
      clearCondition: wanted.clearCondition?.(of) ?? null,
      onDelay: row.alarm.onDelay ?? 0,
      priority: row.alarm.priority,
      message: wanted.message.replace(/\{([^{}]+)\}/g, (_, output: string) => `{${this.#outputs.nameOf(row, output)}}`),
      response: wanted.response,
      enabled: true,
    }
    const put = (name: string) =>
      row.rule === null
        ? this.#rules.create(actor, { ...body, name })
        : this.#rules.update(actor, row.rule, { ...body, name })
    try {
      return (await put(body.name)).id
    } catch (error) {
      if (!(error instanceof MillwrightError) || error.status !== 409) throw error
      return (await put(`${body.name} (AI service)`)).id
    }
  }

  /** Its standing alarm closes; it is put back by publishing. */
  async disable(row: ServiceRow): Promise<void> {
    if (row.rule === null) return
    await ifThere(() => this.#rules.update(systemActor(row.tenant, 'AI services'), row.rule!, { enabled: false }))
  }

  async remove(row: ServiceRow): Promise<void> {
    if (row.rule === null) return
    await ifThere(() => this.#rules.remove(systemActor(row.tenant, 'AI services'), row.rule!))
  }
}

/** A person may have deleted the rule already. */
async function ifThere(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof MillwrightError) || error.status !== 404) throw error
  }
}
