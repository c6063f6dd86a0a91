export { sparkplugHostAdapter } from './host/adapter.ts'
export { sparkplugNodeAdapter } from './node/adapter.ts'
