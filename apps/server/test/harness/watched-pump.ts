import { enrolDevice } from './device.ts'
import type { RunningPlatform } from './platform.ts'

const SECOND = 1_000_000
/** Readings of each signal before a service is made. */
export const HISTORY = 2400
/** The history ends so long ago, so that what is sent afterwards is not in the future. */
const ROOM = 1500

/** A pump whose current follows its flow and whose temperature follows the current; the noise is a sine's. */
function pump(n: number, strange: number) {
  const noise = (k: number) => Math.sin(n * 12.9898 + k * 78.233) * 0.5
  const flow = 12 + 2 * Math.sin(n / 40) + 0.1 * noise(1)
  const current = 3 + 0.5 * flow + 0.1 * noise(2) + strange
  return { flow, current, temperature: 40 + 1.5 * (current - strange) + 0.2 * noise(3) }
}

const SIGNALS = { flow: 'm3/h', current: 'A', temperature: 'Cel' } as const

/** A pump with a history on a platform, and the device that goes on to send what it measures. */
export async function watchedPump(platform: RunningPlatform) {
  const { client } = platform
  let at = Math.floor(Date.now() / 1000) * SECOND - ROOM * SECOND
  const line = await client.createAsset({ body: { level: 'line', name: 'Line 1', parent: null } })
  const { id } = await client.createAsset({ body: { level: 'equipment', name: 'P-7', parent: line.id } })
  const time = Array.from({ length: HISTORY }, (_, n) => at - (HISTORY - n) * SECOND)
  for (const name of ['flow', 'current', 'temperature'] as const) {
    const signal = await client.createSignal({ body: { name, kind: 'number', unit: SIGNALS[name], equipment: id } })
    const value = time.map((each) => pump(each / SECOND, 0)[name])
    await client.writeReadings({ body: { signal: signal.id, time, value } })
  }
  const device = await enrolDevice(platform, { name: 'PLC', equipment: id })
  const sender = device.connect()
  return {
    equipment: id,
    /** Sends second by second what it measures. @param strange A that the current has too much */
    async send(seconds: number, strange = 0): Promise<void> {
      for (let n = 0; n < seconds; n++, at += SECOND)
        await sender.publish({ time: at, values: pump(at / SECOND, strange) })
    },
    close: () => sender.close(),
  }
}
