import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Baseline, startMosquitto } from '../baseline/mosquitto.ts'
import { addRules, buildMachines } from '../fleet/machines.ts'
import { type LoadOptions, type LoadResult, runLoad, writeIdentities } from '../load/run.ts'
import { median, spread } from '../median.ts'
import { byPlace, profiled, topFunctions } from '../platform/profile.ts'
import { type Platform, startPlatform } from '../platform/start.ts'
import { hasProc, memory, processTime, threadTimes } from '../platform/usage.ts'
import { allSignals, openViewer } from '../platform/viewer.ts'
import type { Breakdown, Figure, Scenario, ScenarioContext, ScenarioResult } from '../scenario.ts'
import { storedPoints } from './stored.ts'

const CONNECTIONS = 50
const METRICS = 20
const VALUES = 10
/** The rate that is asked of the platform. */
const WANTED = 300_000
/** Offered: a little more, so that the schedule is not what is measured. */
const OFFERED = 310_000
/** In flight on each connection when as much is sent as goes: enough for two commit windows. */
const WINDOW = 150
const PACED_WINDOW = 1_000

export const ingest: Scenario = {
  name: 'ingest',
  about: `durable ingest: ${CONNECTIONS} mTLS connections, QoS 1, ${VALUES} values a message, PUBACK after commit`,
  async run(context) {
    const began = Date.now() * 1000
    const directory = join(context.directory, 'data')
    const platform = await startPlatform({ directory })
    let mosquitto: Baseline | undefined
    const viewer = openViewer(platform)
    try {
      const machines = await buildMachines(platform.client, CONNECTIONS, METRICS)
      const file = await writeIdentities(join(context.directory, 'devices.json'), machines.identities)
      mosquitto = await startMosquitto(join(context.directory, 'mosquitto'), machines.identities)
      const ours = { ...LOAD, port: platform.mqttPort, identities: file }
      // Signals are there, and known to everybody, before the clock runs.
      const first = await runLoad({ ...ours, rate: 1_000, window: PACED_WINDOW, seconds: 2, warmup: 1 })
      await addRules(platform.client, machines.equipmentClass)
      await rulesWatch(platform, 20 * CONNECTIONS)
      const watched = await allSignals(platform, machines.equipment[0])
      let frames = 0
      viewer.signals(
        watched.map(({ id }) => id),
        () => frames++,
      )
      const rounds = await measureRounds(context, platform, ours, mosquitto)
      const profile = await profileRound(context, platform, ours)
      const sent = first.settledPoints + rounds.settled + profile.settled
      const stored = await storedPoints(platform, began)
      context.log(`${sent} points acknowledged, ${stored} stored; ${frames} frames to the viewer`)
      return result(rounds, profile, { sent, stored, frames, most: hasProc ? memory(platform.pid).most : undefined })
    } finally {
      viewer.close()
      await mosquitto?.stop()
      await platform.stop()
    }
  },
}

const LOAD = { connections: CONNECTIONS, values: VALUES, metrics: METRICS, seconds: 10, warmup: 3 }
type Ours = typeof LOAD & Pick<LoadOptions, 'port' | 'identities'>

interface Rounds {
  readonly paced: LoadResult[]
  readonly full: LoadResult[]
  readonly mosquitto: { readonly acknowledged: number; readonly received: number }[]
  readonly version: string | undefined
  settled: number
}

async function measureRounds(
  { quick, log, directory }: ScenarioContext,
  platform: Platform,
  ours: Ours,
  mosquitto: Baseline | undefined,
): Promise<Rounds> {
  const rounds: Rounds = { paced: [], full: [], mosquitto: [], version: mosquitto?.version, settled: 0 }
  const theirs = mosquitto && (await writeIdentities(join(directory, 'mosquitto.json'), mosquitto.identities))
  for (let round = 0; round < (quick ? 1 : 5); round++) {
    const paced = await runLoad({ ...ours, rate: OFFERED / VALUES, window: PACED_WINDOW })
    log(`paced: ${shown(paced)}`)
    const full = await runLoad({ ...ours, rate: 0, window: WINDOW })
    log(`as fast as it goes: ${shown(full)}`)
    rounds.paced.push(paced)
    rounds.full.push(full)
    rounds.settled += paced.settledPoints + full.settledPoints
    if (mosquitto === undefined) continue
    const measured = await mosquittoRound(mosquitto, {
      ...ours,
      port: mosquitto.port,
      identities: theirs!,
      rate: 0,
      window: WINDOW,
    })
    log(`Mosquitto: ${measured.acknowledged} points/s acknowledged, ${measured.received} points/s at the subscriber`)
    rounds.mosquitto.push(measured)
    // The platform is idle meanwhile, but its engine may still be merging.
    await settledDown(platform)
  }
  return rounds
}

async function mosquittoRound(mosquitto: Baseline, load: LoadOptions) {
  let from = 0
  let to = 0
  const { pointsPerSecond } = await runLoad(load, {
    measuring: () => {
      from = mosquitto.received()
    },
    measured: () => {
      to = mosquitto.received()
    },
  })
  return { acknowledged: pointsPerSecond, received: Math.round(((to - from) * VALUES) / load.seconds) }
}

interface Profiled {
  readonly settled: number
  readonly breakdowns: Breakdown[]
}

/** A round of its own: looking costs a little, and must not be in the figures. */
async function profileRound({ log }: ScenarioContext, platform: Platform, ours: Ours): Promise<Profiled> {
  const before = hasProc ? threadTimes(platform.pid) : new Map<string, number>()
  const cpu = hasProc ? processTime(platform.pid) : 0
  const began = performance.now()
  let settled = 0
  const profile = await profiled(platform, async () => {
    settled = (await runLoad({ ...ours, rate: OFFERED / VALUES, window: PACED_WINDOW })).settledPoints
  })
  const seconds = (performance.now() - began) / 1000
  const share = (part: number) => Number(((100 * part) / seconds).toFixed(1))
  for (const [name, part] of topFunctions(profile, 25)) log(`${share(part).toFixed(1).padStart(6)} %  ${name}`)
  const breakdowns: Breakdown[] = [
    {
      title: `where the main thread's time goes at ${OFFERED.toLocaleString('en')} points/s`,
      unit: '% of a core',
      rows: byPlace(profile).map(([place, part]) => [place, share(part)] as const),
    },
  ]
  if (hasProc) {
    const rows = [...threadTimes(platform.pid)]
      .map(([kind, time]) => [kind, share(time - (before.get(kind) ?? 0))] as const)
      .filter(([, part]) => part >= 0.1)
      .sort((a, b) => b[1] - a[1])
    const whole = share(processTime(platform.pid) - cpu)
    breakdowns.push({
      title: 'where the process’ time goes, by thread',
      unit: '% of a core',
      rows: [...rows, ['the whole process', whole]],
    })
  }
  return { settled, breakdowns }
}

function result(
  { paced, full, mosquitto, version }: Rounds,
  { breakdowns }: Profiled,
  after: { sent: number; stored: number; frames: number; most: number | undefined },
): ScenarioResult {
  const of = (results: readonly LoadResult[], figure: (result: LoadResult) => number) => results.map(figure)
  const fullRate = of(full, ({ pointsPerSecond }) => pointsPerSecond)
  const pacedRate = of(paced, ({ pointsPerSecond }) => pointsPerSecond)
  const p50 = of(paced, ({ pubackMs }) => pubackMs.p50)
  const p99 = of(paced, ({ pubackMs }) => pubackMs.p99)
  const figures: Figure[] = [
    {
      name: `durable points, ${OFFERED.toLocaleString('en')} a second offered`,
      value: median(pacedRate),
      unit: 'points/s',
      target: { atLeast: WANTED },
      note: spread(pacedRate),
    },
    { name: 'PUBACK p50 at that rate', value: median(p50), unit: 'ms', note: spread(p50) },
    { name: 'PUBACK p99 at that rate', value: median(p99), unit: 'ms', target: { atMost: 150 }, note: spread(p99) },
    {
      name: `durable points, as fast as ${WINDOW} in flight a connection go`,
      value: median(fullRate),
      unit: 'points/s',
      target: { atLeast: WANTED },
      note: spread(fullRate),
    },
    { name: 'PUBACK p50 then', value: median(of(full, ({ pubackMs }) => pubackMs.p50)), unit: 'ms' },
    { name: 'PUBACK p99 then', value: median(of(full, ({ pubackMs }) => pubackMs.p99)), unit: 'ms' },
    {
      name: 'generator',
      value: median(of(paced, ({ generatorCpu }) => generatorCpu)),
      unit: 'cores',
      note: 'at that rate',
    },
    {
      name: 'acknowledged points that are not stored exactly once',
      value: Math.abs(after.sent - after.stored),
      unit: 'points',
      target: { atMost: 0 },
      note: `${after.sent.toLocaleString('en')} acknowledged`,
    },
  ]
  if (after.most !== undefined)
    figures.push({ name: 'memory of the platform at its most', value: after.most, unit: 'MB' })
  if (mosquitto.length === 0) {
    return {
      figures,
      breakdowns,
      skipped: ['Mosquitto is not installed: no comparison (apt-get install mosquitto mosquitto-clients).'],
    }
  }
  const theirs = mosquitto.map(({ acknowledged }) => acknowledged)
  figures.push(
    {
      name: `Mosquitto ${version}: points acknowledged, nothing stored`,
      value: median(theirs),
      unit: 'points/s',
      note: spread(theirs),
    },
    { name: 'points at its subscriber', value: median(mosquitto.map(({ received }) => received)), unit: 'points/s' },
    {
      name: 'ratio to Mosquitto',
      value: median(fullRate.map((rate, i) => rate / theirs[i]!)),
      unit: '',
      note: 'same load, same run, ours durable',
    },
  )
  return { figures, breakdowns }
}

/** Waits until the platform takes next to no processor time, 20 s at the most. */
async function settledDown(platform: Platform): Promise<void> {
  if (!hasProc) return
  const deadline = performance.now() + 20_000
  for (let before = processTime(platform.pid); performance.now() < deadline; ) {
    await delay(1_000)
    const now = processTime(platform.pid)
    if (now - before < 0.1) return
    before = now
  }
}

async function rulesWatch(platform: Platform, wanted: number): Promise<void> {
  const deadline = performance.now() + 30_000
  for (;;) {
    const { items } = await platform.client.listRules()
    const faulty = items.find(({ fault }) => fault !== null)
    const watches = items.reduce((sum, rule) => sum + rule.watches, 0)
    if (watches === wanted && faulty === undefined) return
    if (performance.now() > deadline) throw new Error(`rules watch ${watches} times, not ${wanted}: ${faulty?.fault}`)
    await delay(50)
  }
}

const shown = ({ pointsPerSecond, pubackMs, generatorCpu }: LoadResult) =>
  `${pointsPerSecond} points/s, PUBACK p50 ${pubackMs.p50} ms, p99 ${pubackMs.p99} ms (generator ${generatorCpu} cores)`
