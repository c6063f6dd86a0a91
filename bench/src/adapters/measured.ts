import { setTimeout as delay } from 'node:timers/promises'

export interface Rate {
  /** A second. */
  readonly rate: number
  /** Cores. */
  readonly cpu: number
  /** Seconds of processor time for a million. */
  readonly perMillion: number
}

/** How fast `count` grows over some seconds, after a second of running in, and what this process spends on it. */
export async function measureRate(count: () => number, seconds: number): Promise<Rate> {
  await delay(1_000)
  const [from, began, cpu] = [count(), performance.now(), process.cpuUsage()]
  await delay(seconds * 1_000)
  const took = (performance.now() - began) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  const spent = (user + system) / 1e6
  const points = count() - from
  return { rate: points / took, cpu: spent / took, perMillion: (1e6 * spent) / Math.max(1, points) }
}
