import type { Client } from '@millwright/sdk'
import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { command, real } from '../command.ts'
import { usage } from '../errors.ts'
import { withoutCommon } from '../input/path.ts'
import { clean, safeJson } from '../output/clean.ts'
import { shownQuality, shownUnit, shownValue } from '../output/values.ts'
import { widthOf } from '../output/width.ts'
import { AssetNames } from '../resolve/assets.ts'
import { type Signal, SignalNames } from '../resolve/signals.ts'
import { openLive } from '../session/live.ts'
import { text } from '../texts/text.ts'
import { alarmLine } from './alarm-view.ts'

interface TailOptions {
  readonly alarms?: boolean
  readonly events?: boolean
  readonly rate?: number
}

/** What one subscription to signals may hold. */
const PART = 2000

export function tailCommand(program: Command, cli: Cli): void {
  command(program, 'tail [targets...]', {
    text: 'tail.tail',
    examples: [
      'tail P-101',
      'tail "Plant North/P-101/temperature" "P-102/vib*" --rate 2',
      'tail --alarms --events --json | jq .',
    ],
  })
    .option('--alarms', text('tail.alarms'))
    .option('--events', text('tail.events'))
    .option('--rate <rows>', text('tail.rate'), real)
    .action((targets: string[], options: TailOptions) => tail(cli, targets, options))
}

async function tail(cli: Cli, targets: readonly string[], options: TailOptions): Promise<void> {
  if (targets.length === 0 && options.alarms !== true && options.events !== true) throw usage(text('tail.nothing'))
  const connection = await cli.connect()
  const { client } = connection
  const names = new SignalNames(client, new AssetNames(client))
  const signals = await names.many(targets)
  await follow(cli, connection, (live) => {
    const labels = new Labels()
    for (let at = 0; at < signals.length; at += PART) {
      const part = signals.slice(at, at + PART)
      const show = rowsOf(cli, part, labels)
      live.signals(
        part.map(({ id }) => id),
        show,
        options.rate === undefined ? {} : { maxRate: options.rate },
      )
    }
    void labels.fill(names, signals)
    if (options.alarms === true) {
      live.alarms(({ alarm, transition }) => {
        if (cli.out.json) cli.out.jsonLine({ type: 'alarm', alarm, transition })
        else cli.out.dressed([alarmLine(cli.out, transition)])
      })
    }
    if (options.events === true) {
      live.events(({ event }) => {
        if (cli.out.json) cli.out.jsonLine({ type: 'event', event })
        else cli.out.line(eventLine(cli, event))
      })
    }
  })
}

type Follower = Parameters<Parameters<typeof follow>[2]>[0]

/** Follows live until Ctrl-C or the reader of the pipe goes: both are good ends. Errors: refused, not reachable. */
export async function follow(
  cli: Cli,
  connection: Awaited<ReturnType<Cli['connect']>>,
  begin: (live: ReturnType<typeof openLive>['live']) => void,
): Promise<void> {
  const interrupted = cli.interruptible()
  const { live, broken } = openLive(
    connection,
    (reason) => cli.out.note(text('live.lost', { reason })),
    () => cli.out.note(text('live.back')),
  )
  begin(live)
  const ended = new Promise<void>((resolve) => interrupted.addEventListener('abort', () => resolve(), { once: true }))
  try {
    await Promise.race([broken, ended])
  } finally {
    live.close()
  }
}

type Rows = Parameters<Parameters<Follower['signals']>[1]>[0]

/** Paths of signals, aligned; a name is good enough until they are known. */
class Labels {
  width = 0
  readonly #paths = new Map<string, string>()

  async fill(names: SignalNames, signals: readonly Signal[]): Promise<void> {
    for (const [id, path] of withoutCommon(await names.paths(signals), 2)) {
      const shown = clean(path)
      this.#paths.set(id, shown)
      this.width = Math.min(60, Math.max(this.width, widthOf(shown)))
    }
  }

  of(signal: Signal): string {
    const label = this.#paths.get(signal.id) ?? clean(signal.name)
    return label + ' '.repeat(Math.max(0, this.width - widthOf(label)))
  }
}

function rowsOf(cli: Cli, signals: readonly Signal[], labels: Labels): (rows: Rows) => void {
  const { out } = cli
  return ({ index, time, value, quality, leftOut }) => {
    const lines = index.map((at, i) => {
      const signal = signals[at]!
      const reading = { signal: signal.id, time: time[i]!, value: value[i], quality: quality[i]! }
      if (out.json) return safeJson({ type: 'reading', ...reading })
      const shown = `${shownValue(reading.value, signal.kind)} ${shownUnit(signal.unit)}`.trim()
      const judged = reading.quality === 0 ? '' : `  ${out.style('yellow', shownQuality(reading.quality))}`
      return `${out.style('dim', out.exactTime(reading.time))}  ${labels.of(signal)}  ${clean(shown)}${judged}`
    })
    out.dressed(lines)
    if (leftOut !== undefined && leftOut > 0 && !out.json) out.note(text('live.leftOut', { n: leftOut }))
  }
}

type Event = Awaited<ReturnType<Client['listEvents']>>['items'][number]

export const eventLine = (cli: Cli, event: Event): string =>
  `${cli.out.exactTime(event.time)}  ${event.type}  ${event.subject}  ${JSON.stringify(event.data)}`
