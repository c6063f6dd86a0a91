export { modbusAdapter } from './adapter.ts'
export type { ModbusConfig } from './config.ts'
