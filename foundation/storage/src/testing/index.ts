export { memoryDatabase } from './memory-database.ts'
export { type PostgresServer, startPostgres } from './postgres-server.ts'
export { type SmallDisk, smallDisk } from './small-disk.ts'
export { temporaryTelemetry } from './temporary-telemetry.ts'
