import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { choice, command, given, group } from '../command.ts'
import { usage } from '../errors.ts'
import { writeDocument } from '../input/documents.ts'
import { parseDuration } from '../input/durations.ts'
import { type PageOptions, pageOptions, readPages, showPage } from '../listing.ts'
import { findRule } from '../resolve/things.ts'
import { text } from '../texts/text.ts'
import { dressPriority } from './alarm-view.ts'
import { spanOptions } from './query.ts'
import { checkRule, dryRunRule } from './rule-check.ts'
import { type RuleOptions, ruleBody, ruleFile } from './rule-file.ts'
import { showRule } from './rule-view.ts'
import { PRIORITIES } from './words.ts'

export function ruleCommands(program: Command, cli: Cli): void {
  const rules = group(program, 'rules', 'rules.group', ['rule'])

  pageOptions(
    command(rules, 'list', {
      text: 'rules.list',
      examples: ['rules list', 'rules list --search bearing'],
      standard: true,
    }).option('--search <text>', text('options.search')),
  ).action((options: PageOptions & { search?: string }) => list(cli, options))

  command(rules, 'show <rule>', {
    text: 'rules.show',
    examples: ['rules show "Bearing hot"', 'rules show "Bearing hot" --file bearing.yaml'],
  })
    .option('-f, --file <file>', text('rules.toFile'))
    .action(async (named: string, options: { file?: string }) => {
      const { client } = await cli.connect()
      const rule = await findRule(client, named)
      if (options.file === undefined) return showRule(cli, client, rule)
      await writeDocument(options.file, await ruleFile(client, rule))
      cli.out.note(text('rules.written', { name: rule.name, file: options.file }))
    })

  ruleOptions(
    command(rules, 'create', {
      text: 'rules.create',
      examples: [
        'rules create --file bearing.yaml',
        'rules create --name "Bearing hot" --class Pump --condition \'avg(temperature, "1m") > 80.0\' --priority high',
      ],
    }),
  ).action(async (options: RuleOptions) => {
    const { client } = await cli.connect()
    const body = await ruleBody(client, options)
    const { name, condition, priority } = body
    if (name === undefined || condition === undefined || priority === undefined) throw usage(text('rules.incomplete'))
    const rule = await client.createRule({ body: { ...body, name, condition, priority } })
    if (cli.out.json) return cli.out.value(rule)
    cli.out.line(text('rules.created', { name: rule.name, id: rule.id }))
    if (rule.fault !== null) cli.out.note(text('rules.fault', { fault: rule.fault }))
  })

  ruleOptions(
    command(rules, 'update <rule>', {
      text: 'rules.update',
      examples: ['rules update "Bearing hot" --priority critical', 'rules update "Bearing hot" --file bearing.yaml'],
      aliases: ['set'],
    }),
  ).action(async (named: string, options: RuleOptions) => {
    const { client } = await cli.connect()
    const rule = await findRule(client, named)
    await change(cli, client, rule, await ruleBody(client, options))
  })

  for (const [name, enabled] of [
    ['enable', true],
    ['disable', false],
  ] as const) {
    command(rules, `${name} <rule...>`, { text: `rules.${name}`, examples: [`rules ${name} "Bearing hot"`] }).action(
      async (names: string[]) => {
        const { client } = await cli.connect()
        const found = await Promise.all(names.map((named) => findRule(client, named)))
        for (const rule of found) await change(cli, client, rule, { enabled })
      },
    )
  }

  ruleOptions(
    command(rules, 'check [rule]', {
      text: 'rules.check',
      examples: ['rules check "Bearing hot"', "rules check --class Pump --condition 'temperature > 80.0'"],
    }),
  ).action((named: string | undefined, options: RuleOptions) => checkRule(cli, named, options))

  spanOptions(
    ruleOptions(
      command(rules, 'dry-run [rule]', {
        text: 'rules.dryRun',
        examples: ['rules dry-run "Bearing hot" --from -7d', 'rules dry-run --file bearing.yaml --from -1d --json'],
      }),
    ),
  ).action((named: string | undefined, options: RuleOptions & { from?: string; to?: string }) =>
    dryRunRule(cli, named, options),
  )

  command(rules, 'delete <rule>', { text: 'rules.delete', examples: ['rules delete "Bearing hot" --yes'] })
    .option('-y, --yes', text('options.yes'))
    .action(async (named: string, options: { yes?: boolean }) => {
      const { client } = await cli.connect()
      const rule = await findRule(client, named)
      await cli.confirm(text('rules.deleteQuestion', { name: rule.name }), options.yes)
      await client.deleteRule({ params: { id: rule.id } })
      if (!cli.out.json) cli.out.line(text('rules.deleted', { name: rule.name }))
    })
}

const ruleOptions = (made: Command): Command =>
  made
    .option('-f, --file <file>', text('rules.file'))
    .option('--name <name>', text('options.name'))
    .option('--condition <cel>', text('rules.condition'))
    .option('--clear-condition <cel>', text('rules.clearCondition'))
    .option('--class <class>', text('rules.class'))
    .option('--equipment <node>', text('rules.equipment'))
    .option('--priority <priority>', text('rules.priority', { priorities: PRIORITIES.join(', ') }), choice(PRIORITIES))
    .option('--on-delay <duration>', text('rules.onDelay'), parseDuration)
    .option('--off-delay <duration>', text('rules.offDelay'), parseDuration)
    .option('--latching', text('rules.latching'))
    .option('--no-latching', text('rules.noLatching'))
    .option('--message <text>', text('rules.message', { signal: '{temperature}' }))
    .option('--response <text>', text('rules.response'))
    .option('--description <text>', text('options.description'))

async function list(cli: Cli, options: PageOptions & { search?: string }): Promise<void> {
  const { client } = await cli.connect()
  const query = given({ q: options.search })
  const page = await readPages((part) => client.listRules({ query: { ...query, ...part } }), options)
  const { out } = cli
  showPage(
    cli,
    page,
    [
      { title: text('fields.name'), value: ({ name }) => name, readable: 24 },
      {
        title: text('fields.priority'),
        value: ({ priority }) => priority,
        whole: true,
        dress: (shown, { priority }) => dressPriority(out, priority, shown),
      },
      {
        title: text('fields.state'),
        value: ({ enabled, fault }) => text(!enabled ? 'rules.off' : fault === null ? 'rules.on' : 'rules.faulty'),
        whole: true,
      },
      { title: text('fields.watches'), value: ({ watches }) => String(watches), align: 'right', whole: true },
      { title: text('fields.condition'), value: ({ condition }) => condition, drop: 1 },
      { title: text('fields.id'), value: ({ id }) => id, whole: true, drop: 2 },
    ],
    text('rules.none'),
  )
}

type Client = Awaited<ReturnType<Cli['connect']>>['client']

async function change(
  cli: Cli,
  client: Client,
  rule: { id: string; version: number },
  body: Parameters<Client['updateRule']>[0]['body'],
): Promise<void> {
  if (Object.keys(body).length === 0) throw usage(text('input.nothingToChange'))
  const changed = await client.updateRule({ params: { id: rule.id }, body, ifMatch: rule.version })
  if (cli.out.json) return cli.out.value(changed)
  const state = text(!changed.enabled ? 'rules.off' : changed.fault === null ? 'rules.on' : 'rules.faulty')
  cli.out.line(text('rules.changed', { name: changed.name, state }))
  if (changed.fault !== null) cli.out.note(text('rules.fault', { fault: changed.fault }))
}
