import { TestPorts } from '@millwright/connectivity/testing'
import { sparkplugHostAdapter } from '@millwright/connectivity-sparkplug'
import { connectAsync } from 'mqtt'
import sparkplugPayload from 'sparkplug-payload'
import type { Scenario } from '../scenario.ts'
import { measureRate, type Rate } from './measured.ts'
import { SPARKPLUG_METRICS } from './mqtt-peers.ts'
import { startPeerProcess } from './peer-process.ts'

export const sparkplug: Scenario = {
  name: 'sparkplug',
  about: `Sparkplug B: NDATA of ${SPARKPLUG_METRICS} aliased metrics as fast as they are taken, against mqtt.js and sparkplug-payload`,
  async run({ quick, log }) {
    const peer = await startPeerProcess('sparkplug')
    const seconds = quick ? 2 : 5
    try {
      const bare = await measureBare(peer.port, seconds)
      log(`mqtt.js and sparkplug-payload: ${Math.round(bare.rate)} metrics/s`)
      const ours = await measureOurs(peer.port, seconds)
      log(`the host: ${Math.round(ours.rate)} metrics/s`)
      return {
        figures: [
          {
            name: 'metrics of mqtt.js and sparkplug-payload, decoded only',
            value: bare.rate,
            unit: 'metrics/s',
            note: `${bare.cpu.toFixed(2)} cores`,
          },
          {
            name: 'metrics of the host: named, timed, in sequence',
            value: ours.rate,
            unit: 'metrics/s',
            target: { atLeast: 100_000 },
            note: `${ours.cpu.toFixed(2)} cores; nothing is stored`,
          },
          { name: 'processor time of sparkplug-payload', value: bare.perMillion, unit: 's per million metrics' },
          {
            name: 'processor time of the host',
            value: ours.perMillion,
            unit: 's per million metrics',
            target: { atMost: Number(bare.perMillion.toPrecision(3)) },
          },
        ],
      }
    } finally {
      await peer.stop()
    }
  },
}

async function measureBare(port: number, seconds: number): Promise<Rate> {
  const { decodePayload } = sparkplugPayload.get('spBv1.0')!
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`)
  let count = 0
  client.on('message', (_topic, payload) => {
    count += decodePayload(payload).metrics?.length ?? 0
  })
  await client.subscribeAsync('spBv1.0/#')
  const rate = await measureRate(() => count, seconds)
  await client.endAsync(true)
  return rate
}

async function measureOurs(port: number, seconds: number): Promise<Rate> {
  const ports = new TestPorts()
  ports.counting = true
  const host = sparkplugHostAdapter.create({ host: '127.0.0.1', port, primary: false }, ports)
  await host.start()
  try {
    const rate = await measureRate(() => ports.count, seconds)
    const { sequence_gaps: gaps, refused } = host.counters
    if (gaps !== 0 || refused !== 0)
      throw new Error(`${gaps} gaps, ${refused} refused: the figure is not one of good data`)
    return rate
  } finally {
    await host.stop()
    ports.close()
  }
}
