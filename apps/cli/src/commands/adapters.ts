import { readFile } from 'node:fs/promises'
import type { Client, components } from '@millwright/sdk'
import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { command, group } from '../command.ts'
import { refused, usage } from '../errors.ts'
import { pick } from '../resolve/name.ts'
import { text } from '../texts/text.ts'

type Adapter = components['schemas']['AdapterDescription']

export function adapterCommands(program: Command, cli: Cli): void {
  const adapters = group(program, 'adapters', 'adapters.group', ['adapter'])

  command(adapters, 'list', {
    text: 'adapters.list',
    examples: ['adapters', 'adapters --json'],
    standard: true,
  }).action(() => list(cli))

  command(adapters, 'show <adapter>', {
    text: 'adapters.show',
    examples: ['adapters show modbus', 'adapters show opcua --json'],
  }).action((named: string) => show(cli, named))

  command(adapters, 'import <adapter> <file>', {
    text: 'adapters.import',
    examples: ['adapters import modbus registers.csv > press.json', 'adapters import can engine.dbc --format dbc'],
  })
    .option('--format <format>', text('adapters.format', { example: 'dbc' }))
    .action((named: string, file: string, options: { format?: string }) => read(cli, named, file, options.format))
}

async function list(cli: Cli): Promise<void> {
  const { client } = await cli.connect()
  const page = await client.listAdapters()
  const { out } = cli
  if (out.json) return out.value(page)
  out.table(
    [
      { title: text('fields.adapter'), value: ({ id }) => id, whole: true },
      { title: text('fields.name'), value: ({ name }) => name, whole: true },
      { title: text('fields.direction'), value: ({ direction }) => direction, whole: true },
      { title: text('fields.runsAt'), value: ({ runsOn }) => runsOn.join(', '), whole: true },
      { title: text('fields.description'), value: ({ summary }) => summary, drop: 1 },
    ],
    page.items,
  )
}

async function show(cli: Cli, named: string): Promise<void> {
  const { client } = await cli.connect()
  const adapter = await find(client, named)
  const { out } = cli
  if (out.json) return out.value(adapter)
  out.record([
    [text('fields.adapter'), adapter.id],
    [text('fields.name'), adapter.name],
    [text('fields.description'), adapter.summary],
    [text('fields.standards'), adapter.standards.join(', ')],
    [text('fields.runsAt'), adapter.runsOn.join(', ')],
    [text('fields.reads'), adapter.imports.map(({ format, name }) => `${name} (${format})`).join(', ')],
  ])
  out.line()
  out.table(
    [
      { title: text('fields.path'), value: ({ path }) => path, whole: true },
      { title: text('fields.type'), value: ({ type }) => type },
      { title: text('fields.standard'), value: ({ standard }) => standard },
      { title: text('fields.description'), value: ({ description }) => description, drop: 1 },
    ],
    [...fieldsOf(adapter.configSchema as Schema)],
  )
}

async function read(cli: Cli, named: string, file: string, wanted: string | undefined): Promise<void> {
  const { client } = await cli.connect()
  const adapter = await find(client, named)
  const { imports, name } = adapter
  if (imports.length === 0) throw refused(text('adapters.noFormat', { name }))
  const ending = file.toLowerCase()
  const fits = imports.filter(
    ({ format, extensions }) =>
      wanted === format || (wanted === undefined && extensions.some((one) => ending.endsWith(one))),
  )
  const format = fits[0]?.format ?? (imports.length === 1 && wanted === undefined ? imports[0]!.format : undefined)
  if (format === undefined) {
    throw usage(text('adapters.whichFormat', { name, formats: imports.map((one) => one.format).join(', ') }))
  }
  const content = (await readFile(file)).toString('base64')
  const { config, notes } = await client.importAdapterConfig({
    params: { adapter: adapter.id },
    body: { format, file: content },
  })
  cli.out.value(config)
  for (const note of notes) cli.out.note(note)
}

async function find(client: Client, given: string): Promise<Adapter> {
  const { items } = await client.listAdapters()
  return pick({
    kind: text('kinds.adapter'),
    given,
    candidates: items,
    nameOf: ({ id }) => id,
    idOf: ({ name }) => name,
  })
}

interface Schema {
  readonly type?: string
  readonly title?: string
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly string[]
  readonly const?: unknown
  readonly secret?: boolean
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
}

interface Field {
  readonly path: string
  readonly type: string
  readonly standard: string
  readonly description: string
}

/** The fields of a configuration by the paths that `--set` takes; `0` stands for an item of a list. */
function* fieldsOf(schema: Schema, path = ''): Generator<Field> {
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const own = path === '' ? name : `${path}.${name}`
    const branches = field.anyOf?.filter(({ properties }) => properties !== undefined) ?? []
    if (field.properties !== undefined) yield* fieldsOf(field, own)
    else if (branches.length > 0) for (const branch of branches) yield* fieldsOf(branch, own)
    else if (field.items?.properties !== undefined) yield* fieldsOf(field.items, `${own}.0`)
    else {
      const needed = schema.required?.includes(name) === true && field.default === undefined
      yield {
        path: own,
        type: typeOf(field),
        standard: needed ? text('adapters.required') : field.default === undefined ? '' : JSON.stringify(field.default),
        description: field.description ?? field.title ?? '',
      }
    }
  }
}

function typeOf(field: Schema): string {
  if (field.const !== undefined) return String(field.const)
  if (field.enum !== undefined) return field.enum.join(' | ')
  if (field.secret === true) return text('adapters.secret')
  return field.type === 'array' ? `${field.items?.type ?? ''}[]` : (field.type ?? '')
}
