export type { ServerSettings } from './settings.ts'
export { TestServer } from './test-server.ts'
