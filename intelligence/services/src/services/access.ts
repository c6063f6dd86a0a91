import type { Permission } from '@millwright/contracts'
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

  place({ tenant, equipment }: Pick<ServiceRow, 'tenant' | 'equipment'>): Place {
    return { tenant, path: this.#options.plant.tree.get(equipment)?.path ?? [] }
  }
}
