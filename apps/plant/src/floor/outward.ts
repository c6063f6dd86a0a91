import type { PlannedConnection } from './planned.ts'

/** The platform's own signals, told to others on a broker that is not its own: a unified namespace, and a SCADA's edge node. */
export function sinksAt(port: number): readonly PlannedConnection[] {
  const broker = { host: '127.0.0.1', port }
  const common = { behind: [], inPlatform: true } as const
  return [
    {
      ...common,
      name: 'Unified namespace',
      adapter: 'mqtt-sink',
      config: { ...broker, prefix: 'uns' },
    },
    {
      ...common,
      name: 'Signals to SCADA',
      adapter: 'sparkplug-node',
      config: { ...broker, group: 'Millwright Demo Works' },
    },
  ]
}
