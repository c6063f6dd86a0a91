import type { Adapters, ConnectionAdapter } from '@millwright/connectivity'
import { mqttSinkAdapter, mqttSourceAdapter } from '@millwright/connectivity-brokers'
import { createCanAdapter } from '@millwright/connectivity-can'
import { createFilesAdapter } from '@millwright/connectivity-files'
import { influxAdapter } from '@millwright/connectivity-influx'
import { linesAdapter } from '@millwright/connectivity-lines'
import { createMdfAdapter } from '@millwright/connectivity-mdf'
import { modbusAdapter } from '@millwright/connectivity-modbus'
import { opcuaAdapter } from '@millwright/connectivity-opcua'
import { prometheusAdapter } from '@millwright/connectivity-prometheus'
import { scpiAdapter } from '@millwright/connectivity-scpi'
import { sparkplugHostAdapter, sparkplugNodeAdapter } from '@millwright/connectivity-sparkplug'

/**
 * The protocols that connections of the platform can speak, by their ids. What they stand on is loaded when the first is used.
 * @param fileRoots folders of this machine that connections may read
 */
export function platformAdapters(fileRoots: readonly string[]): Adapters {
  const known: readonly ConnectionAdapter<never>[] = [
    createCanAdapter({ roots: fileRoots, candump: 'candump', cansend: 'cansend' }),
    createFilesAdapter(fileRoots),
    influxAdapter,
    linesAdapter,
    createMdfAdapter(fileRoots),
    modbusAdapter,
    mqttSinkAdapter,
    mqttSourceAdapter,
    opcuaAdapter,
    prometheusAdapter,
    scpiAdapter,
    sparkplugHostAdapter,
    sparkplugNodeAdapter,
  ]
  return new Map(known.map((adapter) => [adapter.manifest.id, adapter as ConnectionAdapter]))
}
