import type { ConnectionAdapter } from '@millwright/connectivity'
import { checkConfig, completed, type OpcuaConfig, opcuaConfig } from './config.ts'
import { OpcuaConnection } from './connection.ts'
import { manifest } from './manifest.ts'
import { browseServer, testServer } from './probe.ts'

/** The OPC UA client. node-opcua-client is loaded when a connection starts, or is tested or browsed. */
export const opcuaAdapter: ConnectionAdapter<OpcuaConfig> = {
  manifest,
  configSchema: opcuaConfig,
  check: checkConfig,
  create: (config, ports) => new OpcuaConnection(completed(config), ports),
  test: testServer,
  browse: browseServer,
}
