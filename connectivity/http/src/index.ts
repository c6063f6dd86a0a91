export { type HttpAdapterOptions, httpAdapter } from './adapter.ts'
export { manifest } from './manifest.ts'
