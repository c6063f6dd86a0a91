import { TestPorts, type TestPortsOptions } from '@millwright/connectivity/testing'
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt'
import { mqttSinkAdapter, mqttSourceAdapter } from '../src/index.ts'
import type { MqttSinkConfig } from '../src/sink/config.ts'
import type { MqttSourceConfig } from '../src/source/config.ts'
import { quickClock } from '../src/testing/index.ts'

/** Starts sources, sinks and clients, and stops them in turn. */
export class World {
  readonly #cleanup: (() => unknown)[] = []
  #made = 0

  later<T>(thing: T, work: (thing: T) => unknown): T {
    this.#cleanup.push(() => work(thing))
    return thing
  }

  async close(): Promise<void> {
    for (const work of this.#cleanup.splice(0).reverse()) await work()
  }

  async source(config: Partial<MqttSourceConfig> & { port: number }, options: TestPortsOptions = {}) {
    const ports = this.later(new TestPorts({ clock: quickClock, ...options }), (made) => made.close())
    const full = {
      host: '127.0.0.1',
      clientId: `source-${++this.#made}`,
      mappings: [JSON_MAPPING],
      ...config,
    }
    mqttSourceAdapter.check?.(full)
    const source = this.later(mqttSourceAdapter.create(full, ports), (made) => made.stop())
    await source.start()
    return { ports, source }
  }

  async sink(config: Partial<MqttSinkConfig> & { port: number }, options: TestPortsOptions) {
    const ports = this.later(new TestPorts({ clock: quickClock, ...options }), (made) => made.close())
    const full = { host: '127.0.0.1', clientId: `sink-${++this.#made}`, ...config }
    const sink = this.later(mqttSinkAdapter.create(full, ports), (made) => made.stop())
    await sink.start()
    return { ports, sink }
  }

  async client(port: number, options: IClientOptions = {}): Promise<MqttClient> {
    const client = await connectAsync(`mqtt://127.0.0.1:${port}`, options)
    client.on('error', () => undefined)
    return this.later(client, (made) => made.endAsync(true))
  }
}

export const JSON_MAPPING = {
  topic: 'factory/{line}/{machine}/state',
  device: '{machine}',
  fields: [
    { metric: 'temperature', value: '$.temp', unit: 'Cel', time: '$.ts', timeFormat: 'ms' },
    { metric: '{line}.{key}', value: '$.counters.*' },
  ],
} as const
