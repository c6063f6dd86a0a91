import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { command, group } from '../command.ts'
import { readDocument } from '../input/documents.ts'
import { type PageOptions, pageOptions, readPages, showPage } from '../listing.ts'
import { shownNumber, shownUnit } from '../output/values.ts'
import { findClass } from '../resolve/things.ts'
import { text } from '../texts/text.ts'

export function classCommands(program: Command, cli: Cli): void {
  const classes = group(program, 'classes', 'classes.group', ['class'])

  pageOptions(
    command(classes, 'list', {
      text: 'classes.list',
      examples: ['classes list', 'classes list --json'],
      standard: true,
    }),
  ).action(async (options: PageOptions) => {
    const { client } = await cli.connect()
    const page = await readPages((query) => client.listClasses({ query }), options)
    showPage(
      cli,
      page,
      [
        { title: text('fields.name'), value: ({ name }) => name },
        { title: text('fields.signals'), value: ({ signals }) => String(signals.length), align: 'right', whole: true },
        { title: text('fields.description'), value: ({ description }) => description, drop: 2 },
        { title: text('fields.id'), value: ({ id }) => id, whole: true, drop: 3 },
      ],
      text('classes.none'),
    )
  })

  command(classes, 'show <class>', { text: 'classes.show', examples: ['classes show Pump'] }).action(
    async (named: string) => {
      const { client } = await cli.connect()
      const found = await findClass(client, named)
      if (cli.out.json) return cli.out.value(found)
      cli.out.record([
        [text('fields.name'), found.name],
        [text('fields.description'), found.description],
        [text('fields.id'), found.id],
      ])
      if (found.signals.length === 0) return
      cli.out.line()
      cli.out.table(
        [
          { title: text('fields.signal'), value: ({ name }) => name },
          { title: text('fields.kind'), value: ({ kind }) => kind, whole: true },
          { title: text('fields.unit'), value: ({ unit }) => shownUnit(unit) },
          { title: text('fields.min'), value: ({ min }) => shownNumber(min), align: 'right' },
          { title: text('fields.max'), value: ({ max }) => shownNumber(max), align: 'right' },
          { title: text('fields.description'), value: ({ description }) => description ?? '', drop: 1 },
        ],
        found.signals,
      )
    },
  )

  command(classes, 'create', {
    text: 'classes.create',
    examples: ['classes create --file pump.yaml', 'classes show Pump --json | millwright classes create --file -'],
  })
    .requiredOption('-f, --file <file>', text('classes.file'))
    .action(async (options: { file: string }) => {
      const { client } = await cli.connect()
      const made = await client.createClass({ body: await readClass(options.file) })
      if (cli.out.json) return cli.out.value(made)
      cli.out.line(text('classes.created', { name: made.name, n: made.signals.length, id: made.id }))
    })

  command(classes, 'set <class>', { text: 'classes.set', examples: ['classes set Pump --file pump.yaml'] })
    .requiredOption('-f, --file <file>', text('classes.file'))
    .action(async (named: string, options: { file: string }) => {
      const { client } = await cli.connect()
      const old = await findClass(client, named)
      const body = await readClass(options.file)
      const changed = await client.updateClass({ params: { id: old.id }, body, ifMatch: old.version })
      if (cli.out.json) return cli.out.value(changed)
      cli.out.line(text('classes.changed', { name: changed.name, n: changed.signals.length }))
    })

  command(classes, 'import-nodeset <files...>', {
    text: 'classes.importNodeSet',
    examples: [
      'classes import-nodeset Opc.Ua.Di.NodeSet2.xml Opc.Ua.Robotics.NodeSet2.xml --dry-run',
      'classes import-nodeset *.NodeSet2.xml',
    ],
  })
    .option('--dry-run', text('classes.nodeSetDryRun'))
    .action(async (names: string[], { dryRun = false }: { dryRun?: boolean }) => {
      const { client } = await cli.connect()
      const files = await Promise.all(
        names.map(async (name) => ({ name: basename(name), content: await readFile(name, 'base64') })),
      )
      const done = await client.importNodeSets({ body: { files, dryRun } })
      if (cli.out.json) return cli.out.value(done)
      for (const note of done.notes) cli.out.line(note)
      const counts = { created: done.created.length, updated: done.updated.length }
      cli.out.line(dryRun ? text('classes.nodeSetWould', counts) : text('classes.nodeSetImported', counts))
    })

  command(classes, 'delete <class>', { text: 'classes.delete', examples: ['classes delete Pump --yes'] })
    .option('-y, --yes', text('options.yes'))
    .action(async (named: string, options: { yes?: boolean }) => {
      const { client } = await cli.connect()
      const found = await findClass(client, named)
      await cli.confirm(text('classes.deleteQuestion', { name: found.name }), options.yes)
      await client.deleteClass({ params: { id: found.id } })
      if (!cli.out.json) cli.out.line(text('classes.deleted', { name: found.name }))
    })
}

/** What `classes show --json` prints is taken as it is: what the platform itself gives a class is left out. */
async function readClass(file: string) {
  const { id: _i, version: _v, createdAt: _c, ...body } = (await readDocument(file)) as Record<string, unknown>
  return body as { name: string; signals: [] }
}
