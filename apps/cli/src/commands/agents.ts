import type { Client, components } from '@millwright/sdk'
import { type Command, InvalidArgumentError } from 'commander'
import type { Cli } from '../cli.ts'
import { choice, command, given, group } from '../command.ts'
import { usage } from '../errors.ts'
import { parseDuration, writeDuration } from '../input/durations.ts'
import { type PageOptions, pageOptions, readPages, showPage } from '../listing.ts'
import { shownBytes } from '../output/values.ts'
import { AssetNames } from '../resolve/assets.ts'
import { findAgent } from '../resolve/things.ts'
import { text } from '../texts/text.ts'
import { BACKLOGS, WHEN_FULL } from './words.ts'

type Agent = components['schemas']['Agent']

interface Settings {
  readonly queue?: number
  readonly backlog?: (typeof BACKLOGS)[number]
  readonly whenFull?: (typeof WHEN_FULL)[number]
  readonly rollbackAfter?: number
}

export function agentCommands(program: Command, cli: Cli): void {
  const agents = group(program, 'agents', 'agents.group', ['agent'])

  pageOptions(
    command(agents, 'list', {
      text: 'agents.list',
      examples: ['agents list', 'agents list --json'],
      standard: true,
    }).option('--search <text>', text('options.search')),
  ).action((options: PageOptions & { search?: string }) => list(cli, options))

  command(agents, 'show <agent>', { text: 'agents.show', examples: ['agents show "Line 3"'] }).action(
    async (named: string) => {
      const { client } = await cli.connect()
      show(cli, await findAgent(client, named))
    },
  )

  settings(
    command(agents, 'create <name>', {
      text: 'agents.create',
      examples: ['agents create "Line 3" --equipment "Plant North/Line 3"', 'agents create "Line 3" --queue 16GiB'],
    }).option('--equipment <node>', text('agents.equipment')),
  ).action((name: string, options: Settings & { equipment?: string }) => create(cli, name, options))

  settings(
    command(agents, 'set <agent>', {
      text: 'agents.set',
      examples: ['agents set "Line 3" --backlog newest-first', 'agents set "Line 3" --rollback-after 5m'],
    }),
  ).action((named: string, options: Settings) => change(cli, named, options))
}

const settings = (made: Command): Command =>
  made
    .option('--queue <size>', text('agents.queue'), parseSize)
    .option('--backlog <order>', text('agents.backlog'), choice(BACKLOGS))
    .option('--when-full <what>', text('agents.whenFull'), choice(WHEN_FULL))
    .option('--rollback-after <duration>', text('agents.rollbackAfter'), parseDuration)

const settingsOf = ({ queue, backlog, whenFull, rollbackAfter }: Settings) =>
  given({ queueBytes: queue, backlog, whenFull, rollbackAfter })

async function list(cli: Cli, options: PageOptions & { search?: string }): Promise<void> {
  const { client } = await cli.connect()
  const query = given({ q: options.search })
  const page = await readPages((part) => client.listAgents({ query: { ...query, ...part } }), options)
  showPage(
    cli,
    page,
    [
      { title: text('fields.name'), value: ({ name }) => name },
      { title: text('fields.connection'), value: ({ online }) => (online ? 'online' : 'offline'), whole: true },
      { title: text('fields.configuration'), value: shownConfiguration, whole: true },
      { title: text('fields.queue'), value: shownQueue },
      {
        title: text('fields.connections'),
        value: ({ connections }) => String(connections),
        align: 'right',
        whole: true,
      },
      { title: text('fields.id'), value: ({ device }) => device, whole: true, drop: 1 },
    ],
    text('agents.none'),
  )
}

function show(cli: Cli, agent: Agent): void {
  const { out } = cli
  if (out.json) {
    out.value(agent)
    return
  }
  const { settings: held, configuration, queue } = agent
  out.record([
    [text('fields.name'), agent.name],
    [text('fields.connection'), agent.online ? 'online' : 'offline'],
    [text('fields.software'), agent.software],
    [text('fields.configuration'), shownConfiguration(agent)],
    [text('fields.reason'), configuration.reason],
    [text('fields.connections'), String(agent.connections)],
    [text('fields.queue'), shownQueue(agent)],
    [text('fields.oldest'), out.time(queue?.oldest)],
    [
      text('fields.dropped'),
      queue === undefined || queue.dropped === 0 ? '' : text('agents.dropped', { n: queue.dropped }),
    ],
    [text('fields.size'), shownBytes(held.queueBytes)],
    [text('fields.backlog'), held.backlog],
    [text('fields.whenFull'), held.whenFull],
    [text('fields.rollbackAfter'), writeDuration(held.rollbackAfter)],
    [text('fields.id'), agent.device],
  ])
}

async function create(cli: Cli, name: string, options: Settings & { equipment?: string }): Promise<void> {
  const { client, url } = await cli.connect()
  const { out } = cli
  const agent = await client.createAgent({
    body: given({
      name,
      equipment: await equipmentOf(client, options.equipment),
      settings: settingsOf(options),
    }),
  })
  const made = await client.createEnrolmentToken({ params: { id: agent.device }, body: {} })
  const { publicUrl } = await client.getInfo()
  const address = (publicUrl === '' ? url.origin : publicUrl).replace(/^http:/, 'https:')
  const run = `npm run edge -- --url ${address} --token ${made.token}`
  if (out.json) return out.value({ ...agent, command: run, expiresAt: made.expiresAt })
  out.line(text('agents.created', { name: agent.name, id: agent.device }))
  out.note(text('agents.runIt', { until: out.time(made.expiresAt) }))
  out.line(run)
}

async function change(cli: Cli, named: string, options: Settings): Promise<void> {
  const { client } = await cli.connect()
  const changed = settingsOf(options)
  if (Object.keys(changed).length === 0) throw usage(text('input.nothingToChange'))
  const held = await findAgent(client, named)
  const agent = await client.updateAgent({
    params: { id: held.device },
    body: { settings: changed },
    ifMatch: held.version,
  })
  if (cli.out.json) return cli.out.value(agent)
  cli.out.line(text('agents.changed', { name: agent.name }))
}

async function equipmentOf(client: Client, named: string | undefined): Promise<string | null | undefined> {
  if (named === undefined) return undefined
  return named === 'none' ? null : (await new AssetNames(client).get(named)).id
}

const shownConfiguration = ({ configuration: { desired, reported, state } }: Agent): string =>
  reported === undefined || reported === desired ? `${desired} ${state}` : `${reported} → ${desired} ${state}`

const shownQueue = ({ queue }: Agent): string =>
  queue === undefined ? '' : text('agents.queued', { n: queue.readings, size: shownBytes(queue.bytes) })

const UNITS: Readonly<Record<string, number>> = { MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 }

function parseSize(written: string): number {
  const match = /^(\d+(?:\.\d+)?) ?(MiB|GiB|TiB)$/.exec(written.trim())
  if (match === null) throw new InvalidArgumentError(text('agents.badSize'))
  return Math.round(Number(match[1]) * UNITS[match[2]!]!)
}
