export { createMdfAdapter } from './adapter.ts'
export type { MdfConfig } from './config.ts'
export { mdfManifest } from './manifest.ts'
export { type MdfOptions, mdfReader } from './read-mdf.ts'
