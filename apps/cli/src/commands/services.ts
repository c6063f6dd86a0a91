import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { choice, collect, command, given, group } from '../command.ts'
import { usage } from '../errors.ts'
import { withPaths } from '../input/config-paths.ts'
import { readDocument, writeDocument } from '../input/documents.ts'
import { type PageOptions, pageOptions, readPages, showPage } from '../listing.ts'
import { AssetNames } from '../resolve/assets.ts'
import { findService } from '../resolve/things.ts'
import { text } from '../texts/text.ts'
import { applyServices } from './service-apply.ts'
import { serviceEpisodeCommands } from './service-episodes.ts'
import { serviceFile } from './service-file.ts'
import { serviceRunCommands } from './service-runs.ts'
import { showKinds, showService } from './service-view.ts'
import { PRIORITIES, SERVICE_STATES } from './words.ts'

export function serviceCommands(program: Command, cli: Cli): void {
  const services = group(program, 'services', 'services.group', ['service'])

  pageOptions(
    command(services, 'list', {
      text: 'services.list',
      examples: ['services list', 'services list --kind anomaly --under "Plant North"'],
      standard: true,
    })
      .option('--kind <kind>', text('services.kindFilter'))
      .option('--under <node>', text('services.underFilter'))
      .option(
        '--state <state>',
        text('services.stateFilter', { states: SERVICE_STATES.join(', ') }),
        choice(SERVICE_STATES),
      )
      .option('--search <text>', text('options.search')),
  ).action((options: ListOptions) => list(cli, options))

  command(services, 'kinds [kind]', {
    text: 'services.kinds',
    examples: ['services kinds', 'services kinds anomaly'],
  }).action((kind: string | undefined) => showKinds(cli, kind))

  command(services, 'show <service>', {
    text: 'services.show',
    examples: ['services show "Pump watch"', 'services show "Pump watch" --file pump-watch.yaml'],
  })
    .option('-f, --file <file>', text('services.toFile'))
    .action(async (named: string, options: { file?: string }) => {
      const { client } = await cli.connect()
      const service = await findService(client, named)
      if (options.file === undefined) return showService(cli, client, service)
      await writeDocument(options.file, await serviceFile(client, service))
      cli.out.note(text('services.written', { name: service.name, file: options.file }))
    })

  command(services, 'create <name>', {
    text: 'services.create',
    examples: [
      'services create "Pump watch" --kind anomaly --equipment P-101 --alarm high',
      'services create "Pump watch" --kind anomaly --equipment P-101 --set alarmsPerWeek=1 --set signals=\'["flow","current"]\'',
    ],
  })
    .option('--kind <kind>', text('services.kind'))
    .option('--equipment <node>', text('services.equipment'))
    .option('--description <text>', text('options.description'))
    .option('-f, --file <file>', text('services.settingsFile'))
    .option('--set <path=value>', text('services.set'), collect)
    .option('--alarm <priority>', text('services.alarm', { priorities: PRIORITIES.join(', ') }), choice(PRIORITIES))
    .action((name: string, options: CreateOptions) => create(cli, name, options))

  command(services, 'apply', {
    text: 'services.apply',
    about: 'services.applyAbout',
    examples: ['services apply --file services.yaml', 'services apply --file - --json'],
  })
    .requiredOption('-f, --file <file>', text('services.file'))
    .action((options: { file: string }) => applyServices(cli, options.file))

  serviceRunCommands(services, cli)
  serviceEpisodeCommands(services, cli)

  command(services, 'delete <service>', {
    text: 'services.delete',
    examples: ['services delete "Pump watch" --yes'],
  })
    .option('-y, --yes', text('options.yes'))
    .action(async (named: string, options: { yes?: boolean }) => {
      const { client } = await cli.connect()
      const { id, name } = await findService(client, named)
      await cli.confirm(text('services.deleteQuestion', { name }), options.yes)
      await client.deleteService({ params: { id } })
      if (!cli.out.json) cli.out.line(text('services.deleted', { name }))
    })
}

interface ListOptions extends PageOptions {
  readonly kind?: string
  readonly under?: string
  readonly state?: (typeof SERVICE_STATES)[number]
  readonly search?: string
}

interface CreateOptions {
  readonly kind?: string
  readonly equipment?: string
  readonly description?: string
  readonly file?: string
  readonly set?: string[]
  readonly alarm?: (typeof PRIORITIES)[number]
}

async function list(cli: Cli, options: ListOptions): Promise<void> {
  const { client } = await cli.connect()
  const under = options.under === undefined ? undefined : (await new AssetNames(client).get(options.under)).id
  const query = given({ kind: options.kind, under, state: options.state, q: options.search })
  const page = await readPages((part) => client.listServices({ query: { ...query, ...part } }), options)
  const { out } = cli
  showPage(
    cli,
    page,
    [
      { title: text('fields.name'), value: ({ name }) => name, readable: 24 },
      { title: text('fields.kind'), value: ({ kind }) => kind, whole: true },
      { title: text('fields.state'), value: ({ state }) => state, whole: true },
      {
        title: text('fields.live'),
        value: ({ liveVersion }) => String(liveVersion ?? ''),
        align: 'right',
        whole: true,
      },
      { title: text('fields.equipment'), value: ({ equipmentName }) => equipmentName, drop: 1 },
      { title: text('fields.lastScored'), value: ({ lastScoredAt }) => out.time(lastScoredAt), drop: 2 },
      { title: text('fields.trouble'), value: ({ fault, trouble }) => fault?.reason ?? trouble ?? '', drop: 3 },
      { title: text('fields.id'), value: ({ id }) => id, whole: true, drop: 4 },
    ],
    text('services.none'),
  )
}

async function create(cli: Cli, name: string, options: CreateOptions): Promise<void> {
  const { kind, equipment, description, alarm } = options
  if (kind === undefined || equipment === undefined) throw usage(text('services.incomplete'))
  const { client } = await cli.connect()
  const base = options.file === undefined ? {} : await readDocument(options.file)
  if (typeof base !== 'object' || base === null || Array.isArray(base)) throw usage(text('services.incomplete'))
  const node = await new AssetNames(client).get(equipment)
  const settings = withPaths(base as Record<string, unknown>, options.set ?? [])
  const more = given({ description, alarm: alarm === undefined ? undefined : { priority: alarm } })
  const made = await client.createService({ body: { name, kind, equipment: node.id, settings, ...more } })
  if (cli.out.json) return cli.out.value(made)
  cli.out.line(text('services.created', { name: made.name, id: made.id }))
}
