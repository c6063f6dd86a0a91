import { can } from '../adapters/can.ts'
import { csv } from '../adapters/csv.ts'
import { influx } from '../adapters/influx.ts'
import { lines } from '../adapters/lines.ts'
import { mdf } from '../adapters/mdf.ts'
import { modbus } from '../adapters/modbus.ts'
import { mqttSource } from '../adapters/mqtt-source.ts'
import { opcuaServer } from '../adapters/opcua-server.ts'
import { prometheus } from '../adapters/prometheus.ts'
import { scpi } from '../adapters/scpi.ts'
import { sparkplug } from '../adapters/sparkplug.ts'
import type { Scenario } from '../scenario.ts'
import { edge } from './edge.ts'
import { fleet } from './fleet.ts'
import { footprint } from './footprint.ts'
import { history } from './history.ts'
import { ingest } from './ingest.ts'
import { latency } from './latency.ts'
import { opcua } from './opcua.ts'
import { services } from './services.ts'

/** Every bench, in the order of the README's table. */
export const scenarios: readonly Scenario[] = [
  ingest,
  latency,
  history,
  fleet,
  footprint,
  edge,
  services,
  opcua,
  opcuaServer,
  modbus,
  lines,
  scpi,
  sparkplug,
  mqttSource,
  influx,
  prometheus,
  csv,
  can,
  mdf,
]
