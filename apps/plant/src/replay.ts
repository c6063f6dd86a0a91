import { basename, extname } from 'node:path'
import { formatTime, systemClock } from '@millwright/foundation'
import { reasonOf } from '@millwright/sdk/device'
import { Command, InvalidArgumentError, Option } from 'commander'
import { openAccess } from './platform/access.ts'
import { openReplayDevice } from './replay/device.ts'
import type { Delimiter } from './replay/dialect.ts'
import { ENCODINGS, type Encoding } from './replay/encoding.ts'
import type { Decimal } from './replay/numbers.ts'
import { type Plan, planReplay } from './replay/plan.ts'
import { type PlayResult, play } from './replay/player.ts'
import { Progress } from './replay/progress.ts'
import type { RowError } from './replay/row-error.ts'
import { timedRows } from './replay/rows.ts'
import { TIME_FORMAT_WORDS, TIME_FORMATS, type TimeFormat } from './replay/time-format.ts'

interface Options {
  readonly timeColumn?: string
  readonly columns?: string
  readonly speed: number
  readonly now?: true
  readonly device?: string
  readonly equipment?: string
  readonly delimiter?: Delimiter
  readonly decimal?: Decimal
  readonly encoding?: Encoding
  readonly timeFormat?: TimeFormat
  readonly timezone?: string
  readonly header?: boolean
  readonly skipBad?: true
  readonly url: string
  readonly data: string
  readonly token?: string
  readonly fingerprint?: string
}

const environment = process.env

const program = new Command('npm run replay --')
  .description('Plays a recorded CSV as a live device over MQTT/TLS. Ends with 0 only when every row is stored.')
  .argument('<file>', 'the recording')
  .option('--time-column <name>', 'name or number of the column that holds the time (default: found by its name)')
  .option('--columns <names>', 'columns to play, separated by commas (default: all)')
  .option('--speed <factor>', 'seconds of the recording in one second; 0: as fast as it goes', speedOf, 1)
  .option('--now', 'stamp rows with the time they are played at, instead of their own')
  .option('--device <name>', 'the device it plays as (default: the file’s name)')
  .option('--equipment <id>', 'the equipment a new device stands for')
  .option('--delimiter <character>', 'comma, semicolon, tab or | (default: detected)', delimiterOf)
  .addOption(new Option('--decimal <character>', 'decimal sign (default: detected)').choices(['.', ',']))
  .addOption(new Option('--encoding <name>', 'text encoding (default: detected)').choices(ENCODINGS))
  .addOption(new Option('--time-format <name>', 'how times are written (default: detected)').choices(TIME_FORMATS))
  .option('--timezone <name>', 'zone of times without one, as Europe/Berlin or +01:00 (default: UTC)')
  .option('--header', 'the first row names the columns (default: detected)')
  .option('--no-header', 'the first row is data already')
  .option('--skip-bad', 'go on after rows that cannot be read, and list them at the end (exit code 1)')
  .option('--url <address>', 'the platform', environment['MILLWRIGHT_URL'] ?? 'https://localhost:8080')
  .option('--token <token>', 'API token (better: MILLWRIGHT_TOKEN; on the platform’s own machine none is needed)')
  .option('--data <directory>', 'the platform’s data directory', environment['MILLWRIGHT_DATA'] ?? './millwright-data')
  .option('--fingerprint <hex>', 'of the platform’s authority, when it is another machine')

const say = (text: string) => process.stderr.write(`${text}\n`)

async function main(): Promise<boolean> {
  const options = program.parse().opts<Options>()
  const path = program.args[0]!
  if (options.now === true && options.speed === 0)
    throw new Error('--now needs a speed: the rows of the present come one after the other.')
  const plan = await planReplay(path, {
    ...options,
    columns: options.columns?.split(',').map((name) => name.trim()),
  })
  say(planWords(plan))
  const access = () => openAccess({ ...options, token: options.token ?? environment['MILLWRIGHT_TOKEN'] })
  const name = options.device ?? basename(path, extname(path))
  const device = await openReplayDevice({
    access,
    name,
    equipment: options.equipment,
    file: basename(path),
    onTrouble: (reason) => say(`\nThe connection was lost (${reason}); it comes back by itself.`),
  })
  const progress = new Progress(process.stderr, plan.size)
  const bad: RowError[] = []
  const began = systemClock.now()
  try {
    const result = await play({
      rows: timedRows(plan, began, (error) => {
        if (options.skipBad !== true) throw error
        bad.push(error)
      }),
      target: device.client,
      clock: systemClock,
      speed: options.speed,
      present: options.now === true,
      onProgress: (state, row) => progress.show(state, row.bytes),
    })
    progress.end(result, plan.size)
    const refusals = await device.refusals(began)
    report(name, plan, result, bad, refusals)
    return bad.length === 0 && refusals.length === 0 && result.acknowledged === result.sent
  } finally {
    await device.close()
  }
}

function planWords(plan: Plan): string {
  const { delimiter, decimal, header } = plan.dialect
  const names: Record<string, string> = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': '|' }
  const kinds = plan.columns.map(({ name, kind }) => (kind === 'number' ? name : `${name} (${kind})`))
  return [
    `${plan.path}: ${plan.encoding}, separated by ${names[delimiter]}, decimal “${decimal}”, ${header ? 'with' : 'without'} a header`,
    `time: ${plan.time.name}, ${TIME_FORMAT_WORDS[plan.time.format]}, in ${plan.zone.name} where it does not say`,
    `playing: ${kinds.join(', ')}`,
  ].join('\n')
}

function report(
  name: string,
  plan: Plan,
  result: PlayResult,
  bad: readonly RowError[],
  refusals: readonly string[],
): void {
  const { duplicates, first, last } = result
  const lines = [
    `${result.acknowledged} of ${result.rows} rows stored, ${result.readings} readings, as the device ${name}.`,
  ]
  if (first !== undefined && last !== undefined) lines.push(`From ${formatTime(first)} to ${formatTime(last)}.`)
  if (result.empty > 0) lines.push(`${result.empty} rows have a time but no value: there is nothing to store of them.`)
  if (duplicates.count > 0) {
    lines.push(
      `${duplicates.count} rows have a time that came before (first at line ${duplicates.lines.join(', ')}): of each the last one stays.`,
    )
  }
  if (duplicates.outOfOrder > 0) lines.push(`${duplicates.outOfOrder} rows are earlier than one before them.`)
  if (bad.length > 0) {
    lines.push(`${bad.length} rows could not be read:`)
    for (const error of bad.slice(0, 20)) lines.push(`  ${error.message}`)
  }
  if (refusals.length > 0) {
    lines.push(`The platform refused some of it:`)
    for (const reason of new Set(refusals)) lines.push(`  ${reason}`)
  }
  say(`${lines.join('\n')}\n(${plan.path})`)
}

function speedOf(text: string): number {
  const value = Number(text)
  if (!(value >= 0 && value <= 1e9)) throw new InvalidArgumentError('It must be a number, 0 or more.')
  return value
}

function delimiterOf(text: string): Delimiter {
  const named: Record<string, Delimiter> = { comma: ',', semicolon: ';', tab: '\t', '\\t': '\t', pipe: '|' }
  const delimiter = named[text.toLowerCase()] ?? text
  if (delimiter !== ',' && delimiter !== ';' && delimiter !== '\t' && delimiter !== '|')
    throw new InvalidArgumentError('It must be a comma, a semicolon, a tab or |.')
  return delimiter
}

main().then(
  (complete) => process.exit(complete ? 0 : 1),
  (error: unknown) => {
    say(`replay: ${reasonOf(error)}`)
    process.exit(1)
  },
)
