import type { Permission } from '@millwright/contracts'
import type { SignalFacts } from '@millwright/data'
import { type Actor, authorizeSeen, may, type Place } from '@millwright/trust'
import { serviceErrors } from '../errors.ts'
import type { Platform } from '../ports.ts'
import type { ServiceRow } from './model.ts'
import { serviceStore } from './store.ts'

/** Who may do what with a service: what they may do at its equipment. */
export class ServiceAccess {
  readonly #options: Pick<Platform, 'database' | 'plant'>

  constructor(options: Pick<Platform, 'database' | 'plant'>) {
    this.#options = options
  }

  /** The service, if the actor may do this with it: 404 when it may not even see it. */
  async service(actor: Actor, id: string, permission: Permission): Promise<ServiceRow> {
    const row = await this.#options.database.tenant(actor.tenant, (sql) => serviceStore.get(sql, id))
    const unknown = () => serviceErrors.unknown({ id })
    if (row === undefined) throw unknown()
    authorizeSeen(actor, permission, 'service:read', this.place(row), unknown)
    return row
  }

  sees(actor: Actor, row: Pick<ServiceRow, 'tenant' | 'equipment'>): boolean {
    return may(actor, 'service:read', this.place(row))
  }

  /** Checks that there is such equipment in the actor's tenant, where it may do this. @returns its name */
  equipment(actor: Actor, id: string, permission: Permission): string {
    const unknown = () => serviceErrors.equipmentUnknown({ id, path: 'equipment' })
    const node = this.#options.plant.tree.get(id)
    if (node === undefined || node.tenant !== actor.tenant) throw unknown()
    authorizeSeen(actor, permission, 'asset:read', { tenant: node.tenant, path: node.path }, unknown)
    return node.name
  }

  /** Checks that the actor may read signals that stand elsewhere than at this equipment. */
  inputs(actor: Actor, equipment: string, facts: readonly SignalFacts[]): void {
    for (const each of facts) {
      if (each.equipment === equipment) continue
      if (each.equipment === null) throw serviceErrors.inputMissing({ name: each.name, path: 'settings' })
      this.equipment(actor, each.equipment, 'signal:read')
    }
  }

  place({ tenant, equipment }: Pick<ServiceRow, 'tenant' | 'equipment'>): Place {
    return { tenant, path: this.#options.plant.tree.get(equipment)?.path ?? [] }
  }
}
