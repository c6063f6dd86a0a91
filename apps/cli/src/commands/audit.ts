import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { command, given, group } from '../command.ts'
import { EXIT } from '../errors.ts'
import { parseMoment } from '../input/times.ts'
import { type PageOptions, pageOptions, readPages, showPage } from '../listing.ts'
import { text } from '../texts/text.ts'

interface ListOptions extends PageOptions {
  readonly action?: string
  readonly actor?: string
  readonly target?: string
  readonly from?: string
  readonly to?: string
}

export function auditCommands(program: Command, cli: Cli): void {
  const audit = group(program, 'audit', 'audit.group')

  pageOptions(
    command(audit, 'list', {
      text: 'audit.list',
      examples: ['audit list --from -1d', 'audit list --action alarm.acknowledge --all --json'],
      standard: true,
    })
      .option('--action <action>', text('audit.action'))
      .option('--actor <id>', text('audit.actor'))
      .option('--target <id>', text('audit.target'))
      .option('--from <time>', text('options.from'))
      .option('--to <time>', text('options.to')),
  ).action(async (options: ListOptions) => {
    const { client } = await cli.connect()
    const now = cli.now()
    const { action, actor, target } = options
    const query = given({
      action,
      actor,
      target,
      from: options.from === undefined ? undefined : parseMoment(options.from, now),
      to: options.to === undefined ? undefined : parseMoment(options.to, now),
    })
    const page = await readPages((part) => client.listAudit({ query: { ...query, ...part } }), options)
    const { out } = cli
    showPage(
      cli,
      page,
      [
        { title: text('fields.number'), value: ({ sequence }) => String(sequence), align: 'right', whole: true },
        { title: text('fields.time'), value: ({ time }) => out.time(time), whole: true },
        { title: text('fields.actor'), value: ({ actorName }) => actorName },
        { title: text('fields.action'), value: ({ action: what }) => what, readable: 20 },
        { title: text('fields.target'), value: ({ target: which }) => which },
        { title: text('fields.detail'), value: ({ detail }) => JSON.stringify(detail), drop: 1 },
        { title: text('fields.address'), value: ({ address }) => address ?? '', drop: 2 },
      ],
      text('audit.none'),
    )
  })

  command(audit, 'verify', {
    text: 'audit.verify',
    examples: ['audit verify || alert "the audit log was tampered with"'],
  }).action(async () => {
    const { client } = await cli.connect()
    const reply = await client.verifyAudit()
    if (!reply.ok) process.exitCode = EXIT.refused
    if (cli.out.json) return cli.out.value(reply)
    if (reply.ok) cli.out.line(text('audit.ok', { n: reply.entries, head: reply.head }))
    else cli.out.line(text('audit.broken', { at: reply.brokenAt ?? '?', n: reply.entries }))
  })
}
