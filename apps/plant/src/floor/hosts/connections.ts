import type { PlannedConnection } from '../planned.ts'
import type { Receivers } from '../speaker.ts'

/** Which computer is watched by what. */
export const WATCHED = { telegraf: 'IPC-1', prometheus: 'SRV-1' } as const

/** Where the watchers of computers write to. Neither has credentials: both listen on the loopback interface only. */
export function connectionsFrom({ influx, influxUdp, prometheus }: Receivers): readonly PlannedConnection[] {
  return [
    {
      name: `${WATCHED.telegraf} by Telegraf`,
      adapter: 'influx',
      behind: [WATCHED.telegraf],
      config: { port: influx, udp: { port: influxUdp }, metric: 'field' },
    },
    {
      name: `${WATCHED.prometheus} by Prometheus`,
      adapter: 'prometheus',
      behind: [WATCHED.prometheus],
      inPlatform: true,
      config: { port: prometheus },
    },
  ]
}
