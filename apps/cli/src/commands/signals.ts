import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { choice, command, given, group, realOrNone } from '../command.ts'
import { usage } from '../errors.ts'
import { parseDuration, writeDuration } from '../input/durations.ts'
import { withoutCommon } from '../input/path.ts'
import { type PageOptions, pageOptions, readPages, showPage } from '../listing.ts'
import { shownAge } from '../output/times.ts'
import { shownNumber, shownQuality, shownUnit, shownValue } from '../output/values.ts'
import { AssetNames } from '../resolve/assets.ts'
import { type Signal, SignalNames } from '../resolve/signals.ts'
import { findDevice } from '../resolve/things.ts'
import { text } from '../texts/text.ts'
import { KINDS, RETENTIONS } from './words.ts'

interface ListOptions extends PageOptions {
  readonly under?: string
  readonly device?: string
  readonly kind?: Signal['kind']
  readonly search?: string
}

interface SetOptions {
  readonly unit?: string
  readonly description?: string
  readonly equipment?: string
  readonly min?: number | null
  readonly max?: number | null
  readonly maxRate?: number | null
  readonly staleAfter?: number | null
  readonly flatAfter?: number | null
  readonly retention?: Signal['retention']
}

const durationOrNone = (word: string): number | null => (word === 'none' ? null : parseDuration(word))

export function signalCommands(program: Command, cli: Cli): void {
  const signals = group(program, 'signals', 'signals.group', ['signal'])

  pageOptions(
    command(signals, 'list', {
      text: 'signals.list',
      examples: ['signals list', 'signals list --under P-101', 'signals list --device "PLC 1" --kind number'],
      standard: true,
    })
      .option('--under <node>', text('options.under'))
      .option('--device <device>', text('signals.deviceFilter'))
      .option('--kind <kind>', text('signals.kindFilter', { kinds: KINDS.join(', ') }), choice(KINDS))
      .option('--search <text>', text('options.search')),
  ).action((options: ListOptions) => list(cli, options))

  command(signals, 'show <signal>', { text: 'signals.show', examples: ['signals show P-101/temperature'] }).action(
    (named: string) => show(cli, named),
  )

  command(signals, 'set <signal>', {
    text: 'signals.set',
    examples: [
      'signals set P-101/temperature --min -20 --max 150 --max-rate 5',
      'signals set P-101/temperature --stale-after 30s --retention long',
      'signals set P-101/temperature --max none',
    ],
  })
    .option('--unit <ucum>', text('signals.unit'))
    .option('--description <text>', text('options.description'))
    .option('--equipment <node>', text('signals.equipment'))
    .option('--min <number>', text('signals.min'), realOrNone)
    .option('--max <number>', text('signals.max'), realOrNone)
    .option('--max-rate <number>', text('signals.maxRate'), realOrNone)
    .option('--stale-after <duration>', text('signals.staleAfter'), durationOrNone)
    .option('--flat-after <duration>', text('signals.flatAfter'), durationOrNone)
    .option('--retention <class>', text('signals.retention', { classes: RETENTIONS.join(', ') }), choice(RETENTIONS))
    .action((named: string, options: SetOptions) => change(cli, named, options))
}

async function list(cli: Cli, options: ListOptions): Promise<void> {
  const { client } = await cli.connect()
  const assets = new AssetNames(client)
  const query = given({
    under: options.under === undefined ? undefined : (await assets.get(options.under)).id,
    device: options.device === undefined ? undefined : (await findDevice(client, options.device)).id,
    kind: options.kind,
    q: options.search,
  })
  const page = await readPages((part) => client.listSignals({ query: { ...query, ...part } }), options)
  const paths = cli.out.json
    ? new Map<string, string>()
    : withoutCommon(await new SignalNames(client, assets).paths(page.items), 2)
  showPage(
    cli,
    page,
    [
      { title: text('fields.signal'), value: ({ id, name }) => paths.get(id) ?? name, keepEnd: true, readable: 40 },
      { title: text('fields.kind'), value: ({ kind }) => kind, whole: true },
      { title: text('fields.unit'), value: ({ unit }) => shownUnit(unit), whole: true },
      { title: text('fields.description'), value: ({ description }) => description, drop: 2 },
      { title: text('fields.id'), value: ({ id }) => id, whole: true, drop: 3 },
    ],
    text('signals.none'),
  )
}

async function show(cli: Cli, named: string): Promise<void> {
  const { client } = await cli.connect()
  const names = new SignalNames(client, new AssetNames(client))
  const signal = await names.one(named)
  const { out } = cli
  if (out.json) return out.value(signal)
  const [path, reply] = await Promise.all([
    names.paths([signal]),
    client.queryLatest({ body: { signals: [signal.id] } }),
  ])
  const latest = reply.items[0]
  const duration = (micros: number | null) => (micros === null ? '' : writeDuration(micros))
  const number = (value: number | null) => (value === null ? '' : shownNumber(value))
  out.record([
    [text('fields.signal'), path.get(signal.id)],
    [text('fields.kind'), signal.kind],
    [text('fields.unit'), shownUnit(signal.unit)],
    [text('fields.description'), signal.description],
    [
      text('fields.latest'),
      latest === undefined || latest.time === null
        ? text('values.none')
        : `${shownValue(latest.value, signal.kind)} ${shownUnit(signal.unit)}`.trim(),
    ],
    [
      text('fields.age'),
      latest === undefined || latest.time === null
        ? ''
        : `${shownAge(latest.time, cli.now())}${latest.stale ? ` (${text('values.stale')})` : ''}`,
    ],
    [text('fields.quality'), latest === undefined || latest.time === null ? '' : shownQuality(latest.quality)],
    [text('fields.min'), number(signal.min)],
    [text('fields.max'), number(signal.max)],
    [text('fields.maxRate'), number(signal.maxRate)],
    [text('fields.staleAfter'), duration(signal.staleAfter)],
    [text('fields.flatAfter'), duration(signal.flatAfter)],
    [text('fields.retention'), signal.retention],
    [text('fields.simulated'), signal.simulated ? text('values.yes') : ''],
    [text('fields.created'), out.time(signal.createdAt)],
    [text('fields.id'), signal.id],
  ])
}

async function change(cli: Cli, named: string, options: SetOptions): Promise<void> {
  const { client } = await cli.connect()
  const assets = new AssetNames(client)
  const names = new SignalNames(client, assets)
  const signal = await names.one(named)
  const { equipment, ...plain } = options
  const body = given({
    ...plain,
    equipment: equipment === undefined ? undefined : equipment === 'none' ? null : (await assets.get(equipment)).id,
  })
  if (Object.keys(body).length === 0) throw usage(text('input.nothingToChange'))
  const changed = await client.updateSignal({ params: { id: signal.id }, body, ifMatch: signal.version })
  if (cli.out.json) return cli.out.value(changed)
  cli.out.line(text('signals.changed', { path: (await names.paths([changed])).get(changed.id) ?? changed.name }))
}
