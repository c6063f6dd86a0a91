import type { Client } from '@millwright/sdk'
import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { collect, command, given, group, whole } from '../command.ts'
import { refused, usage } from '../errors.ts'
import { withoutCommon } from '../input/path.ts'
import { type PageOptions, pageOptions, readPages, showPage } from '../listing.ts'
import { AssetNames } from '../resolve/assets.ts'
import { findAgent, findConnection } from '../resolve/things.ts'
import { text } from '../texts/text.ts'
import { assertTrusts, type DraftOptions, decided, draft, said } from './connection-draft.ts'
import { browseConnection, previewConnection, testConnection } from './connection-tries.ts'
import { type Connection, showConnection } from './connection-view.ts'

export function connectionCommands(program: Command, cli: Cli): void {
  const connections = group(program, 'connections', 'connections.group', ['connection'])

  pageOptions(
    command(connections, 'list', {
      text: 'connections.list',
      examples: ['connections list', 'connections list --adapter opcua --json'],
      standard: true,
    })
      .option('--adapter <adapter>', text('connections.adapterFilter'))
      .option('--agent <agent>', text('connections.agentFilter'))
      .option('--search <text>', text('options.search')),
  ).action((options: ListOptions) => list(cli, options))

  command(connections, 'show <connection>', {
    text: 'connections.show',
    examples: ['connections show "Press 3"', 'connections show "Press 3" --json'],
  }).action(async (named: string) => {
    const { client } = await cli.connect()
    await showConnection(cli, client, await findConnection(client, named))
  })

  drafted(
    command(connections, 'create [name]', {
      text: 'connections.create',
      about: 'connections.createAbout',
      examples: [
        'connections create "Press 3" --adapter modbus --set transport.type=tcp --set transport.host=10.0.0.5 --equipment P-3',
        'connections create --file press.yaml --agent "Line 3"',
      ],
    }),
  )
    .option('--equipment <node>', text('connections.equipment'))
    .option('--disabled', text('connections.disabled'))
    .action((name: string | undefined, options: DraftOptions & { disabled?: boolean }) => create(cli, name, options))

  command(connections, 'set <connection>', {
    text: 'connections.set',
    examples: ['connections set "Press 3" --set transport.host=10.0.0.6', 'connections set "Press 3" --agent "Line 3"'],
  })
    .option('--name <name>', text('options.name'))
    .option('--equipment <node>', text('connections.equipment'))
    .option('--agent <agent>', text('connections.agent'))
    .option('--file <file>', text('connections.file'))
    .option('--set <path=value>', text('connections.setOption'), collect)
    .action((named: string, options: DraftOptions & { name?: string }) => change(cli, named, options))

  for (const enabled of [true, false]) {
    const word = enabled ? 'enable' : 'disable'
    command(connections, `${word} <connection>`, {
      text: enabled ? 'connections.enable' : 'connections.disable',
      examples: [`connections ${word} "Press 3"`],
    }).action((named: string) => switchTo(cli, named, enabled))
  }

  command(connections, 'delete <connection>', {
    text: 'connections.delete',
    examples: ['connections delete "Press 3" --yes'],
  })
    .option('-y, --yes', text('options.yes'))
    .action((named: string, options: { yes?: boolean }) => remove(cli, named, options.yes))

  drafted(
    command(connections, 'test [connection]', {
      text: 'connections.test',
      examples: [
        'connections test "Press 3"',
        'connections test --adapter modbus --set transport.type=tcp --set transport.host=10.0.0.5',
      ],
    }),
  ).action(async (named: string | undefined, options: DraftOptions) => {
    const { client } = await cli.connect()
    await testConnection(cli, client, await draft(client, named, options))
  })

  drafted(
    command(connections, 'browse [connection]', {
      text: 'connections.browse',
      examples: ['connections browse "Press 3"', 'connections browse "Press 3" --node "ns=2;s=Drive"'],
    }),
  )
    .option('--node <id>', text('connections.node'))
    .action(async (named: string | undefined, { node, ...options }: DraftOptions & { node?: string }) => {
      const { client } = await cli.connect()
      await browseConnection(cli, client, await draft(client, named, options), node)
    })

  drafted(
    command(connections, 'preview [connection]', {
      text: 'connections.preview',
      examples: ['connections preview "Press 3"', 'connections preview "Press 3" --seconds 10 --readings 100 --json'],
    }),
  )
    .option('--seconds <n>', text('connections.seconds'), whole(1, 30))
    .option('--readings <n>', text('connections.readings'), whole(1, 500))
    .action(
      async (
        named: string | undefined,
        { seconds = 5, readings = 20, ...options }: DraftOptions & { seconds?: number; readings?: number },
      ) => {
        const { client } = await cli.connect()
        await previewConnection(cli, client, await draft(client, named, options), seconds, readings)
      },
    )

  for (const accept of [true, false]) {
    const word = accept ? 'accept' : 'reject'
    command(connections, `${word} <connection> [fingerprint]`, {
      text: accept ? 'connections.accept' : 'connections.reject',
      examples: [`connections ${word} "Press 3"`, `connections ${word} "Press 3" 5f3a09`],
    }).action((named: string, fingerprint: string | undefined) => judge(cli, named, fingerprint, accept))
  }
}

const drafted = (made: Command): Command =>
  made
    .option('--adapter <adapter>', text('connections.adapter'))
    .option('--agent <agent>', text('connections.agent'))
    .option('--file <file>', text('connections.file'))
    .option('--set <path=value>', text('connections.setOption'), collect)

interface ListOptions extends PageOptions {
  readonly adapter?: string
  readonly agent?: string
  readonly search?: string
}

async function list(cli: Cli, options: ListOptions): Promise<void> {
  const { client } = await cli.connect()
  const query = given({
    adapter: options.adapter,
    agent: options.agent === undefined ? undefined : (await findAgent(client, options.agent)).device,
    q: options.search,
  })
  const page = await readPages((part) => client.listConnections({ query: { ...query, ...part } }), options)
  const paths = cli.out.json
    ? new Map<string, string>()
    : withoutCommon(await new AssetNames(client).paths(page.items.map(({ equipment }) => equipment)), 1)
  showPage(
    cli,
    page,
    [
      { title: text('fields.name'), value: ({ name }) => name },
      { title: text('fields.adapter'), value: ({ adapter }) => adapter, whole: true },
      { title: text('fields.state'), value: ({ status }) => status.state, whole: true },
      {
        title: text('fields.rate'),
        value: ({ status }) => status.readingsPerSecond.toLocaleString('en'),
        align: 'right',
        whole: true,
      },
      { title: text('fields.reason'), value: ({ status }) => status.reason ?? '' },
      {
        title: text('fields.equipment'),
        value: ({ equipment }) => paths.get(equipment ?? '') ?? '',
        keepEnd: true,
        drop: 1,
      },
      { title: text('fields.id'), value: ({ id }) => id, whole: true, drop: 2 },
    ],
    text('connections.none'),
  )
}

async function create(
  cli: Cli,
  name: string | undefined,
  options: DraftOptions & { disabled?: boolean },
): Promise<void> {
  const { client } = await cli.connect()
  const { adapter, config = {}, ...rest } = await said(client, options)
  const called = name ?? rest.name
  if (called === undefined) throw usage(text('connections.needsName'))
  if (adapter === undefined) throw usage(text('connections.needsAdapter'))
  const made = await client.createConnection({
    body: { ...rest, name: called, adapter, config, enabled: options.disabled !== true },
  })
  if (cli.out.json) return cli.out.value(made)
  cli.out.line(text('connections.created', { name: made.name, id: made.id }))
}

async function change(cli: Cli, named: string, options: DraftOptions & { name?: string }): Promise<void> {
  const { client } = await cli.connect()
  const held = await findConnection(client, named)
  const { adapter: _, ...read } = await said(client, options, held.config)
  const body = given({ ...read, name: options.name ?? read.name })
  if (Object.keys(body).length === 0) throw usage(text('input.nothingToChange'))
  await update(cli, client, held, body, text('connections.changed', { name: options.name ?? held.name }))
}

async function switchTo(cli: Cli, named: string, enabled: boolean): Promise<void> {
  const { client } = await cli.connect()
  const held = await findConnection(client, named)
  const { name } = held
  const done = enabled ? text('connections.enabled', { name }) : text('connections.disabledDone', { name })
  await update(cli, client, held, { enabled }, done)
}

async function remove(cli: Cli, named: string, yes: boolean | undefined): Promise<void> {
  const { client } = await cli.connect()
  const { id, name } = await findConnection(client, named)
  await cli.confirm(text('connections.deleteQuestion', { name }), yes)
  await client.deleteConnection({ params: { id } })
  if (!cli.out.json) cli.out.line(text('connections.deleted', { name }))
}

async function judge(cli: Cli, named: string, fingerprint: string | undefined, accept: boolean): Promise<void> {
  const { client } = await cli.connect()
  const held = await findConnection(client, named)
  const certificate = waiting(held, fingerprint)
  await assertTrusts(client, held)
  const config = decided(held.config, certificate, accept)
  const { subject } = certificate
  const done = accept ? text('connections.accepted', { subject }) : text('connections.rejected', { subject })
  await update(cli, client, held, { config }, done)
}

type Certificate = Connection['status']['certificates'][number]

function waiting({ status: { certificates } }: Connection, fingerprint: string | undefined): Certificate {
  if (certificates.length === 0) throw refused(text('connections.noCertificate'))
  const plain = fingerprint?.replaceAll(':', '').toLowerCase()
  const found = certificates.filter((one) => plain === undefined || one.fingerprint.toLowerCase().startsWith(plain))
  if (found.length === 1) return found[0]!
  if (plain !== undefined && found.length === 0) {
    throw refused(text('connections.unknownCertificate', { given: fingerprint! }))
  }
  const listed = found.map((one) => `  ${one.fingerprint}  ${one.subject}`).join('\n')
  throw usage(`${text('connections.whichCertificate')}\n${listed}`)
}

async function update(
  cli: Cli,
  client: Client,
  held: Connection,
  body: Parameters<Client['updateConnection']>[0]['body'],
  done: string,
): Promise<void> {
  const changed = await client.updateConnection({ params: { id: held.id }, body, ifMatch: held.version })
  if (cli.out.json) return cli.out.value(changed)
  cli.out.line(done)
}
