export { scpiAdapter } from './adapter.ts'
export type { ScpiConfig } from './config.ts'
