import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { announceSignals } from '../history/announce.ts'
import { median, percentile } from '../median.ts'
import { type Platform, startPlatform } from '../platform/start.ts'
import type { Figure, Scenario, ScenarioContext } from '../scenario.ts'

const FILL = fileURLToPath(new URL('../history/fill.ts', import.meta.url))
/** A recording of a real water-circulation testbed, https://github.com/waico/SKAB; beside the checkout. */
const SKAB = process.env['SKAB'] ?? resolve(import.meta.dirname, '../../../../shared/data/skab/data')
const SKAB_POINTS = 10_000_000
const SIGNALS = 1_000
const CHARTS = 20
const PIXELS = 1_000
const DAY = 86_400_000_000
const MONTH = 30 * DAY
/** Stored: a little more than a month, so that a month is not all there is. */
const SPAN = 33 * DAY

interface Filled {
  readonly readings: { readonly bytes: number; readonly rows: number; readonly parts: number }
  readonly rollups: { readonly bytes: number; readonly rows: number }
  readonly writeSeconds: number
  readonly rollSeconds: number
}

export const history: Scenario = {
  name: 'history',
  about: 'charts and latest values over 100 million stored points, through the HTTP API; bytes a point',
  async run(context) {
    const { directory, quick, log } = context
    const data = join(directory, 'data')
    const to = Math.floor(Date.now() / 60_000) * 60_000_000
    const from = to - SPAN
    const readings = quick ? 10_000 : 100_000
    let platform = await startPlatform({ directory: data })
    try {
      const signals = await announceSignals(platform, SIGNALS, from - DAY)
      await platform.stop()
      const filled = await fill([
        ...['--directory', join(data, 'telemetry'), '--from', String(from)],
        ...['--period', String(Math.floor(SPAN / readings)), '--readings', String(readings)],
      ])
      const { rows, parts } = filled.readings
      log(`${rows} points written in ${filled.writeSeconds.toFixed(0)} s, ${parts} parts`)
      log(`rolled up in ${filled.rollSeconds.toFixed(0)} s`)
      platform = await startPlatform({ directory: data })
      const asked = await ask(platform, signals, to, quick ? 40 : 100)
      const sizes = await skab(context)
      return {
        figures: [
          { name: 'stored', value: rows, unit: 'points', note: `${SIGNALS} signals over 33 days, ${parts} parts` },
          ...asked,
          {
            name: 'rollup pass, background, one thread',
            value: rows / filled.rollSeconds,
            unit: 'points/s',
            note: 'an import of all of it at once',
          },
          ...sizes.figures,
        ],
        skipped: sizes.skipped,
      }
    } finally {
      await platform.stop()
    }
  },
}

/** Times of the API's answers, read to their end. The first requests find cold caches and are told apart. */
async function ask({ client }: Platform, signals: readonly string[], to: number, rounds: number): Promise<Figure[]> {
  const series = (ids: readonly string[], span: number) =>
    client.querySeries({ body: { signals: [...ids], from: to - span, to, pixels: PIXELS } })
  const other = (n: number) => signals[(n * 37) % signals.length]!
  const cold = await timed(() => series([other(0)], MONTH))
  const month: number[] = []
  const day: number[] = []
  const latest: number[] = []
  const charts: number[] = []
  for (let n = 1; n <= rounds; n++) {
    // Each time another signal: a chart that was just asked for is no measure.
    month.push(await timed(() => series([other(n)], MONTH)))
    day.push(await timed(() => series([other(n + 500)], DAY)))
    latest.push(await timed(() => client.queryLatest({ body: { signals: [...signals] } })))
    const many = Array.from({ length: CHARTS }, (_, i) => other(n * CHARTS + i))
    charts.push(await timed(() => Promise.all(many.map((signal) => series([signal], MONTH)))))
  }
  const together: number[] = []
  for (let n = 1; n <= rounds; n++) {
    together.push(await timed(() => series(signals.slice(n * 5, n * 5 + CHARTS), MONTH)))
  }
  const rows = [
    { name: "one signal's month at 1,000 px", times: month, atMost: 20 },
    { name: "one signal's day at 1,000 px, readings", times: day },
    { name: `latest values of ${SIGNALS.toLocaleString('en')} signals`, times: latest, atMost: 50 },
    { name: `${CHARTS} charts of a month at once`, times: charts, atMost: 300 },
    { name: `${CHARTS} signals' month in one request`, times: together },
  ]
  return [
    ...rows.map(({ name, times, atMost }) => ({
      name,
      value: median(times),
      unit: 'ms',
      ...(atMost === undefined ? {} : { target: { atMost } }),
      note: `p99 ${percentile(times, 0.99).toFixed(1)} ms, ${times.length} times`,
    })),
    { name: 'the first chart after the start', value: cold, unit: 'ms' },
  ]
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/** Bytes that a real recording takes. */
async function skab({ directory, quick, log }: ScenarioContext): Promise<{ figures: Figure[]; skipped: string[] }> {
  if (!existsSync(SKAB)) {
    return { figures: [], skipped: [`bytes a point: no recording at ${SKAB} (SKAB=… names the folder)`] }
  }
  const files = (await readdir(SKAB, { recursive: true })).filter((name) => name.endsWith('.csv')).sort()
  const place = join(directory, 'skab')
  await mkdir(place)
  const { readings, rollups } = await fill([
    ...['--directory', place, '--points', String(quick ? SKAB_POINTS / 10 : SKAB_POINTS)],
    ...files.flatMap((name) => ['--skab', join(SKAB, name)]),
  ])
  log(`SKAB: ${readings.rows} points in ${readings.bytes} bytes, rollups ${rollups.bytes} bytes`)
  const note = `${readings.rows.toLocaleString('en')} points of ${files.length} files, repeated as signals of their own`
  return {
    figures: [
      {
        name: 'bytes a point, SKAB',
        value: readings.bytes / readings.rows,
        unit: 'bytes',
        target: { atMost: 4 },
        note,
      },
      { name: 'its rollups, a point', value: rollups.bytes / readings.rows, unit: 'bytes' },
    ],
    skipped: [],
  }
}

async function fill(args: readonly string[]): Promise<Filled> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', FILL, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit') as Promise<[number]>])
  if (code !== 0) throw new Error(`filling the historian ended with code ${code}`)
  return JSON.parse(output) as Filled
}
