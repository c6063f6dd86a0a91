import { MINUTE } from '@millwright/foundation'
import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { choice, command, given, group, whole } from '../command.ts'
import { parseDuration, writeDuration } from '../input/durations.ts'
import { withoutCommon } from '../input/path.ts'
import { parseSpan } from '../input/times.ts'
import { chart } from '../output/chart.ts'
import { shownAge } from '../output/times.ts'
import { shownNumber, shownQuality, shownUnit, shownValue } from '../output/values.ts'
import { AssetNames } from '../resolve/assets.ts'
import { type Signal, SignalNames } from '../resolve/signals.ts'
import { text } from '../texts/text.ts'
import { queryReadings, type ReadingsOptions } from './query-readings.ts'
import { AGGREGATES, FILLS, RESOLUTIONS } from './words.ts'

const STANDARD_ROWS = 60

interface SpanOptions {
  readonly from?: string
  readonly to?: string
}

/** Adds the options of a range; without them the last hour is meant. */
export const spanOptions = (made: Command): Command =>
  made.option('--from <time>', text('options.from')).option('--to <time>', text('options.to'))

export function queryCommands(program: Command, cli: Cli): void {
  const query = group(program, 'query', 'query.group')

  command(query, 'latest <targets...>', {
    text: 'query.latest',
    examples: ['query latest P-101', 'query latest "Plant North/P-101/temperature" --json'],
  }).action((targets: string[]) => latest(cli, targets))

  spanOptions(
    command(query, 'series <targets...>', {
      text: 'query.series',
      examples: [
        'query series P-101/temperature --from -1h',
        'query series P-101/temperature --from 2026-11-01 --to 2026-11-08 --resolution 1h --chart',
      ],
    })
      .option('--resolution <width>', text('query.resolution', { widths: RESOLUTIONS.join(', ') }), choice(RESOLUTIONS))
      .option('--rows <rows>', text('query.rows', { standard: STANDARD_ROWS }), whole(1, 10_000))
      .option('--chart', text('query.chart')),
  ).action((targets: string[], options: SeriesOptions) => series(cli, targets, options))

  spanOptions(
    command(query, 'table <targets...>', {
      text: 'query.table',
      examples: [
        'query table P-101 --step 1m',
        'query table P-101/temperature P-102/temperature --step 10s --fill previous',
      ],
    })
      .option('--step <duration>', text('query.step'), parseDuration)
      .option('--fill <how>', text('query.fill', { ways: FILLS.join(', ') }), choice(FILLS))
      .option('--aggregate <how>', text('query.aggregate', { ways: AGGREGATES.join(', ') }), choice(AGGREGATES)),
  ).action((targets: string[], options: TableOptions) => table(cli, targets, options))

  spanOptions(
    command(query, 'readings <signal>', {
      text: 'query.readings',
      examples: ['query readings P-101/temperature --from -10m', 'query readings P-101/state --from -1d --all --json'],
    })
      .option('--limit <rows>', text('query.limit'), whole(1, 10_000_000))
      .option('--all', text('options.all'))
      .option('--cursor <cursor>', text('options.cursor')),
  ).action((signal: string, options: ReadingsOptions) => queryReadings(cli, signal, options))

  spanOptions(
    command(query, 'waveforms <signal>', {
      text: 'query.waveforms',
      examples: ['query waveforms P-101/vibration --from -1h', 'query waveforms P-101/vibration --json > wave.json'],
    }).option('--limit <count>', text('query.waveLimit'), whole(1, 100)),
  ).action((signal: string, options: SpanOptions & { limit?: number }) => waveforms(cli, signal, options))
}

async function found(cli: Cli, targets: readonly string[]) {
  const { client } = await cli.connect()
  const names = new SignalNames(client, new AssetNames(client))
  const signals = await names.many(targets)
  const paths = cli.out.json ? new Map<string, string>() : withoutCommon(await names.paths(signals), 2)
  return { client, signals, nameOf: ({ id, name }: Signal) => paths.get(id) ?? name }
}

async function latest(cli: Cli, targets: readonly string[]): Promise<void> {
  const { client, signals, nameOf } = await found(cli, targets)
  const parts: (typeof signals)[] = []
  for (let at = 0; at < signals.length; at += 2000) parts.push(signals.slice(at, at + 2000))
  const replies = await Promise.all(
    parts.map((part) => client.queryLatest({ body: { signals: part.map(({ id }) => id) } })),
  )
  const items = replies.flatMap((reply) => reply.items)
  const { out } = cli
  if (out.json) return out.value({ items })
  const now = cli.now()
  out.table(
    [
      { title: text('fields.signal'), value: (_, i) => nameOf(signals[i]!), keepEnd: true, readable: 30 },
      { title: text('fields.value'), value: ({ value, kind }) => shownValue(value, kind), align: 'right' },
      { title: text('fields.unit'), value: (_, i) => shownUnit(signals[i]!.unit), whole: true },
      {
        title: text('fields.age'),
        value: ({ time }) => (time === null ? '' : shownAge(time, now)),
        align: 'right',
        whole: true,
      },
      {
        title: text('fields.quality'),
        value: ({ time, quality, stale }) =>
          time === null ? '' : `${shownQuality(quality)}${stale ? `, ${text('values.stale')}` : ''}`,
        dress: (shown, { quality, stale }) => (quality !== 0 || stale ? out.style('yellow', shown) : shown),
      },
    ],
    items,
  )
}

interface SeriesOptions extends SpanOptions {
  readonly resolution?: (typeof RESOLUTIONS)[number]
  readonly rows?: number
  readonly chart?: boolean
}

async function series(cli: Cli, targets: readonly string[], options: SeriesOptions): Promise<void> {
  const span = parseSpan(options, cli.now())
  const { client, signals, nameOf } = await found(cli, targets)
  const { out } = cli
  const pixels = options.chart === true ? Math.max(20, Math.min(out.width, 200) - 12) : (options.rows ?? STANDARD_ROWS)
  const body = { signals: signals.map(({ id }) => id), ...span, pixels, ...given({ resolution: options.resolution }) }
  const reply = await client.querySeries({ body })
  if (out.json) return out.value(reply)
  for (const [i, one] of reply.series.entries()) {
    if (i > 0) out.line()
    const title = text('query.seriesTitle', {
      signal: nameOf(signals[i]!),
      unit: shownUnit(one.unit),
      resolution: one.step === undefined ? one.resolution : writeDuration(one.step),
      n: one.points,
    })
    out.line(title.replace('  ', ' '))
    if (one.time.length === 0) {
      out.note(text('query.empty'))
      continue
    }
    if (options.chart === true) {
      out.dressed(
        chart({ ...span, time: one.time, value: one.value, step: one.step }, Math.min(out.width, 200), out.zone),
      )
      continue
    }
    const rows = one.time.map((_, at) => at)
    const spread = one.min !== undefined
    out.table(
      [
        { title: text('fields.time'), value: (at) => out.exactTime(one.time[at]!), whole: true },
        {
          title: text(spread ? 'fields.mean' : 'fields.value'),
          value: (at) => (spread ? shownNumber(one.value[at]) : shownValue(one.value[at])),
          align: 'right',
        },
        ...(spread
          ? [
              { title: text('fields.min'), value: (at: number) => shownNumber(one.min?.[at]), align: 'right' as const },
              { title: text('fields.max'), value: (at: number) => shownNumber(one.max?.[at]), align: 'right' as const },
            ]
          : []),
        { title: text('fields.quality'), value: (at) => shownQuality(one.quality[at]!), drop: 1 },
      ],
      rows,
    )
  }
}

interface TableOptions extends SpanOptions {
  readonly step?: number
  readonly fill?: (typeof FILLS)[number]
  readonly aggregate?: (typeof AGGREGATES)[number]
}

async function table(cli: Cli, targets: readonly string[], options: TableOptions): Promise<void> {
  const span = parseSpan(options, cli.now())
  const { client, signals, nameOf } = await found(cli, targets)
  // A machine's states and documents have no place in a table of numbers; a signal named by itself gets the platform's refusal.
  const numeric = signals.filter(({ kind }) => kind === 'number' || kind === 'boolean')
  const asked = numeric.length === 0 ? signals : numeric
  const { step = MINUTE, fill, aggregate } = options
  const body = { signals: asked.map(({ id }) => id), ...span, step, ...given({ fill, aggregate }) }
  const reply = await client.queryTable({ body })
  const { out } = cli
  if (out.json) return out.value(reply)
  if (reply.time.length === 0) return out.note(text('query.empty'))
  out.table(
    [
      { title: text('fields.time'), value: (at) => out.exactTime(reply.time[at]!), whole: true },
      ...reply.columns.map((column, i) => ({
        title: columnTitle(asked, i, nameOf),
        value: (at: number) => shownNumber(column.value[at]),
        align: 'right' as const,
      })),
    ],
    reply.time.map((_, at) => at),
  )
  if (asked.length < signals.length) out.note(text('query.leftOut', { n: signals.length - asked.length }))
}

/** The signal's own name, or its path when another column has the same. */
function columnTitle(signals: readonly Signal[], i: number, nameOf: (signal: Signal) => string): string {
  const signal = signals[i]!
  return signals.filter(({ name }) => name === signal.name).length > 1 ? nameOf(signal) : signal.name
}

async function waveforms(cli: Cli, target: string, options: SpanOptions & { limit?: number }): Promise<void> {
  const span = parseSpan(options, cli.now())
  const { client } = await cli.connect()
  const signal = await new SignalNames(client, new AssetNames(client)).one(target)
  const reply = await client.queryWaveforms({ body: { signal: signal.id, ...span, limit: options.limit ?? 10 } })
  const { out } = cli
  if (out.json) return out.value(reply)
  if (reply.items.length === 0) return out.note(text('query.empty'))
  const rms = (samples: readonly number[]) => Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length)
  out.table(
    [
      { title: text('fields.time'), value: ({ time }) => out.exactTime(time), whole: true },
      { title: text('fields.sampleRate'), value: ({ sampleRate }) => `${shownNumber(sampleRate)} Hz`, align: 'right' },
      { title: text('fields.samples'), value: ({ samples }) => String(samples.length), align: 'right' },
      {
        title: text('fields.min'),
        value: ({ samples }) => shownNumber(samples.reduce((least, x) => Math.min(least, x))),
        align: 'right',
      },
      {
        title: text('fields.max'),
        value: ({ samples }) => shownNumber(samples.reduce((most, x) => Math.max(most, x))),
        align: 'right',
      },
      { title: text('fields.rms'), value: ({ samples }) => shownNumber(rms(samples)), align: 'right' },
      { title: text('fields.unit'), value: ({ unit }) => shownUnit(unit) },
    ],
    reply.items,
  )
}
