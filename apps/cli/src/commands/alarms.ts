import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { choice, command, given, group } from '../command.ts'
import { formatPath, withoutCommon } from '../input/path.ts'
import { parseMoment } from '../input/times.ts'
import { type PageOptions, pageOptions, readAll, readPages, showPage } from '../listing.ts'
import type { Output } from '../output/output.ts'
import type { Column } from '../output/table.ts'
import { shownAge } from '../output/times.ts'
import { shortId, shownValue } from '../output/values.ts'
import { AssetNames } from '../resolve/assets.ts'
import { findAlarm, findRule } from '../resolve/things.ts'
import { text } from '../texts/text.ts'
import { alarmLine, dressPriority } from './alarm-view.ts'
import { follow } from './tail.ts'
import { ALARM_FILTERS, PRIORITIES } from './words.ts'

type Alarm = Awaited<ReturnType<typeof findAlarm>>

interface ListOptions extends PageOptions {
  readonly state?: (typeof ALARM_FILTERS)[number]
  readonly priority?: Alarm['priority']
  readonly under?: string
  readonly rule?: string
  readonly from?: string
  readonly to?: string
}

export function alarmCommands(program: Command, cli: Cli): void {
  const alarms = group(program, 'alarms', 'alarms.group', ['alarm'])

  pageOptions(
    command(alarms, 'list', {
      text: 'alarms.list',
      examples: [
        'alarms',
        'alarms list --priority high --under "Plant North"',
        'alarms list --state closed --from -7d --json',
      ],
      standard: true,
    })
      .option(
        '--state <state>',
        text('alarms.stateFilter', { states: ALARM_FILTERS.join(', ') }),
        choice(ALARM_FILTERS),
      )
      .option(
        '--priority <priority>',
        text('alarms.priorityFilter', { priorities: PRIORITIES.join(', ') }),
        choice(PRIORITIES),
      )
      .option('--under <node>', text('options.under'))
      .option('--rule <rule>', text('alarms.ruleFilter'))
      .option('--from <time>', text('options.from'))
      .option('--to <time>', text('options.to')),
  ).action((options: ListOptions) => list(cli, options))

  command(alarms, 'show <alarm>', { text: 'alarms.show', examples: ['alarms show 7r6y5n'] }).action((id: string) =>
    show(cli, id),
  )

  const acting = [
    [
      'ack <alarm...>',
      'alarms.ack',
      ['alarms ack 7r6y5n', 'alarms ack 7r6y5n 2x9k4d --comment "on my way"'],
      acknowledge,
    ],
    ['reset <alarm...>', 'alarms.reset', ['alarms reset 7r6y5n --comment "bearing replaced"'], reset],
  ] as const
  for (const [signature, key, examples, act] of acting) {
    command(alarms, signature, { text: key, examples, aliases: signature.startsWith('ack') ? ['acknowledge'] : [] })
      .option('--comment <text>', text('alarms.comment'))
      .action((ids: string[], options: { comment?: string }) => act(cli, ids, options.comment))
  }

  command(alarms, 'comment <alarm> <comment>', {
    text: 'alarms.commentCommand',
    examples: ['alarms comment 7r6y5n "waiting for the spare part"'],
  }).action(async (id: string, comment: string) => {
    const { client } = await cli.connect()
    const alarm = await findAlarm(client, id)
    const written = await client.commentAlarm({ params: { id: alarm.id }, body: { comment } })
    if (cli.out.json) cli.out.value(written)
    else cli.out.dressed([alarmLine(cli.out, written)])
  })

  pageOptions(
    command(alarms, 'journal', {
      text: 'alarms.journal',
      examples: [
        'alarms journal --from -1d',
        'alarms journal --alarm 7r6y5n',
        'alarms journal --under P-101 --all --json',
      ],
    })
      .option('--alarm <alarm>', text('alarms.alarmFilter'))
      .option('--under <node>', text('options.under'))
      .option('--from <time>', text('options.from'))
      .option('--to <time>', text('options.to')),
  ).action((options: JournalOptions) => journal(cli, options))

  command(alarms, 'watch', { text: 'alarms.watch', examples: ['alarms watch', 'alarms watch --json'] }).action(() =>
    watch(cli),
  )
}

function columnsOf(out: Output, now: number, alarms: readonly Alarm[]): readonly Column<Alarm>[] {
  const paths = withoutCommon(new Map(alarms.map(({ id, equipmentPath }) => [id, formatPath(equipmentPath)])), 1)
  return [
    { title: text('fields.id'), value: ({ id }) => shortId(id), whole: true },
    {
      title: text('fields.priority'),
      value: ({ priority }) => priority,
      whole: true,
      dress: (shown, { priority }) => dressPriority(out, priority, shown),
    },
    { title: text('fields.state'), value: ({ state }) => text(`states.${state}`), whole: true },
    { title: text('fields.raised'), value: ({ raisedAt }) => shownAge(raisedAt, now), align: 'right', whole: true },
    { title: text('fields.equipment'), value: ({ id }) => paths.get(id)!, keepEnd: true, readable: 10 },
    {
      title: text('fields.message'),
      value: ({ message, ruleName }) => (message === '' ? ruleName : message),
      readable: 30,
    },
    {
      title: text('fields.simulated'),
      value: ({ simulated }) => (simulated ? text('values.yes') : ''),
      drop: 1,
      whole: true,
    },
  ]
}

async function list(cli: Cli, options: ListOptions): Promise<void> {
  const { client } = await cli.connect()
  const now = cli.now()
  const query = given({
    state: options.state,
    priority: options.priority,
    under: options.under === undefined ? undefined : (await new AssetNames(client).get(options.under)).id,
    rule: options.rule === undefined ? undefined : (await findRule(client, options.rule)).id,
    from: options.from === undefined ? undefined : parseMoment(options.from, now),
    to: options.to === undefined ? undefined : parseMoment(options.to, now),
  })
  const page = await readPages((part) => client.listAlarms({ query: { ...query, ...part } }), options)
  showPage(
    cli,
    page,
    columnsOf(cli.out, now, page.items),
    text(options.state === undefined ? 'alarms.noneStanding' : 'alarms.none'),
  )
}

async function show(cli: Cli, id: string): Promise<void> {
  const { client } = await cli.connect()
  const alarm = await findAlarm(client, id)
  const { out } = cli
  if (out.json) return out.value(alarm)
  const by = alarm.acknowledgedBy === undefined ? '' : ` ${text('alarms.by', { by: alarm.acknowledgedBy })}`
  out.record([
    [text('fields.message'), alarm.message],
    [text('fields.priority'), alarm.priority],
    [text('fields.state'), alarm.state],
    [text('fields.equipment'), formatPath(alarm.equipmentPath)],
    [text('fields.rule'), alarm.ruleName],
    [text('fields.response'), alarm.response],
    [
      text('fields.values'),
      Object.entries(alarm.values)
        .map(([name, value]) => `${name} = ${shownValue(value)}`)
        .join('\n'),
    ],
    [text('fields.raised'), out.time(alarm.raisedAt)],
    [text('fields.returned'), out.time(alarm.returnedAt)],
    [text('fields.acknowledged'), alarm.acknowledgedAt === undefined ? '' : `${out.time(alarm.acknowledgedAt)}${by}`],
    [text('fields.closed'), out.time(alarm.closedAt)],
    [text('fields.simulated'), alarm.simulated ? text('values.yes') : ''],
    [text('fields.id'), alarm.id],
  ])
  const transitions = await readAll((page) => client.listJournal({ query: { ...page, alarm: alarm.id } }))
  if (transitions.length === 0) return
  out.line()
  out.dressed(transitions.map((transition) => alarmLine(out, transition)))
}

type Act = (
  client: Awaited<ReturnType<Cli['connect']>>['client'],
  alarm: Alarm,
  comment: string | undefined,
) => Promise<Alarm>

async function actOn(
  cli: Cli,
  ids: readonly string[],
  comment: string | undefined,
  act: Act,
  done: 'alarms.acknowledged' | 'alarms.wasReset',
) {
  const { client } = await cli.connect()
  // Found first, all of them: a name that fits none changes nothing.
  const found = await Promise.all(ids.map((id) => findAlarm(client, id)))
  const changed: Alarm[] = []
  for (const alarm of found) {
    const after = await act(client, alarm, comment)
    changed.push(after)
    if (!cli.out.json) {
      cli.out.line(text(done, { equipment: after.equipmentName, rule: after.ruleName, state: after.state }))
    }
  }
  if (cli.out.json) cli.out.value(changed.length === 1 ? changed[0] : { items: changed })
}

const acknowledge = (cli: Cli, ids: readonly string[], comment: string | undefined): Promise<void> =>
  actOn(
    cli,
    ids,
    comment,
    (client, { id }, said) => client.acknowledgeAlarm({ params: { id }, body: given({ comment: said }) }),
    'alarms.acknowledged',
  )

const reset = (cli: Cli, ids: readonly string[], comment: string | undefined): Promise<void> =>
  actOn(
    cli,
    ids,
    comment,
    (client, { id }, said) => client.resetAlarm({ params: { id }, body: given({ comment: said }) }),
    'alarms.wasReset',
  )

interface JournalOptions extends PageOptions {
  readonly alarm?: string
  readonly under?: string
  readonly from?: string
  readonly to?: string
}

async function journal(cli: Cli, options: JournalOptions): Promise<void> {
  const { client } = await cli.connect()
  const { out } = cli
  const now = cli.now()
  const query = given({
    alarm: options.alarm === undefined ? undefined : (await findAlarm(client, options.alarm)).id,
    under: options.under === undefined ? undefined : (await new AssetNames(client).get(options.under)).id,
    from: options.from === undefined ? undefined : parseMoment(options.from, now),
    to: options.to === undefined ? undefined : parseMoment(options.to, now),
  })
  const page = await readPages((part) => client.listJournal({ query: { ...query, ...part } }), options)
  showPage(
    cli,
    page,
    [
      { title: text('fields.time'), value: ({ time }) => out.time(time), whole: true },
      {
        title: text('fields.priority'),
        value: ({ priority }) => priority,
        whole: true,
        dress: (shown, { priority }) => dressPriority(out, priority, shown),
        drop: 1,
      },
      { title: text('fields.transition'), value: ({ transition }) => transition, whole: true },
      { title: text('fields.equipment'), value: ({ equipmentName }) => equipmentName },
      { title: text('fields.message'), value: ({ message, ruleName }) => (message === '' ? ruleName : message) },
      { title: text('fields.by'), value: ({ by }) => by },
      { title: text('fields.comment'), value: ({ comment }) => comment ?? '', drop: 2 },
    ],
    text('alarms.noJournal'),
  )
}

/** What stands now, then each transition as it happens. */
async function watch(cli: Cli): Promise<void> {
  const connection = await cli.connect()
  const { out } = cli
  const standing = await readAll((page) => connection.client.listAlarms({ query: page }))
  if (out.json) for (const alarm of standing) out.jsonLine({ type: 'standing', alarm })
  else if (standing.length === 0) out.note(text('alarms.noneStanding'))
  else out.table(columnsOf(out, cli.now(), standing), standing)
  if (!out.json) out.note(text('alarms.watching'))
  await follow(cli, connection, (live) => {
    live.alarms(({ alarm, transition }) => {
      if (out.json) out.jsonLine({ type: 'alarm', alarm, transition })
      else out.dressed([alarmLine(out, transition)])
    })
  })
}
