import type { ConnectionAdapter } from '@millwright/connectivity'
import { configSchema, type ModbusConfig } from './config.ts'
import { ModbusConnection } from './connection.ts'
import { modbusErrors } from './errors.ts'
import { importRegisterMap } from './import/register-map.ts'
import { manifest } from './manifest.ts'
import { targetsOf } from './plan/program.ts'
import { browseModbus } from './probe/browse.ts'
import { testModbus } from './probe/test.ts'

/** Modbus as a configured connection. */
export const modbusAdapter: ConnectionAdapter<ModbusConfig> = {
  manifest,
  configSchema,
  check: (config) => {
    targetsOf(config)
  },
  create: (config, ports) => new ModbusConnection(config, ports),
  test: (config, ports) => testModbus(config, ports),
  browse: (config, ports, at) => browseModbus(config, ports, at),
  async import(format, file) {
    if (format !== 'register-map')
      throw modbusErrors.csv({ what: `There is no file format ${format} here.`, path: '/format' })
    return importRegisterMap(file)
  },
}
