export { ApiError, type Client, type ClientSettings, createClient, type Input, type Problem } from './client.ts'
export type { components } from './generated/schema.ts'
export { type LiveClient, liveClient } from './live.ts'
