import type { lifeOperations } from '@millwright/contracts'
import type { Handlers } from '@millwright/trust'
import { serviceErrors } from '../../errors.ts'
import type { ServiceRow } from '../../services/model.ts'
import { serviceStore } from '../../services/store.ts'
import type { KindOptions } from '../options.ts'
import { LifePredictions } from './predictions.ts'

/** Services of this kind that are looked at for one list. */
const MOST = 1000

export const lifeHandlers = (options: KindOptions): Handlers<typeof lifeOperations> => {
  const predictions = new LifePredictions(options)
  const { access, database } = options
  return {
    async listLifePredictions({ actor, query }) {
      const filter = { kind: 'life', under: query.equipment ?? query.under, nodes: '*' } as const
      const rows = await database.tenant(actor.tenant, (sql) => serviceStore.page(sql, filter, ['', ''], MOST))
      const seen = rows.filter((row) => access.sees(actor, row) && of(row, query.equipment))
      const items = await predictions.of(actor.tenant, seen)
      const offset = Number(query.cursor ?? 0) || 0
      const limit = query.limit ?? 100
      const next = offset + limit < items.length ? { next: String(offset + limit) } : {}
      return { items: items.slice(offset, offset + limit), ...next }
    },
    async getLife({ actor, params }) {
      const row = await access.service(actor, params.id, 'service:read')
      if (row.kind !== 'life') throw serviceErrors.unknown({ id: params.id })
      return predictions.detail(row)
    },
  }
}

const of = (row: ServiceRow, equipment: string | undefined): boolean =>
  equipment === undefined || row.equipment === equipment
