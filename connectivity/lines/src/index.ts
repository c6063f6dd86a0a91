export { linesAdapter } from './adapter.ts'
export type { LinesConfig } from './config.ts'
