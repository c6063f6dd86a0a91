import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { MetricRows, ROW } from '@millwright/connectivity'
import { DurableQueue } from '@millwright/edge'
import { createLog, systemClock } from '@millwright/foundation'
import { enrol } from '@millwright/sdk/device'
import { buildEdgeAgent, type EdgeAgent, startEdgeAgent } from '../platform/edge-agent.ts'
import { type Platform, startPlatform } from '../platform/start.ts'
import { hasProc, memory, memoryParts, processTime } from '../platform/usage.ts'
import type { Figure, Scenario, ScenarioContext, ScenarioResult } from '../scenario.ts'
import { storedPoints } from './stored.ts'

const SIGNALS = 100
/** Readings of each signal in a second: 1,000 points a second in all. */
const RATE = 10
const POINTS_PER_SECOND = SIGNALS * RATE
const HOURS = Number(process.env['MILLWRIGHT_BENCH_HOURS'] ?? 2.4)
/** What 7 days at this rate may take: the default budget of an agent's queue. */
const BUDGET = 4 * 2 ** 30
const WEEK = 7 * 86_400
const PATIENCE = 900_000

export const edge: Scenario = {
  name: 'edge',
  about: `an outage of ${HOURS} h at ${POINTS_PER_SECOND.toLocaleString('en')} points/s, taken by the agent's queue and replayed (MILLWRIGHT_BENCH_HOURS=24: all of a day)`,
  async run(context) {
    await buildEdgeAgent()
    const platform = await startPlatform({ directory: join(context.directory, 'data') })
    let agent: EdgeAgent | undefined
    try {
      const directory = join(context.directory, 'edge')
      const connection = await announce(platform, directory)
      const taken = await fill(context, directory, connection)
      agent = await startEdgeAgent(directory)
      const replayed = await replay(context, platform, agent, taken.points)
      return result(taken, replayed)
    } finally {
      await agent?.stop()
      await platform.stop()
    }
  },
}

/** An agent with one connection, whose machine is away. @returns the connection */
async function announce({ client, url }: Platform, directory: string): Promise<string> {
  const { device } = await client.createAgent({ body: { name: 'Edge agent' } })
  const { token } = await client.createEnrolmentToken({ params: { id: device }, body: {} })
  await enrol({ url: url.replace('http://', 'https://'), token, directory: join(directory, 'identity') })
  const config = { port: 0 }
  return (await client.createConnection({ body: { name: 'Machine', adapter: 'influx', agent: device, config } })).id
}

interface Taken {
  readonly points: number
  readonly bytes: number
  readonly pointsPerSecond: number
  readonly cpuSeconds: number
}

/** What the agent's queue does during the outage, as fast as it goes. */
async function fill({ quick, log }: ScenarioContext, directory: string, connection: string): Promise<Taken> {
  const seconds = Math.round((quick ? HOURS / 10 : HOURS) * 3600)
  const queue = await DurableQueue.open({
    directory: join(directory, 'queue'),
    clock: systemClock,
    log: createLog({ level: 'warn' }),
    budget: BUDGET,
    backlog: 'oldest-first',
    whenFull: 'refuse-new',
    commitEvery: 1_000,
  })
  const machine = new Noise()
  const rows = new MetricRows()
  const start = systemClock.now() - (seconds + 60) * 1_000_000
  const cpu = process.cpuUsage()
  const began = performance.now()
  for (let second = 0; second < seconds; second++) {
    machine.read(rows, start + second * 1_000_000)
    await queue.accept({ connection, device: '', source: 'bench' }, rows)
  }
  const took = (performance.now() - began) / 1000
  const used = process.cpuUsage(cpu)
  const points = seconds * POINTS_PER_SECOND
  // The last journal is packed later, or sent as it is.
  const { bytes } = queue.figures
  await queue.close()
  log(`${points} points taken in ${took.toFixed(1)} s; ${(bytes / points).toFixed(2)} bytes a point`)
  return { points, bytes, pointsPerSecond: points / took, cpuSeconds: (used.user + used.system) / 1e6 }
}

interface Replayed {
  readonly seconds: number
  readonly stored: number
  readonly cpu: number
  readonly most: number | undefined
  readonly own: number | undefined
}

async function replay(
  { log }: ScenarioContext,
  platform: Platform,
  agent: EdgeAgent,
  points: number,
): Promise<Replayed> {
  const cpu = hasProc ? processTime(agent.pid) : 0
  const began = performance.now()
  const deadline = began + PATIENCE
  for (;;) {
    const { queue } = await agent.status()
    if (queue.readings < 1_000) break
    if (performance.now() > deadline)
      throw new Error(`${queue.readings} readings are still in the queue:\n${agent.log()}`)
    await delay(50)
  }
  const seconds = (performance.now() - began) / 1000
  log(`replayed in ${seconds.toFixed(1)} s: ${Math.round(points / seconds)} points/s`)
  return {
    seconds,
    stored: await storedPoints(platform, 0),
    cpu: hasProc ? processTime(agent.pid) - cpu : 0,
    most: hasProc ? memory(agent.pid).most : undefined,
    own: hasProc ? memoryParts(agent.pid).own : undefined,
  }
}

function result(taken: Taken, { seconds, stored, cpu, most, own }: Replayed): ScenarioResult {
  const rate = taken.points / seconds
  const perPoint = taken.bytes / taken.points
  const figures: Figure[] = [
    {
      name: 'queue, on disk',
      value: perPoint,
      unit: 'bytes/point',
      target: { atMost: 4 },
      note: 'noise in six digits, 100 signals',
    },
    {
      name: '7 days at this rate',
      value: (perPoint * POINTS_PER_SECOND * WEEK) / 2 ** 30,
      unit: 'GiB',
      target: { atMost: BUDGET / 2 ** 30 },
      note: 'by the bytes a point',
    },
    {
      name: 'queue, taken durably as fast as it goes',
      value: taken.pointsPerSecond,
      unit: 'points/s',
      target: { atLeast: POINTS_PER_SECOND * 10 },
    },
    { name: 'processor time to take a million', value: (taken.cpuSeconds / taken.points) * 1e6, unit: 's' },
    {
      name: 'catch-up',
      value: rate,
      unit: 'points/s',
      target: { atLeast: POINTS_PER_SECOND * 24 },
      note: 'platform on the same machine',
    },
    {
      name: 'an outage of 24 h is caught up in',
      value: (86_400 * POINTS_PER_SECOND) / rate / 60,
      unit: 'min',
      target: { atMost: 60 },
    },
    { name: 'processor time of the agent to replay a million', value: (cpu / taken.points) * 1e6, unit: 's' },
    {
      name: 'points of the outage that are not stored exactly once',
      value: Math.max(0, taken.points - stored),
      unit: 'points',
      target: { atMost: 0 },
    },
  ]
  if (most !== undefined) {
    figures.push({
      name: 'memory of the agent at its most, replaying',
      value: most,
      unit: 'MB',
      target: { atMost: 120 },
      note: 'VmHWM, Node’s own file included',
    })
  }
  if (own !== undefined) figures.push({ name: 'of it its own, not pages of files', value: own, unit: 'MB' })
  return { figures }
}

/** Signals that wander, with noise, in six digits, as data loggers write them. The same numbers in each run. */
class Noise {
  readonly #levels = Array.from({ length: SIGNALS }, (_, i) => 10 ** ((i % 5) - 1) * (1 + i / SIGNALS))
  readonly #names = Array.from({ length: SIGNALS }, (_, i) => `sensor ${i}`)
  #state = 1

  /** A second of all signals. */
  read(rows: MetricRows, time: number): void {
    rows.clear()
    for (let tick = 0; tick < RATE; tick++) {
      for (let i = 0; i < SIGNALS; i++) {
        const noise = this.#random() + this.#random() + this.#random() - 1.5
        rows.push(this.#names[i]!, ROW.number, Number((this.#levels[i]! * (1 + noise / 100)).toPrecision(6)), 0)
        rows.time[rows.length - 1] = time + tick * 100_000
      }
    }
  }

  #random(): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0
    return this.#state / 0x1_0000_0000
  }
}
