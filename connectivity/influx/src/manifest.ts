import type { ConnectionManifest } from '@millwright/connectivity'

export const influxManifest: ConnectionManifest = {
  id: 'influx',
  name: 'InfluxDB line protocol',
  summary: 'Takes what Telegraf and other clients of InfluxDB 1.x and 2.x write, over HTTP and UDP',
  standards: ['InfluxDB line protocol', 'InfluxDB 1.x write API', 'InfluxDB 2.x write API'],
  direction: 'listens',
  does: { telemetry: true, commands: false, twin: false, gateway: true },
  runsOn: ['platform', 'edge'],
  browses: false,
  imports: [],
}
