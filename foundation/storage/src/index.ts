export type { Artifacts, Database, Migration, Sql, Telemetry } from './ports.ts'
