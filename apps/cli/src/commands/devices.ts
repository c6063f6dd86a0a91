import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { choice, collect, command, given, group } from '../command.ts'
import { refused, usage } from '../errors.ts'
import { parseDuration } from '../input/durations.ts'
import { readPairs } from '../input/pairs.ts'
import { withoutCommon } from '../input/path.ts'
import { type PageOptions, pageOptions, readPages, showPage } from '../listing.ts'
import type { Column } from '../output/table.ts'
import { shownAge } from '../output/times.ts'
import { AssetNames } from '../resolve/assets.ts'
import { findDevice } from '../resolve/things.ts'
import { text } from '../texts/text.ts'
import { deviceMessages } from './device-messages.ts'
import { showDevice, shownConnection } from './device-view.ts'
import { CONNECTIONS, UNKNOWN_METRICS } from './words.ts'

interface Options {
  readonly name?: string
  readonly equipment?: string
  readonly gateway?: boolean
  readonly unknownMetrics?: 'create' | 'refuse'
  readonly simulated?: boolean
  readonly meta?: string[]
}

export function deviceCommands(program: Command, cli: Cli): void {
  const devices = group(program, 'devices', 'devices.group', ['device'])

  pageOptions(
    command(devices, 'list', {
      text: 'devices.list',
      examples: ['devices list', 'devices list --connection offline', 'devices list --under "Plant North" --json'],
      standard: true,
    })
      .option('--under <node>', text('options.under'))
      .option(
        '--connection <state>',
        text('devices.connectionFilter', { states: CONNECTIONS.join(', ') }),
        choice(CONNECTIONS),
      )
      .option('--search <text>', text('options.search')),
  ).action((options: ListOptions) => list(cli, options))

  command(devices, 'show <device>', { text: 'devices.show', examples: ['devices show "PLC 1"'] }).action(
    async (named: string) => {
      const { client } = await cli.connect()
      await showDevice(cli, client, await findDevice(client, named))
    },
  )

  settings(
    command(devices, 'create <name>', {
      text: 'devices.create',
      examples: ['devices create "PLC 1" --equipment "Plant North/P-101"', 'devices create Gateway --gateway --json'],
    }),
  ).action((name: string, options: Options) => create(cli, name, options))

  settings(
    command(devices, 'set <device>', {
      text: 'devices.set',
      examples: ['devices set "PLC 1" --equipment P-102', 'devices set "PLC 1" --disable'],
    })
      .option('--name <name>', text('options.name'))
      .option('--disable', text('devices.disable'))
      .option('--enable', text('devices.enable')),
  ).action((named: string, options: Options & { disable?: boolean; enable?: boolean }) => change(cli, named, options))

  command(devices, 'delete <device>', { text: 'devices.delete', examples: ['devices delete "PLC 1" --yes'] })
    .option('-y, --yes', text('options.yes'))
    .action(async (named: string, options: { yes?: boolean }) => {
      const { client } = await cli.connect()
      const device = await findDevice(client, named)
      await cli.confirm(text('devices.deleteQuestion', { name: device.name }), options.yes)
      await client.deleteDevice({ params: { id: device.id } })
      if (!cli.out.json) cli.out.line(text('devices.deleted', { name: device.name }))
    })

  command(devices, 'revoke <device>', {
    text: 'devices.revoke',
    examples: ['devices revoke "PLC 1" --reason "stolen"', 'devices revoke "PLC 1" --serial 5f3a… --yes'],
  })
    .option('--serial <hex>', text('devices.serial'))
    .option('--reason <text>', text('devices.reason'))
    .option('-y, --yes', text('options.yes'))
    .action((named: string, options: { serial?: string; reason?: string; yes?: boolean }) =>
      revoke(cli, named, options),
    )

  command(devices, 'token <device>', {
    text: 'devices.token',
    examples: ['devices token "PLC 1"', 'devices token "PLC 1" --revoke'],
  })
    .option('--revoke', text('devices.tokenRevoke'))
    .option('-y, --yes', text('options.yes'))
    .action((named: string, options: { revoke?: boolean; yes?: boolean }) => token(cli, named, options))

  command(devices, 'enrolment-token <device>', {
    text: 'devices.enrolmentToken',
    examples: ['devices enrolment-token "PLC 1"', 'devices enrolment-token "PLC 1" --valid-for 2d'],
    aliases: ['enrollment-token'],
  })
    .option('--valid-for <duration>', text('devices.validFor'), parseDuration)
    .action((named: string, options: { validFor?: number }) => enrolmentToken(cli, named, options.validFor))

  command(devices, 'messages <device>', { text: 'devices.messages', examples: ['devices messages "PLC 1"'] }).action(
    async (named: string) => {
      const { client } = await cli.connect()
      await deviceMessages(cli, client, await findDevice(client, named))
    },
  )
}

const settings = (made: Command): Command =>
  made
    .option('--equipment <node>', text('devices.equipment'))
    .option('--gateway', text('devices.gateway'))
    .option('--no-gateway', text('devices.noGateway'))
    .option('--unknown-metrics <what>', text('devices.unknownMetrics'), choice(UNKNOWN_METRICS))
    .option('--simulated', text('devices.simulated'))
    .option('--meta <key=value>', text('options.meta'), collect)

interface ListOptions extends PageOptions {
  readonly under?: string
  readonly connection?: (typeof CONNECTIONS)[number]
  readonly search?: string
}

async function list(cli: Cli, options: ListOptions): Promise<void> {
  const { client } = await cli.connect()
  const names = new AssetNames(client)
  const query = given({
    equipment: options.under === undefined ? undefined : (await names.get(options.under)).id,
    connection: options.connection,
    q: options.search,
  })
  const page = await readPages((part) => client.listDevices({ query: { ...query, ...part } }), options)
  const paths = cli.out.json
    ? new Map<string, string>()
    : withoutCommon(await names.paths(page.items.map(({ equipment }) => equipment)), 1)
  const now = cli.now()
  const columns: Column<(typeof page.items)[number]>[] = [
    { title: text('fields.name'), value: ({ name }) => name },
    { title: text('fields.connection'), value: ({ connection }) => shownConnection(connection), whole: true },
    {
      title: text('fields.lastMessage'),
      value: ({ connection: { lastMessageAt } }) => (lastMessageAt === undefined ? '' : shownAge(lastMessageAt, now)),
      align: 'right',
      whole: true,
    },
    { title: text('fields.equipment'), value: ({ equipment }) => paths.get(equipment ?? '') ?? '', keepEnd: true },
    { title: text('fields.state'), value: ({ state }) => state, whole: true, drop: 1 },
    { title: text('fields.id'), value: ({ id }) => id, whole: true, drop: 2 },
  ]
  showPage(cli, page, columns, text('devices.none'))
}

async function create(cli: Cli, name: string, options: Options): Promise<void> {
  const { client } = await cli.connect()
  const device = await client.createDevice({ body: { name, ...(await settingsOf(client, options)) } })
  if (cli.out.json) return cli.out.value(device)
  cli.out.line(text('devices.created', { name: device.name, id: device.id }))
  cli.out.note(text('devices.next', { name: device.name }))
}

async function settingsOf(client: Awaited<ReturnType<Cli['connect']>>['client'], options: Options) {
  const { equipment } = options
  return given({
    equipment:
      equipment === undefined
        ? undefined
        : equipment === 'none'
          ? null
          : (await new AssetNames(client).get(equipment)).id,
    gateway: options.gateway,
    unknownMetrics: options.unknownMetrics,
    simulated: options.simulated,
    metadata: options.meta === undefined ? undefined : readPairs(options.meta),
  })
}

async function change(
  cli: Cli,
  named: string,
  options: Options & { disable?: boolean; enable?: boolean },
): Promise<void> {
  if (options.disable === true && options.enable === true) throw usage(text('devices.disableOrEnable'))
  const { client } = await cli.connect()
  const device = await findDevice(client, named)
  const { metadata, ...rest } = await settingsOf(client, options)
  const body = given({
    ...rest,
    name: options.name,
    metadata: metadata === undefined ? undefined : { ...device.metadata, ...metadata },
    state:
      options.disable === true ? ('disabled' as const) : options.enable === true ? ('enrolled' as const) : undefined,
  })
  if (Object.keys(body).length === 0) throw usage(text('input.nothingToChange'))
  const changed = await client.updateDevice({ params: { id: device.id }, body, ifMatch: device.version })
  if (cli.out.json) return cli.out.value(changed)
  cli.out.line(text('devices.changed', { name: changed.name, state: changed.state }))
}

async function revoke(
  cli: Cli,
  named: string,
  options: { serial?: string; reason?: string; yes?: boolean },
): Promise<void> {
  const { client } = await cli.connect()
  const device = await findDevice(client, named)
  const { items } = await client.listCertificates({ params: { id: device.id } })
  const valid = items.filter(
    ({ revokedAt, serial }) => revokedAt === undefined && (options.serial ?? serial) === serial,
  )
  if (valid.length === 0) throw refused(text('devices.nothingToRevoke', { name: device.name }))
  await cli.confirm(text('devices.revokeQuestion', { name: device.name, n: valid.length }), options.yes)
  const reason = options.reason ?? text('devices.standardReason')
  const revoked = await Promise.all(
    valid.map(({ serial }) => client.revokeCertificate({ params: { id: device.id, serial }, body: { reason } })),
  )
  if (cli.out.json) return cli.out.value({ items: revoked })
  for (const { serial } of revoked) cli.out.line(text('devices.revoked', { name: device.name, serial }))
}

async function token(cli: Cli, named: string, options: { revoke?: boolean; yes?: boolean }): Promise<void> {
  const { client } = await cli.connect()
  const device = await findDevice(client, named)
  if (options.revoke === true) {
    await cli.confirm(text('devices.tokenRevokeQuestion', { name: device.name }), options.yes)
    await client.revokeDeviceToken({ params: { id: device.id } })
    if (!cli.out.json) cli.out.line(text('devices.tokenRevoked', { name: device.name }))
    return
  }
  const made = await client.createDeviceToken({ params: { id: device.id } })
  if (cli.out.json) return cli.out.value(made)
  cli.out.line(made.token)
  cli.out.note(text('devices.tokenNote', { name: device.name }))
}

async function enrolmentToken(cli: Cli, named: string, validFor: number | undefined): Promise<void> {
  const { client, url } = await cli.connect()
  const device = await findDevice(client, named)
  const made = await client.createEnrolmentToken({ params: { id: device.id }, body: given({ validFor }) })
  if (cli.out.json) return cli.out.value(made)
  cli.out.line(made.token)
  const { publicUrl } = await client.getInfo()
  const address = publicUrl === '' ? url.origin : publicUrl
  cli.out.note(
    text('devices.enrolmentNote', { name: device.name, until: cli.out.time(made.expiresAt), url: secure(address) }),
  )
}

/** Devices enrol over https only; the platform answers it on the same port. */
const secure = (url: string): string => url.replace(/^http:/, 'https:')
