import type { SignalFacts } from '@millwright/data'
import { systemActor } from '@millwright/trust'
import { serviceErrors } from '../errors.ts'
import type { Output } from '../kinds/kind.ts'
import type { Platform } from '../ports.ts'
import type { ServiceRow } from '../services/model.ts'
import { outputStore } from './store.ts'

/** The signals that services made for their results, in memory. */
export class OutputSignals {
  readonly #options: Pick<Platform, 'database' | 'plant'>
  /** Service -> output -> signal id. */
  readonly #signals = new Map<string, Map<string, string>>()
  /** Signal id -> service. */
  readonly writers = new Map<string, string>()

  constructor(options: Pick<Platform, 'database' | 'plant'>) {
    this.#options = options
  }

  async start(): Promise<void> {
    for (const row of await this.#options.database.system((sql) => outputStore.all(sql))) {
      this.#remember(row.service, row.name, row.signal)
    }
  }

  /** The signal of an output, if it has been made and is still there. */
  of(service: string, output: string): SignalFacts | undefined {
    const id = this.#signals.get(service)?.get(output)
    return id === undefined ? undefined : this.#options.plant.catalogue.byId(id)
  }

  /** All that a service has made and that are still there. */
  madeBy(service: string): { readonly output: string; readonly facts: SignalFacts }[] {
    return [...(this.#signals.get(service) ?? [])].flatMap(([output, id]) => {
      const facts = this.#options.plant.catalogue.byId(id)
      return facts === undefined ? [] : [{ output, facts }]
    })
  }

  /** What an output's signal is called, or will be. */
  nameOf(service: Pick<ServiceRow, 'id' | 'name'>, output: string): string {
    return this.of(service.id, output)?.name ?? `${service.name} ${output}`
  }

  /** @throws MW-SERVICE-0018 when the equipment has another signal of that name */
  checkFree(service: Pick<ServiceRow, 'id' | 'name' | 'equipment'>, outputs: readonly Output[]): void {
    const held = this.#options.plant.catalogue.ofEquipment(service.equipment)
    for (const { name } of outputs) {
      const wanted = `${service.name} ${name}`
      if (this.of(service.id, name) === undefined && held.has(wanted)) {
        throw serviceErrors.outputTaken({ name: wanted, path: 'name' })
      }
    }
  }

  /** Makes those that are missing. @param simulated something that they are made from is */
  async make(service: ServiceRow, outputs: readonly Output[], simulated: boolean): Promise<void> {
    const { database, plant } = this.#options
    this.checkFree(service, outputs)
    for (const { name, kind, unit, about } of outputs) {
      if (this.of(service.id, name) !== undefined) continue
      const facts = await plant.signals.computed(systemActor(service.tenant, 'AI services'), {
        equipment: service.equipment,
        name: `${service.name} ${name}`,
        kind,
        unit,
        description: `${about}. Computed by the AI service "${service.name}".`,
        simulated,
      })
      await database.tenant(service.tenant, (sql) =>
        outputStore.insert(sql, service.tenant, { service: service.id, name, signal: facts.id }),
      )
      this.#remember(service.id, name, facts.id)
    }
  }

  /** The service is gone; its signals and their history stay. */
  forget(service: string): void {
    for (const signal of this.#signals.get(service)?.values() ?? []) this.writers.delete(signal)
    this.#signals.delete(service)
  }

  #remember(service: string, output: string, signal: string): void {
    const held = this.#signals.get(service) ?? new Map<string, string>()
    this.#signals.set(service, held.set(output, signal))
    this.writers.set(signal, service)
  }
}
