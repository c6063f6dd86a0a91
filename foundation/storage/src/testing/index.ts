export { memoryDatabase } from './memory-database.ts'
export { type PostgresServer, startPostgres } from './postgres-server.ts'
export { temporaryTelemetry } from './temporary-telemetry.ts'
