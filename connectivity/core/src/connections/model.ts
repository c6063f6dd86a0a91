import type { Connection } from '@millwright/contracts'

/** A connection as the database has it, with what its device says of it. */
export interface StoredConnection {
  readonly id: string
  readonly tenant: string
  readonly name: string
  readonly adapter: string
  readonly agent: string | null
  readonly device: string
  readonly enabled: boolean
  /** Without its secrets. */
  readonly config: Record<string, unknown>
  /** Sealed; null: it has none. */
  readonly secrets: string | null
  readonly secretPaths: readonly string[]
  readonly createdAt: number
  readonly version: number
  /** Of its device. */
  readonly equipment: string | null
  readonly path: readonly string[]
}

export interface NewConnection {
  readonly name: string
  readonly adapter: string
  readonly agent?: string | null
  readonly equipment?: string | null
  readonly enabled?: boolean
  readonly config: Record<string, unknown>
}

export interface ConnectionChange {
  readonly name?: string
  readonly agent?: string | null
  readonly equipment?: string | null
  readonly enabled?: boolean
  readonly config?: Record<string, unknown>
}

export interface ConnectionQuery {
  readonly cursor?: string
  readonly limit?: number
  readonly q?: string
  readonly adapter?: string
  readonly agent?: string
}

/** As the API shows it. */
export const shownConnection = (row: StoredConnection, status: Connection['status']): Connection => ({
  id: row.id,
  tenant: row.tenant,
  name: row.name,
  adapter: row.adapter,
  agent: row.agent,
  device: row.device,
  equipment: row.equipment,
  enabled: row.enabled,
  config: row.config,
  secrets: [...row.secretPaths],
  status,
  createdAt: row.createdAt,
  version: row.version,
})
