import { TestPorts } from '@millwright/connectivity/testing'
import { mqttSourceAdapter } from '@millwright/connectivity-brokers'
import { connectAsync } from 'mqtt'
import type { Scenario } from '../scenario.ts'
import { measureRate, type Rate } from './measured.ts'
import { JSON_VALUES } from './mqtt-peers.ts'
import { startPeerProcess } from './peer-process.ts'

export const mqttSource: Scenario = {
  name: 'mqtt-source',
  about: `an external broker's JSON of ${JSON_VALUES} values at QoS 1, mapped by pattern and JSONPath, against bare mqtt.js`,
  async run({ quick, log }) {
    const peer = await startPeerProcess('mqtt')
    const seconds = quick ? 2 : 5
    try {
      const bare = await measureBare(peer.port, seconds)
      log(`mqtt.js: ${Math.round(bare.rate)} values/s`)
      const ours = await measureOurs(peer.port, seconds)
      log(`the source: ${Math.round(ours.rate)} readings/s`)
      return {
        figures: [
          {
            name: 'values of mqtt.js and JSON.parse, acknowledged at once',
            value: bare.rate,
            unit: 'values/s',
            note: `${bare.cpu.toFixed(2)} cores`,
          },
          {
            name: 'readings of the source, mapped and acknowledged when taken',
            value: ours.rate,
            unit: 'values/s',
            note: `${ours.cpu.toFixed(2)} cores; nothing is stored`,
          },
          { name: 'processor time of mqtt.js', value: bare.perMillion, unit: 's per million values' },
          { name: 'processor time of the source', value: ours.perMillion, unit: 's per million values' },
        ],
      }
    } finally {
      await peer.stop()
    }
  },
}

async function measureBare(port: number, seconds: number): Promise<Rate> {
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`)
  let count = 0
  client.on('message', (_topic, payload) => {
    count += Object.keys(JSON.parse(payload.toString())).length - 1
  })
  await client.subscribeAsync('bench/#', { qos: 1 })
  const rate = await measureRate(() => count, seconds)
  await client.endAsync(true)
  return rate
}

async function measureOurs(port: number, seconds: number): Promise<Rate> {
  const ports = new TestPorts()
  ports.counting = true
  const fields = Array.from({ length: JSON_VALUES }, (_, at) => ({
    metric: `value${at}`,
    value: `$.value${at}`,
    time: '$.ts',
    timeFormat: 'ms' as const,
  }))
  const mappings = [{ topic: 'bench/{line}/{machine}', device: '{machine}', fields }]
  const source = mqttSourceAdapter.create({ host: '127.0.0.1', port, mappings }, ports)
  await source.start()
  try {
    return await measureRate(() => ports.count, seconds)
  } finally {
    await source.stop()
    ports.close()
  }
}
