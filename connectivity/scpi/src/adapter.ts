import type { ConnectionAdapter } from '@millwright/connectivity'
import { checkScpi } from './check.ts'
import { configSchema, type ScpiConfig } from './config.ts'
import { ScpiConnection } from './connection.ts'
import { manifest } from './manifest.ts'
import { testScpi } from './probe.ts'

/** Instruments as configured connections. */
export const scpiAdapter: ConnectionAdapter<ScpiConfig> = {
  manifest,
  configSchema,
  check: checkScpi,
  create: (config, ports) => new ScpiConnection(config, ports),
  test: testScpi,
}
