export type { CommitListener } from './ports.ts'
