import { setImmediate as breath } from 'node:timers/promises'
import type { Figure } from '../scenario.ts'
import type { Rate } from './measured.ts'

/** How fast `work` goes, one call after the other, after a third of the time of running in. @returns by what `work` says it did */
export async function throughput(work: () => number | Promise<number>, seconds: number): Promise<Rate> {
  const run = async (time: number) => {
    const end = performance.now() + time * 1_000
    let count = 0
    while (performance.now() < end) {
      count += await work()
      await breath()
    }
    return count
  }
  await run(seconds / 3)
  const [began, cpu] = [performance.now(), process.cpuUsage()]
  const points = await run(seconds)
  const took = (performance.now() - began) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  const spent = (user + system) / 1e6
  return { rate: points / took, cpu: spent / took, perMillion: (1e6 * spent) / Math.max(1, points) }
}

/** Ours beside the bare one. @param bare what it is compared with, as "protobufjs and snappyjs" */
export const compared = (points: string, bare: string, theirs: Rate, ours: Rate): Figure[] => [
  {
    name: `${points}, ${bare}`,
    value: theirs.rate,
    unit: 'points/s',
    note: `${theirs.perMillion.toFixed(2)} s of processor a million`,
  },
  {
    name: `${points}, the adapter’s decoder`,
    value: ours.rate,
    unit: 'points/s',
    note: `${ours.perMillion.toFixed(2)} s of processor a million`,
  },
]
