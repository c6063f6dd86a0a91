import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { connectAsync, type MqttClient } from 'mqtt'
import { addRules, buildMachines } from '../fleet/machines.ts'
import { watchLevels } from '../fleet/watched.ts'
import { runLoad, writeIdentities } from '../load/run.ts'
import { percentile } from '../median.ts'
import { startPlatform } from '../platform/start.ts'
import { openViewer } from '../platform/viewer.ts'
import type { Scenario } from '../scenario.ts'

const CONNECTIONS = 50
const METRICS = 20
const BACKGROUND = 20_000
const VALUES = 10
/** Machines that raise alarms: each at most four times a minute, so that none chatters. */
const MACHINES = 64
const PAUSE = 250
/** An alarm that has not come by then is counted as this late. */
const LOST = 10_000

export const latency: Scenario = {
  name: 'latency',
  about: `sensor -> alarm -> browser, ${BACKGROUND.toLocaleString('en')} points/s beside it, 20 class rules`,
  async run({ directory, quick, log }) {
    const platform = await startPlatform({ directory: join(directory, 'data') })
    const viewer = openViewer(platform)
    const devices: MqttClient[] = []
    try {
      const background = await buildMachines(platform.client, CONNECTIONS, METRICS)
      const identities = await writeIdentities(join(directory, 'devices.json'), background.identities)
      await addRules(platform.client, background.equipmentClass)
      const watched = await watchLevels(platform.client, MACHINES)
      for (const { key, cert } of watched.identities.devices) {
        const { ca } = watched.identities
        const address = { host: 'localhost', port: platform.mqttPort, protocol: 'mqtts' } as const
        devices.push(await connectAsync({ ...address, key, cert, ca, reconnectPeriod: 0 }))
      }
      const alarms = quick ? MACHINES : 4 * MACHINES
      const seconds = (alarms * PAUSE * 1.15) / 1000 + 4
      const load = runLoad({
        port: platform.mqttPort,
        identities,
        connections: CONNECTIONS,
        values: VALUES,
        metrics: METRICS,
        window: 200,
        rate: BACKGROUND / VALUES,
        seconds,
        warmup: 3,
      })
      const arrivals = new Map<string, (at: number) => void>()
      viewer.alarms(({ alarm, transition }) => {
        if (!['raised', 're-raised'].includes(transition.transition)) return
        arrivals.get(alarm.equipment)?.(performance.now())
      })
      await delay(5_000)
      const times: number[] = []
      const acknowledged: number[] = []
      for (let n = 0; n < alarms; n++) {
        const device = devices[n % MACHINES]!
        const arrival = new Promise<number>((resolve) => arrivals.set(watched.equipment[n % MACHINES]!, resolve))
        const sent = performance.now()
        void publish(device, 100).then(() => acknowledged.push(performance.now() - sent))
        const at = await Promise.race([arrival, delay(LOST, sent + LOST)])
        times.push(at - sent)
        // Not in step with the platform's windows.
        await delay(PAUSE * (0.5 + Math.random()) - Math.min(at - sent, PAUSE / 2))
        await publish(device, 0)
      }
      const { pointsPerSecond } = await load
      log(`${times.length} alarms, background ${pointsPerSecond} points/s`)
      const lost = times.filter((time) => time >= LOST).length
      const figure = (name: string, value: number) => ({ name, value, unit: 'ms' })
      return {
        figures: [
          {
            ...figure('publish to WebSocket frame, p50', percentile(times, 0.5)),
            target: { atMost: 60 },
            note: `${times.length} alarms`,
          },
          { ...figure('publish to WebSocket frame, p99', percentile(times, 0.99)), target: { atMost: 150 } },
          figure('publish to PUBACK, p50', percentile(acknowledged, 0.5)),
          figure('publish to PUBACK, p99', percentile(acknowledged, 0.99)),
          { name: 'alarms that did not come', value: lost, unit: '', target: { atMost: 0 } },
          { name: 'background', value: pointsPerSecond, unit: 'points/s', target: { atLeast: BACKGROUND * 0.99 } },
        ],
      }
    } finally {
      viewer.close()
      for (const device of devices) device.end(true)
      await platform.stop()
    }
  },
}

const publish = (device: MqttClient, level: number) =>
  device.publishAsync('mw/v1/telemetry', JSON.stringify({ time: Date.now() * 1000, values: { level } }), { qos: 1 })
