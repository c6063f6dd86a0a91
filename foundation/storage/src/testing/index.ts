export { memoryDatabase } from './memory-database.ts'
export { temporaryTelemetry } from './temporary-telemetry.ts'
