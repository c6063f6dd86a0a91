export type { Frame } from './frame.ts'
