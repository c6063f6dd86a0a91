import { MODELS } from '../provision/tree.ts'
import { connectionsToBench } from './bench/connections.ts'
import { connectionsFrom, WATCHED } from './hosts/connections.ts'
import { opcuaNode } from './node-ids.ts'
import { sinksAt } from './outward.ts'
import type { PlannedConnection } from './planned.ts'
import { registerMap, unitAt } from './registers.ts'
import type { FloorProtocol, Listening, ShownMachine } from './speaker.ts'

/** Which machines are reached by which protocol: each as a machine of its kind mostly is. The pump stays with MQTT. */
export const FLOOR: Readonly<Record<FloorProtocol, readonly string[]>> = {
  opcua: ['OP10', 'OP20'],
  modbus: ['EM-1', 'EM-2'],
  sparkplug: ['AGV-1'],
  mqtt: ['CA-1'],
  lines: ['OP30'],
  bench: ['TB-1'],
  hosts: Object.values(WATCHED),
}

/** How the platform reaches the machines that a controller shows. */
export function connectionsTo(
  protocol: FloorProtocol,
  machines: readonly ShownMachine[],
  { port, certificate, folder, receivers }: Listening,
): readonly PlannedConnection[] {
  const names = machines.map(({ name }) => name)
  switch (protocol) {
    case 'opcua':
      return names.map((name) => ({
        name: `${name} by OPC UA`,
        adapter: 'opcua',
        machine: name,
        behind: [],
        config: {
          endpoint: `opc.tcp://localhost:${port}/plant`,
          trustedCertificates: certificate === undefined ? [] : [certificate],
          // Every variable below the machine's object, named as its signals are.
          rules: [{ folder: opcuaNode(name), samplingInterval: 200 }],
          publishingInterval: 500,
        },
      }))
    case 'modbus': {
      const devices = machines.map((machine, at) => ({
        name: machine.name,
        unit: unitAt(at),
        registers: registerMap(machine).map(({ name, table, address, type, unit, every }) => ({
          name,
          table,
          address,
          type,
          ...(unit === '1' ? {} : { unit }),
          interval: every * 1000,
          ...(table === 'holding' ? { writable: true } : {}),
        })),
      }))
      const transport = { type: 'tcp', host: '127.0.0.1', port }
      return [{ name: 'Energy meters by Modbus', adapter: 'modbus', behind: names, config: { transport, devices } }]
    }
    case 'sparkplug':
      return [
        {
          name: 'Vehicles by Sparkplug',
          adapter: 'sparkplug-host',
          behind: names,
          config: { host: '127.0.0.1', port },
        },
      ]
    case 'mqtt':
      return [
        ...sinksAt(port),
        ...names.map((name) => ({
          name: `${name} by MQTT`,
          adapter: 'mqtt-source',
          machine: name,
          behind: [],
          config: {
            host: '127.0.0.1',
            port,
            mappings: [
              {
                topic: `works/${name}`,
                fields: [{ metric: '{key}', value: '$.readings.*', time: '$.stamp', timeFormat: 'us' }],
              },
            ],
          },
        })),
      ]
    case 'bench':
      return names.flatMap((name) => connectionsToBench(name, port, folder ?? ''))
    case 'hosts':
      return receivers === undefined ? [] : connectionsFrom(receivers)
    case 'lines':
      return machines.map(({ name, model }) => ({
        name: `${name} by lines of text`,
        adapter: 'lines',
        machine: name,
        behind: [],
        config: {
          source: { type: 'tcp-client', host: '127.0.0.1', port },
          patterns: [
            {
              type: 'pairs',
              separator: ';',
              time: { field: 'time', format: 'unix-us' },
              // A line does not say that its "true" is no text.
              fields: switchesOf(model).map((field) => ({ field, type: 'boolean' })),
            },
          ],
        },
      }))
  }
}

const switchesOf = (model: string): readonly string[] =>
  (MODELS.find(({ name }) => name === model)?.signals ?? [])
    .filter(({ kind }) => kind === 'boolean')
    .map(({ name }) => name)
