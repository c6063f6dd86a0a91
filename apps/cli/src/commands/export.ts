import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { choice, command, given } from '../command.ts'
import { usage } from '../errors.ts'
import { parseDuration } from '../input/durations.ts'
import { parseSpan } from '../input/times.ts'
import { streamTo } from '../output/file-sink.ts'
import { shownBytes } from '../output/values.ts'
import { AssetNames } from '../resolve/assets.ts'
import { SignalNames } from '../resolve/signals.ts'
import { text } from '../texts/text.ts'
import { spanOptions } from './query.ts'
import { FORMATS, LAYOUTS } from './words.ts'

interface ExportOptions {
  readonly from?: string
  readonly to?: string
  readonly format?: (typeof FORMATS)[number]
  readonly layout?: (typeof LAYOUTS)[number]
  readonly step?: number
  readonly out?: string
  readonly yes?: boolean
}

const MOST_SIGNALS = 500

export function exportCommand(program: Command, cli: Cli): void {
  spanOptions(
    command(program, 'export <targets...>', {
      text: 'files.export',
      examples: [
        'export P-101 --from -1d --out readings.csv',
        'export "Plant North" --from 2026-11-01 --to 2026-12-01 --out november.parquet',
        'export P-101/temperature --from -1h | head',
      ],
    })
      .option('-o, --out <file>', text('files.out'))
      .option('--format <format>', text('files.format', { formats: FORMATS.join(', ') }), choice(FORMATS))
      .option('--layout <layout>', text('files.layout'), choice(LAYOUTS))
      .option('--step <duration>', text('files.step'), parseDuration)
      .option('-y, --yes', text('files.replace')),
  ).action((targets: string[], options: ExportOptions) => exportReadings(cli, targets, options))
}

/** By the option, else by the file's ending, else CSV. */
function formatOf(options: ExportOptions): (typeof FORMATS)[number] {
  if (options.format !== undefined) return options.format
  const ending = /\.(\w+)$/.exec(options.out ?? '')?.[1]?.toLowerCase()
  return FORMATS.find((format) => format === ending) ?? 'csv'
}

async function exportReadings(cli: Cli, targets: readonly string[], options: ExportOptions): Promise<void> {
  const span = parseSpan(options, cli.now())
  const format = formatOf(options)
  const signal = cli.interruptible()
  const { client } = await cli.connectPatiently()
  const signals = await new SignalNames(client, new AssetNames(client)).many(targets)
  if (signals.length > MOST_SIGNALS)
    throw usage(text('files.tooManySignals', { n: signals.length, limit: MOST_SIGNALS }))
  const body = {
    signals: signals.map(({ id }) => id),
    ...span,
    format,
    ...given({ layout: options.layout, step: options.step }),
  }
  const bytes = await streamTo(
    () => client.exportReadings({ body, signal }),
    { file: options.out, replace: options.yes === true, binary: format === 'parquet' || format === 'arrow', signal },
    cli.out,
  )
  if (options.out !== undefined && options.out !== '-') {
    cli.out.note(text('files.exported', { n: signals.length, bytes: shownBytes(bytes), file: options.out }))
  }
}
