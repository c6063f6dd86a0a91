import type { Sql } from '@millwright/storage'

export interface DiverterRow {
  readonly service: string
  readonly tenant: string
  readonly device: string
  readonly deviceName: string
  readonly command: string
  readonly setBy: string
  readonly setAt: number
}

const COLUMNS = 'service, tenant, device, device_name as "deviceName", command, set_by as "setBy", set_at as "setAt"'

export const diverterStore = {
  /** Of all tenants. */
  async all(sql: Sql): Promise<DiverterRow[]> {
    const rows = await sql.query<DiverterRow>(`select ${COLUMNS} from service_diverters`)
    return rows.map((row) => ({ ...row, setAt: Number(row.setAt) }))
  },

  async put(sql: Sql, row: DiverterRow): Promise<void> {
    await sql.query(
      `insert into service_diverters (service, tenant, device, device_name, command, set_by, set_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (service) do update set device = excluded.device, device_name = excluded.device_name,
          command = excluded.command, set_by = excluded.set_by, set_at = excluded.set_at`,
      [row.service, row.tenant, row.device, row.deviceName, row.command, row.setBy, row.setAt],
    )
  },

  async remove(sql: Sql, service: string): Promise<void> {
    await sql.query('delete from service_diverters where service = $1', [service])
  },
}
