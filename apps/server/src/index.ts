export { type ServerConfig, serverConfig } from './config.ts'
export { type Platform, startPlatform } from './platform.ts'
