import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { command, given, group, whole } from '../command.ts'
import { usage } from '../errors.ts'
import { readDocument } from '../input/documents.ts'
import { readDocumentPairs } from '../input/pairs.ts'
import { safeJson } from '../output/clean.ts'
import { findDevice } from '../resolve/things.ts'
import { text } from '../texts/text.ts'

export function twinCommands(program: Command, cli: Cli): void {
  const twin = group(program, 'twin', 'twin.group', ['twins'])

  command(twin, 'show <device>', {
    text: 'twin.show',
    examples: ['twin show "PLC 1"', 'twin show "PLC 1" --json'],
  }).action(async (named: string) => {
    const { client } = await cli.connect()
    const device = await findDevice(client, named)
    show(cli, await client.getTwin({ params: { id: device.id } }))
  })

  command(twin, 'set <device> [values...]', {
    text: 'twin.set',
    examples: [
      'twin set "PLC 1" interval=10 alarm.high=80',
      'twin set "PLC 1" interval=null',
      'twin set "PLC 1" --file config.yaml --if-version 7',
    ],
  })
    .option('-f, --file <file>', text('twin.file'))
    .option('--if-version <version>', text('twin.ifVersion'), whole(0, Number.MAX_SAFE_INTEGER))
    .action(async (named: string, values: string[], options: { file?: string; ifVersion?: number }) => {
      if (values.length > 0 === (options.file !== undefined)) throw usage(text('twin.valuesOrFile'))
      const body = options.file === undefined ? readDocumentPairs(values) : await readDocument(options.file)
      if (typeof body !== 'object' || body === null || Array.isArray(body)) throw usage(text('twin.badFile'))
      const { client } = await cli.connect()
      const device = await findDevice(client, named)
      const twin = await client.patchDesired({
        params: { id: device.id },
        body: body as Record<string, unknown>,
        ...given({ ifMatch: options.ifVersion }),
      })
      show(cli, twin)
    })
}

type Twin = Awaited<ReturnType<Awaited<ReturnType<Cli['connect']>>['client']['getTwin']>>

function show(cli: Cli, twin: Twin): void {
  const { out } = cli
  if (out.json) {
    out.value(twin)
    return
  }
  const side = ({ version, document, updatedAt }: Twin['desired']) =>
    [
      updatedAt === undefined
        ? text('twin.version', { version })
        : text('twin.versionAt', { version, time: out.time(updatedAt) }),
      ...safeJson(document, 2).split('\n'),
    ].join('\n')
  out.record([
    [text('fields.desired'), side(twin.desired)],
    [text('fields.reported'), side(twin.reported)],
    [text('fields.inSync'), twin.inSync ? text('values.yes') : text('values.no')],
  ])
}
