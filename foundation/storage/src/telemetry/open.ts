import type { Telemetry } from '../ports.ts'
import { openChdb } from './chdb/open.ts'
import { type ClickHouseServer, openClickHouse } from './clickhouse.ts'

/** Where telemetry is kept: a ClickHouse server, or a directory for the engine in this process. */
export type TelemetryLocation = ClickHouseServer | { readonly directory: string }

/** Opens the telemetry engine; the same SQL and the same client whichever it is. */
export function openTelemetry(location: TelemetryLocation): Promise<Telemetry> {
  return 'url' in location ? openClickHouse(location) : openChdb(location.directory)
}
