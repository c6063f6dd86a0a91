import type { ConnectionAdapter, ConnectionPorts, RunningConnection } from '@millwright/connectivity'
import { KeepListening, Receiver, receiverProblem, testReceiver } from '@millwright/connectivity-influx/receiver'
import { type PrometheusConfig, prometheusConfig } from './config.ts'
import { prometheusManifest } from './manifest.ts'
import { answer, problem } from './routes.ts'
import { SampleStore } from './store.ts'

/** A running listener; its port is known once it listens. */
export interface PrometheusListener extends RunningConnection {
  readonly port: number
}

function create(config: PrometheusConfig, ports: ConnectionPorts): PrometheusListener {
  const store = new SampleStore(ports, config, config.maxBodyMegabytes << 20)
  const receiver = new Receiver({
    config,
    clock: ports.clock,
    log: ports.log,
    readings: ports.readings,
    open: new Set(),
    problem,
    handle: (push) => answer(push, store),
  })
  const listening = new KeepListening({
    ports,
    address: config,
    open: () => receiver.start(),
    close: () => receiver.stop(),
  })
  return {
    start: () => listening.start(),
    stop: () => listening.stop(),
    get port() {
      return receiver.port
    },
    get counters() {
      return { ...receiver.counters, ...store.counters }
    },
  }
}

/** A place for Prometheus to write to. */
export const prometheusAdapter = {
  manifest: prometheusManifest,
  configSchema: prometheusConfig,
  check: receiverProblem,
  create,
  test: testReceiver,
} satisfies ConnectionAdapter<PrometheusConfig>
