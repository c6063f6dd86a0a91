import { serviceErrors } from '../errors.ts'
import type { ServiceKind, Settings } from '../kinds/kind.ts'
import type { OutputSignals } from '../outputs/signals.ts'
import type { Platform } from '../ports.ts'
import type { ServiceRow } from '../services/model.ts'
import { candidatesOf, namedSignal } from './inputs.ts'

/** Checks what settings name against what the equipment has. */
export class InputCheck {
  readonly #options: Pick<Platform, 'database' | 'plant'> & { readonly outputs: OutputSignals }

  constructor(options: Pick<Platform, 'database' | 'plant'> & { readonly outputs: OutputSignals }) {
    this.#options = options
  }

  /** @throws MW-SERVICE-0026 for a name that is not there, -0027 when the service would read what is made from its own results */
  async check(
    service: Pick<ServiceRow, 'id' | 'tenant' | 'equipment'>,
    kind: ServiceKind,
    settings: Settings,
  ): Promise<void> {
    const { plant, outputs } = this.#options
    const named = (name: string) => namedSignal({ plant }, kind, service.equipment, name)
    const names = kind.inputs(settings, candidatesOf({ plant, writers: outputs.writers }, service.equipment))
    const sources = new Set<string>()
    for (const name of names) {
      const facts = named(name)
      if (facts === undefined) throw serviceErrors.inputMissing({ name, path: 'settings' })
      const writer = outputs.writers.get(facts.id)
      if (writer === service.id) throw serviceErrors.inputCircle({ name, path: 'settings' })
      if (writer !== undefined) sources.add(writer)
    }
    if (sources.size > 0 && (await this.#reaches(service, sources)))
      throw serviceErrors.inputCircle({
        name: names.find((name) => outputs.writers.has(named(name)!.id)),
        path: 'settings',
      })
  }

  /** Whether any of these services reads, over others or itself, what this one writes. */
  async #reaches({ id, tenant }: Pick<ServiceRow, 'id' | 'tenant'>, sources: ReadonlySet<string>): Promise<boolean> {
    const { database, outputs } = this.#options
    const rows = await database.tenant(tenant, (sql) =>
      sql.query<{ service: string; inputs: { signal: string }[] }>(
        `select service, plan->'inputs' as inputs from service_versions where plan is not null`,
      ),
    )
    const reads = new Map<string, Set<string>>()
    for (const { service, inputs } of rows) {
      const from = reads.get(service) ?? new Set()
      for (const { signal } of inputs) from.add(outputs.writers.get(signal) ?? '')
      reads.set(service, from)
    }
    const seen = new Set<string>()
    const open = [...sources]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next === id) return true
      if (seen.has(next)) continue
      seen.add(next)
      open.push(...(reads.get(next) ?? []))
    }
    return false
  }
}
