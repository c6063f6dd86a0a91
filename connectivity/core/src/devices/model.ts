import type { Device } from '@millwright/contracts'

/** A device as the database has it. */
export interface DeviceRow {
  readonly id: string
  readonly tenant: string
  readonly name: string
  readonly equipment: string | null
  /** Node ids from the root to the equipment; empty when it serves none. */
  readonly path: readonly string[]
  readonly gateway: boolean
  /** The gateway that speaks for it. */
  readonly behind: string | null
  /** What that gateway calls it. */
  readonly behindName: string | null
  /** The connection whose device it is, or behind whose device it stands. */
  readonly ofConnection: string | null
  readonly unknownMetrics: 'create' | 'refuse'
  readonly state: Device['state']
  readonly simulated: boolean
  readonly metadata: Device['metadata']
  readonly createdAt: number
  readonly version: number
}

/** Columns of `device_connections`, null when the device never was online. */
export interface ConnectionRow {
  readonly connection: Device['connection']['state'] | null
  readonly protocol: string | null
  readonly address: string | null
  readonly since: number | null
  readonly lastMessageAt: number | null
  readonly reason: string | null
}

export interface NewDevice {
  readonly name: string
  readonly equipment?: string | null
  readonly gateway?: boolean
  readonly unknownMetrics?: 'create' | 'refuse'
  readonly simulated?: boolean
  readonly metadata?: Record<string, string>
}

export interface DeviceChange extends Partial<NewDevice> {
  readonly state?: 'enrolled' | 'disabled'
}

export interface DeviceQuery {
  readonly cursor?: string
  readonly limit?: number
  readonly q?: string
  readonly equipment?: string
  readonly connection?: 'never' | 'online' | 'offline'
  /** The gateway behind which they stand. */
  readonly behind?: string
}

/** A device as the API shows it. */
export function shownDevice(row: DeviceRow & ConnectionRow): Device {
  return {
    id: row.id,
    tenant: row.tenant,
    name: row.name,
    equipment: row.equipment,
    gateway: row.gateway,
    unknownMetrics: row.unknownMetrics,
    state: row.state,
    simulated: row.simulated,
    metadata: row.metadata,
    connection: {
      state: row.connection ?? 'never',
      ...(row.protocol === null ? {} : { protocol: row.protocol }),
      ...(row.address === null ? {} : { address: row.address }),
      ...(row.since === null ? {} : { since: row.since }),
      ...(row.lastMessageAt === null ? {} : { lastMessageAt: row.lastMessageAt }),
      ...(row.reason === null ? {} : { reason: row.reason }),
    },
    createdAt: row.createdAt,
    version: row.version,
  }
}
