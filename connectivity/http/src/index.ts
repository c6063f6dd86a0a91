export { createHttpAdapter, type HttpAdapter, type HttpAdapterOptions, httpAdapter } from './adapter.ts'
export { configSchema, defaultConfig, type HttpAdapterConfig } from './config.ts'
export { manifest } from './manifest.ts'
