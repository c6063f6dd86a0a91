import type { MqttAdapter } from '@millwright/connectivity-mqtt'
import type { SpaceWatch } from '@millwright/storage'
import type { Stages } from '../stages.ts'
import { connectionWarning } from './connection-figures.ts'
import type { Probe } from './routes.ts'

/** What must work for the platform to do its work. */
export function probesOf(
  { database, telemetry, historian, connectivity }: Stages,
  mqtt: MqttAdapter,
  disk: SpaceWatch,
): Probe[] {
  return [
    {
      name: 'database',
      async check() {
        await database.system((sql) => sql.query('select 1'))
        return undefined
      },
    },
    {
      name: 'telemetry',
      async check() {
        const ping = await telemetry.client.ping()
        return ping.success ? undefined : ping.error.message
      },
    },
    {
      name: 'ingest',
      async check() {
        const { state, reason } = historian.ingest()
        return state === 'failing' ? (reason ?? 'readings cannot be stored') : undefined
      },
      async warning() {
        const { state, reason } = historian.ingest()
        return state === 'slow' ? reason : undefined
      },
    },
    {
      name: 'history',
      check: async () => undefined,
      warning: () => historian.damage(),
    },
    {
      name: 'disk',
      check: async () => undefined,
      async warning() {
        const { low, free } = disk.space
        return low
          ? `Only ${Math.round(free / 2 ** 20)} MiB are free; readings are refused once the disk is full. Free some space.`
          : undefined
      },
    },
    {
      name: 'connections',
      check: async () => undefined,
      warning: async () => connectionWarning(connectivity.running.statuses()),
    },
    {
      name: 'mqtt',
      async check() {
        const { state, reason } = mqtt.health()
        return state === 'running' ? undefined : (reason ?? state)
      },
      async warning() {
        const { state, reason } = mqtt.health()
        return state === 'running' ? reason : undefined
      },
    },
  ]
}
