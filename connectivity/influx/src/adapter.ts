import type { ConnectionAdapter, ConnectionPorts, RunningConnection } from '@millwright/connectivity'
import { problem } from './answers.ts'
import { type InfluxConfig, influxConfig } from './config.ts'
import { influxManifest } from './manifest.ts'
import { KeepListening, Receiver, receiverProblem, testReceiver } from './receiver/index.ts'
import { answer, OPEN_PATHS } from './routes.ts'
import { LineStore } from './store.ts'
import { UdpListener } from './udp.ts'

/** A running listener; the ports it has are known once it listens. */
export interface InfluxListener extends RunningConnection {
  readonly port: number
  readonly udpPort: number
}

function create(config: InfluxConfig, ports: ConnectionPorts): InfluxListener {
  const store = new LineStore(ports, config)
  const receiver = new Receiver({
    config,
    clock: ports.clock,
    log: ports.log,
    readings: ports.readings,
    open: OPEN_PATHS,
    problem,
    handle: (push) => answer(push, store),
  })
  const udp = config.udp === undefined ? undefined : new UdpListener(ports, store, config.udp.precision)
  const listening = new KeepListening({
    ports,
    address: config,
    async open() {
      await receiver.start()
      if (config.udp !== undefined) await udp?.start(config.host, config.udp.port)
    },
    async close() {
      await Promise.all([receiver.stop(), udp?.stop()])
    },
  })
  return {
    start: () => listening.start(),
    stop: () => listening.stop(),
    get port() {
      return receiver.port
    },
    get udpPort() {
      return udp?.port ?? 0
    },
    get counters() {
      return { ...receiver.counters, ...udp?.counters, ...store.counters }
    },
  }
}

/** InfluxDB 1.x and 2.x as a place to write to. */
export const influxAdapter = {
  manifest: influxManifest,
  configSchema: influxConfig,
  check: receiverProblem,
  create,
  test: testReceiver,
} satisfies ConnectionAdapter<InfluxConfig>
