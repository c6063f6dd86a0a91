import { createReadStream } from 'node:fs'
import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { choice, command, given } from '../command.ts'
import { CliError, EXIT, usage } from '../errors.ts'
import { TIME_FORMATS, type TimeFormat } from '../input/exact-time.ts'
import { type CsvRow, layoutOf, readCsv } from '../input/readings-csv.ts'
import { AssetNames } from '../resolve/assets.ts'
import { SignalNames } from '../resolve/signals.ts'
import { text } from '../texts/text.ts'
import { ImportSignals } from './import-signals.ts'
import { ReadingWriter } from './import-writer.ts'
import { KINDS } from './words.ts'

interface ImportOptions {
  readonly signal?: string
  readonly equipment?: string
  readonly create?: boolean
  readonly kind?: (typeof KINDS)[number]
  readonly unit?: string
  readonly timeColumn?: string
  readonly timeFormat?: TimeFormat
  readonly dryRun?: boolean
}

/** Rows read before kinds of new signals are settled. */
const LOOK_AHEAD = 1000

export function importCommand(program: Command, cli: Cli): void {
  command(program, 'import <file>', {
    text: 'import.import',
    about: 'import.about',
    examples: [
      'import readings.csv',
      'import pump.csv --equipment "Plant North/P-101" --create',
      'import - --signal P-101/temperature --time-format ms < values.csv',
    ],
  })
    .option('--signal <signal>', text('import.signal'))
    .option('--equipment <node>', text('import.equipment'))
    .option('--create', text('import.create'))
    .option('--kind <kind>', text('import.kind', { kinds: KINDS.join(', ') }), choice(KINDS))
    .option('--unit <ucum>', text('import.unit'))
    .option('--time-column <title>', text('import.timeColumn'))
    .option(
      '--time-format <format>',
      text('import.timeFormat', { formats: TIME_FORMATS.join(', ') }),
      choice(TIME_FORMATS),
    )
    .option('--dry-run', text('import.dryRun'))
    .action((file: string, options: ImportOptions) => importReadings(cli, file, options))
}

async function importReadings(cli: Cli, file: string, options: ImportOptions): Promise<void> {
  const interrupted = cli.interruptible()
  const { client } = await cli.connectPatiently()
  const assets = new AssetNames(client)
  const names = new SignalNames(client, assets)
  const equipment = options.equipment === undefined ? undefined : await assets.get(options.equipment)
  const only = options.signal === undefined ? undefined : await names.one(options.signal)
  const rows = readCsv(file === '-' ? process.stdin : createReadStream(file))[Symbol.asyncIterator]()
  const titles = await rows.next()
  if (titles.done === true) throw usage(text('import.emptyFile', { file }))
  const layout = layoutOf(titles.value.cells, options.timeColumn)
  const first: CsvRow[] = []
  for (let row = await rows.next(); row.done !== true; row = await rows.next()) {
    first.push(row.value)
    if (first.length === LOOK_AHEAD) break
  }
  const signals = new ImportSignals({
    client,
    names,
    equipment,
    only,
    create: options.create === true && options.dryRun !== true,
    dryRun: options.dryRun === true,
    layout,
    sample: first,
    ...given({ kind: options.kind, unit: options.unit }),
  })
  const writer = new ReadingWriter({
    client,
    timeFormat: options.timeFormat ?? 'auto',
    dryRun: options.dryRun === true,
  })
  const progress = cli.out.progress()
  try {
    for await (const row of chained(first, rows)) {
      if (interrupted.aborted)
        throw new CliError(EXIT.interrupted, text('import.interrupted', { n: writer.written, line: row.line }))
      await writer.add(row, layout, signals)
      progress.at(() => text('import.progress', { rows: row.line - 1, written: writer.written }))
    }
    await writer.finish()
  } catch (error) {
    progress.end()
    if (writer.written > 0) cli.out.note(text('import.partly', { n: writer.written }))
    throw error
  }
  progress.end()
  const result = { written: writer.written, signals: signals.used, created: signals.created }
  if (cli.out.json) return cli.out.value(result)
  cli.out.line(
    text(options.dryRun === true ? 'import.wouldWrite' : 'import.done', { n: writer.written, signals: signals.used }),
  )
  if (signals.created > 0) cli.out.line(text('import.created', { n: signals.created }))
}

async function* chained(first: readonly CsvRow[], rest: AsyncIterator<CsvRow>): AsyncGenerator<CsvRow> {
  yield* first
  for (let row = await rest.next(); row.done !== true; row = await rest.next()) yield row.value
}
