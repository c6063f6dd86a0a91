import type { AdapterModule } from '@millwright/connectivity'
import { createHttpAdapter, type HttpAdapter, type HttpAdapterOptions } from './adapter.ts'
import { configSchema } from './config.ts'
import { manifest } from './manifest.ts'

export { createHttpAdapter, type HttpAdapter, type HttpAdapterOptions, httpAdapter } from './adapter.ts'
export { configSchema, defaultConfig, type HttpAdapterConfig } from './config.ts'
export { manifest } from './manifest.ts'

/** The adapter as every adapter package offers itself. */
export const httpModule: AdapterModule<HttpAdapterOptions, HttpAdapter> = {
  manifest,
  configSchema,
  create: createHttpAdapter,
}
