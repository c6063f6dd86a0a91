import type { Platform } from '../platform/start.ts'
import { allSignals } from '../platform/viewer.ts'

const AT_ONCE = 20

/** Announces signals of one machine and writes one reading of each, so that the historian knows them. */
export async function announceSignals(platform: Platform, count: number, time: number): Promise<string[]> {
  const { client } = platform
  const { id: equipment } = await client.createAsset({ body: { level: 'equipment', name: 'Line 1', parent: null } })
  let next = 0
  const work = async () => {
    for (let n = next++; n < count; n = next++) {
      const body = { name: `signal_${n}`, kind: 'number', unit: 'Cel', equipment } as const
      const { id } = await client.createSignal({ body })
      await client.writeReadings({ body: { signal: id, time: [time], value: [60] } })
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return (await allSignals(platform, equipment)).map(({ id }) => id)
}
