import type { ListedCertificate } from '@millwright/contracts'
import { type Clock, decodeCursor, encodeCursor } from '@millwright/foundation'
import type { Database } from '@millwright/storage'
import { may } from '../access/authorize.ts'
import { readScopes } from '../access/scopes.ts'
import type { Actor } from '../actor.ts'
import type { DevicePlaces } from '../ports.ts'
import { type CertificateFilter, pageOfCertificates } from './store.ts'

export interface CertificateListOptions {
  readonly database: Database
  readonly clock: Clock
  readonly devicePlaces: DevicePlaces
}

/** All certificates of a tenant's devices, the one that ends first first. */
export class CertificateList {
  readonly #o: CertificateListOptions

  constructor(options: CertificateListOptions) {
    this.#o = options
  }

  /** Those of devices for which the actor holds `device:read`; of devices that are gone, for the whole tenant only. */
  async list(
    actor: Actor,
    query: CertificateFilter & { readonly cursor?: string; readonly limit?: number },
  ): Promise<{ items: ListedCertificate[]; next?: string }> {
    if (readScopes(actor, 'device:read').length === 0) return { items: [] }
    const limit = query.limit ?? 100
    let after = decodeCursor(query.cursor, [0, ''] as [number, string])
    const items: ListedCertificate[] = []
    // Where a device hangs is not known to this table: read on until the page is full.
    for (;;) {
      const from = after
      const rows = await this.#o.database.tenant(actor.tenant, (sql) =>
        pageOfCertificates(sql, actor.tenant, query, this.#o.clock.now(), from, limit + 1),
      )
      for (const certificate of rows) {
        const place = await this.#o.devicePlaces.place(certificate.device)
        const ours = place?.tenant === actor.tenant ? place : undefined
        if (!may(actor, 'device:read', ours?.place ?? { tenant: actor.tenant, path: [] })) continue
        items.push({ ...certificate, deviceName: ours?.name ?? null })
      }
      const last = rows.at(-1)
      if (items.length > limit || rows.length <= limit || last === undefined) break
      after = [last.notAfter, last.serial]
    }
    const page = items.slice(0, limit)
    const end = page.at(-1)
    return items.length > limit && end !== undefined
      ? { items: page, next: encodeCursor([end.notAfter, end.serial]) }
      : { items: page }
  }
}
