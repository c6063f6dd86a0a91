import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { median, spread } from '../median.ts'
import { type Platform, startPlatform } from '../platform/start.ts'
import { hasProc, memory, memoryParts, processTime } from '../platform/usage.ts'
import type { Figure, Scenario } from '../scenario.ts'

const IDLE_SECONDS = 20

export const footprint: Scenario = {
  name: 'footprint',
  about: 'start-up cold and warm, memory of the idle platform without plant',
  async run({ directory, quick, log }) {
    const cold: number[] = []
    const warm: number[] = []
    for (let round = 0; round < (quick ? 2 : 5); round++) {
      for (const times of [cold, warm]) {
        const platform = await startPlatform({ directory: join(directory, `data-${round}`) })
        times.push(platform.startedIn)
        await platform.stop()
      }
      log(`start-up: cold ${Math.round(cold.at(-1)!)} ms, warm ${Math.round(warm.at(-1)!)} ms`)
    }
    const figures: Figure[] = [
      { name: 'start-up, fresh data directory', value: median(cold), unit: 'ms', note: spread(cold) },
      { name: 'start-up, with data', value: median(warm), unit: 'ms', note: spread(warm) },
    ]
    if (!hasProc) return { figures, skipped: ['memory is read from /proc, which this system does not have'] }
    const platform = await startPlatform({ directory: join(directory, 'data-0') })
    try {
      return { figures: [...figures, ...(await idle(platform))] }
    } finally {
      await platform.stop()
    }
  },
}

async function idle({ pid }: Platform): Promise<Figure[]> {
  const atStart = memory(pid).now
  await delay(IDLE_SECONDS * 1000)
  const before = processTime(pid)
  await delay(IDLE_SECONDS * 1000)
  const cpu = (100 * (processTime(pid) - before)) / IDLE_SECONDS
  const { own, files } = memoryParts(pid)
  return [
    { name: 'memory at the banner', value: atStart, unit: 'MB', note: 'resident' },
    { name: `memory when idle for ${2 * IDLE_SECONDS} s`, value: memory(pid).now, unit: 'MB', note: 'resident' },
    { name: 'of it the process’ own', value: own, unit: 'MB', note: 'heap, engines, stacks' },
    {
      name: 'of it pages of files',
      value: files,
      unit: 'MB',
      note: 'mostly the engine’s library; the kernel may drop them',
    },
    { name: 'processor time when idle', value: cpu, unit: '% of a core' },
  ]
}
