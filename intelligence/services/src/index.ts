export { createIntelligence, type Intelligence, type IntelligenceOptions } from './intelligence.ts'
export { intelligenceMigrations } from './migrations.ts'
export type { ServiceProgress } from './services/announce.ts'
export type { ServiceChanged } from './services/model.ts'
