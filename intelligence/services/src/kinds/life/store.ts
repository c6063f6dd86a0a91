import type { Sql } from '@millwright/storage'

/** Signal ids by output name, by service. */
export async function outputsOf(sql: Sql, services: readonly string[]): Promise<Map<string, Map<string, string>>> {
  const rows = await sql.query<{ service: string; name: string; signal: string }>(
    'select service, name, signal from service_outputs where service = any($1::text[])',
    [services],
  )
  const found = new Map<string, Map<string, string>>()
  for (const { service, name, signal } of rows)
    found.set(service, (found.get(service) ?? new Map<string, string>()).set(name, signal))
  return found
}
