import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { choice, collect, command, given, group } from '../command.ts'
import { usage } from '../errors.ts'
import { readDocument, writeDocument } from '../input/documents.ts'
import { readPairs } from '../input/pairs.ts'
import { formatPath, parsePath } from '../input/path.ts'
import { type PageOptions, pageOptions, readAll, readPages, showPage } from '../listing.ts'
import { cleanLines } from '../output/clean.ts'
import { type Asset, AssetNames } from '../resolve/assets.ts'
import { findClass } from '../resolve/things.ts'
import { text } from '../texts/text.ts'
import { treeLines } from './tree-lines.ts'
import { LEVELS } from './words.ts'

interface ListOptions extends PageOptions {
  readonly under?: string
  readonly level?: Asset['level']
  readonly class?: string
  readonly search?: string
}

interface CreateOptions {
  readonly level?: Asset['level']
  readonly class?: string
  readonly description?: string
  readonly meta?: string[]
}

export function assetCommands(program: Command, cli: Cli): void {
  const assets = group(program, 'assets', 'assets.group', ['asset'])

  pageOptions(
    command(assets, 'list', {
      text: 'assets.list',
      examples: [
        'assets list',
        'assets list --under "Plant North" --level equipment',
        'assets list --class Pump --json',
      ],
      standard: true,
    })
      .option('--under <node>', text('options.under'))
      .option('--level <level>', text('assets.levelOption', { levels: LEVELS.join(', ') }), choice(LEVELS))
      .option('--class <class>', text('assets.classFilter'))
      .option('--search <text>', text('options.search')),
  ).action((options: ListOptions) => list(cli, options))

  command(assets, 'tree [node]', {
    text: 'assets.tree',
    examples: ['assets tree', 'assets tree "Plant North/Line 1"'],
  }).action((node: string | undefined) => tree(cli, node))

  command(assets, 'show <node>', { text: 'assets.show', examples: ['assets show "Plant North/P-101"'] }).action(
    (node: string) => show(cli, node),
  )

  command(assets, 'create <path>', {
    text: 'assets.create',
    examples: [
      'assets create "Plant North" --level site',
      'assets create "Plant North/P-101" --class Pump --meta serial=4711',
    ],
  })
    .option('--level <level>', text('assets.levelNew'), choice(LEVELS))
    .option('--class <class>', text('assets.classNew'))
    .option('--description <text>', text('options.description'))
    .option('--meta <key=value>', text('options.meta'), collect)
    .action((path: string, options: CreateOptions) => create(cli, path, options))

  command(assets, 'set <node>', {
    text: 'assets.set',
    examples: ['assets set P-101 --name P-102', 'assets set P-101 --class Pump --meta serial=4711'],
  })
    .option('--name <name>', text('options.name'))
    .option('--class <class>', text('assets.classSet'))
    .option('--description <text>', text('options.description'))
    .option('--meta <key=value>', text('options.metaSet'), collect)
    .action((node: string, options: CreateOptions & { name?: string }) => change(cli, node, options))

  command(assets, 'move <node> <parent>', {
    text: 'assets.move',
    examples: ['assets move P-101 "Plant South/Line 2"', 'assets move "Plant South" /'],
  }).action((node: string, parent: string) => move(cli, node, parent))

  command(assets, 'delete <node>', {
    text: 'assets.delete',
    examples: ['assets delete P-101', 'assets delete P-101 --yes'],
  })
    .option('-y, --yes', text('options.yes'))
    .action((node: string, options: { yes?: boolean }) => remove(cli, node, options.yes))

  command(assets, 'export [file]', {
    text: 'assets.export',
    examples: ['assets export plant.yaml', 'assets export > plant.json'],
  }).action((file: string | undefined) => exportTree(cli, file))

  command(assets, 'import <file>', {
    text: 'assets.import',
    examples: ['assets import plant.yaml', 'assets import - < plant.json'],
  }).action((file: string) => importTree(cli, file))
}

async function list(cli: Cli, options: ListOptions): Promise<void> {
  const { client } = await cli.connect()
  const names = new AssetNames(client)
  const query = given({
    under: options.under === undefined ? undefined : (await names.get(options.under)).id,
    equipmentClass: options.class === undefined ? undefined : (await findClass(client, options.class)).id,
    level: options.level,
    q: options.search,
  })
  const page = await readPages((part) => client.listAssets({ query: { ...query, ...part } }), options)
  names.add(page.items)
  const paths = cli.out.json ? new Map<string, string>() : await names.paths(page.items.map(({ id }) => id))
  showPage(
    cli,
    page,
    [
      { title: text('fields.path'), value: ({ id, name }) => paths.get(id) ?? name, keepEnd: true, readable: 40 },
      { title: text('fields.level'), value: ({ level }) => level, whole: true },
      { title: text('fields.description'), value: ({ description }) => description, drop: 2 },
      { title: text('fields.id'), value: ({ id }) => id, whole: true, drop: 3 },
    ],
    text('assets.none'),
  )
}

async function tree(cli: Cli, node: string | undefined): Promise<void> {
  const { client } = await cli.connect()
  const under = node === undefined ? {} : { under: (await new AssetNames(client).get(node)).id }
  const items = await readAll((page) => client.listAssets({ query: { ...under, ...page } }))
  if (cli.out.json) return cli.out.value({ items })
  if (items.length === 0) return cli.out.note(text('assets.none'))
  cli.out.dressed(treeLines(items, cli.out))
}

async function show(cli: Cli, node: string): Promise<void> {
  const { client } = await cli.connect()
  const names = new AssetNames(client)
  const asset = await names.get(node)
  if (cli.out.json) return cli.out.value(asset)
  const path = (await names.paths([asset.id])).get(asset.id)
  const equipmentClass =
    asset.equipmentClass === null ? undefined : await client.getClass({ params: { id: asset.equipmentClass } })
  cli.out.record([
    [text('fields.path'), path],
    [text('fields.level'), asset.level],
    [text('fields.class'), equipmentClass?.name],
    [text('fields.description'), asset.description],
    [text('fields.position'), asset.position === null ? '' : `${asset.position.latitude}, ${asset.position.longitude}`],
    ...Object.entries(asset.metadata).map(([key, value]) => [key, value] as const),
    [text('fields.created'), cli.out.time(asset.createdAt)],
    [text('fields.id'), asset.id],
  ])
}

/** The level below the parent's, when nobody says: equipment below anything but an enterprise, a site at the top. */
function levelOf(parent: Asset | undefined): Asset['level'] {
  if (parent === undefined || parent.level === 'enterprise') return 'site'
  return 'equipment'
}

async function create(cli: Cli, path: string, options: CreateOptions): Promise<void> {
  const { client } = await cli.connect()
  const names = new AssetNames(client)
  const parsed = parsePath(path)
  const name = parsed.names.at(-1)!
  const above = parsed.names.slice(0, -1)
  const parent = above.length === 0 ? undefined : await names.get(`${parsed.rooted ? '/' : ''}${formatPath(above)}`)
  const asset = await client.createAsset({
    body: {
      name,
      parent: parent?.id ?? null,
      level: options.level ?? levelOf(parent),
      ...given({
        equipmentClass: options.class === undefined ? undefined : (await findClass(client, options.class)).id,
        description: options.description,
        metadata: options.meta === undefined ? undefined : readPairs(options.meta),
      }),
    },
  })
  await told(cli, names, asset, 'assets.created')
}

async function change(cli: Cli, node: string, options: CreateOptions & { name?: string }): Promise<void> {
  const { client } = await cli.connect()
  const names = new AssetNames(client)
  const asset = await names.get(node)
  const body = given({
    name: options.name,
    description: options.description,
    equipmentClass:
      options.class === undefined
        ? undefined
        : options.class === 'none'
          ? null
          : (await findClass(client, options.class)).id,
    metadata: options.meta === undefined ? undefined : { ...asset.metadata, ...readPairs(options.meta) },
  })
  if (Object.keys(body).length === 0) throw usage(text('input.nothingToChange'))
  const changed = await client.updateAsset({ params: { id: asset.id }, body, ifMatch: asset.version })
  await told(cli, names, changed, 'assets.changed')
}

async function move(cli: Cli, node: string, parent: string): Promise<void> {
  const { client } = await cli.connect()
  const names = new AssetNames(client)
  const asset = await names.get(node)
  const to = parent === '/' ? null : (await names.get(parent)).id
  const moved = await client.updateAsset({ params: { id: asset.id }, body: { parent: to }, ifMatch: asset.version })
  await told(cli, names, moved, 'assets.moved')
}

async function told(
  cli: Cli,
  names: AssetNames,
  asset: Asset,
  key: 'assets.created' | 'assets.changed' | 'assets.moved',
): Promise<void> {
  if (cli.out.json) return cli.out.value(asset)
  names.add([asset])
  const path = (await names.paths([asset.id])).get(asset.id) ?? asset.name
  cli.out.line(text(key, { level: asset.level, path, id: asset.id }))
}

async function remove(cli: Cli, node: string, yes: boolean | undefined): Promise<void> {
  const { client } = await cli.connect()
  const names = new AssetNames(client)
  const asset = await names.get(node)
  const path = (await names.paths([asset.id])).get(asset.id) ?? asset.name
  await cli.confirm(text('assets.deleteQuestion', { level: asset.level, path }), yes)
  await client.deleteAsset({ params: { id: asset.id } })
  if (!cli.out.json) cli.out.line(text('assets.deleted', { level: asset.level, path }))
}

async function exportTree(cli: Cli, file: string | undefined): Promise<void> {
  const { client } = await cli.connectPatiently()
  const content = await client.exportAssets()
  if (file === undefined || file === '-') return cli.out.value(content)
  await writeDocument(file, content)
  cli.out.note(text('assets.exported', { n: content.assets.length, file: cleanLines(file).join(' ') }))
}

async function importTree(cli: Cli, file: string): Promise<void> {
  const { client } = await cli.connectPatiently()
  const body = (await readDocument(file)) as Parameters<typeof client.importAssets>[0]['body']
  const reply = await client.importAssets({ body })
  if (cli.out.json) return cli.out.value(reply)
  cli.out.line(text('assets.imported', { classes: reply.classes, created: reply.created, updated: reply.updated }))
}
