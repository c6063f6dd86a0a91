import { setTimeout as pause } from 'node:timers/promises'
import type { Client, components } from '@millwright/sdk'
import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { collect, command, given, group } from '../command.ts'
import { EXIT, usage } from '../errors.ts'
import { parseDuration } from '../input/durations.ts'
import { jsonOrText, readDocumentPairs } from '../input/pairs.ts'
import { type PageOptions, pageOptions, readPages, showPage } from '../listing.ts'
import { shownSpan } from '../output/times.ts'
import { findDevice } from '../resolve/things.ts'
import { text } from '../texts/text.ts'

type DeviceCommand = components['schemas']['Command']

interface SendOptions {
  readonly param?: string[]
  readonly timeout?: number
  readonly expires?: number
  readonly wait?: boolean
}

const OPEN = new Set<DeviceCommand['state']>(['queued', 'sent'])

export function commandCommands(program: Command, cli: Cli): void {
  const commands = group(program, 'commands', 'commands.group', ['command'])

  command(commands, 'send <device> <name> [params]', {
    text: 'commands.send',
    examples: [
      'commands send "PLC 1" reset-counter --wait',
      'commands send "PLC 1" set-speed --param rpm=1200 --wait --timeout 30s',
      'commands send "PLC 1" load \'{"program": 7}\' --expires 5m',
    ],
  })
    .option('-p, --param <key=value>', text('commands.param'), collect)
    .option('--timeout <duration>', text('commands.timeout'), parseDuration)
    .option('--expires <duration>', text('commands.expires'), parseDuration)
    .option('--wait', text('commands.wait'))
    .action((device: string, name: string, params: string | undefined, options: SendOptions) =>
      send(cli, device, name, params, options),
    )

  pageOptions(
    command(commands, 'list <device>', { text: 'commands.list', examples: ['commands list "PLC 1"'] }),
  ).action((device: string, options: PageOptions) => list(cli, device, options))

  command(commands, 'show <command>', { text: 'commands.show', examples: ['commands show cmd_01k5…'] }).action(
    async (id: string) => {
      const { client } = await cli.connect()
      show(cli, await client.getCommand({ params: { id } }))
    },
  )

  command(commands, 'cancel <command>', { text: 'commands.cancel', examples: ['commands cancel cmd_01k5…'] }).action(
    async (id: string) => {
      const { client } = await cli.connect()
      show(cli, await client.cancelCommand({ params: { id } }))
    },
  )
}

async function send(
  cli: Cli,
  named: string,
  name: string,
  params: string | undefined,
  options: SendOptions,
): Promise<void> {
  if (params !== undefined && options.param !== undefined) throw usage(text('commands.paramsTwice'))
  const { client } = await cli.connect()
  const device = await findDevice(client, named)
  const sent = await client.sendCommand({
    params: { id: device.id },
    body: {
      name,
      ...given({
        params:
          options.param === undefined
            ? params === undefined
              ? undefined
              : jsonOrText(params)
            : readDocumentPairs(options.param),
        timeout: options.timeout,
        expiresAt: options.expires === undefined ? undefined : cli.now() + options.expires,
      }),
    },
  })
  if (options.wait !== true) {
    if (cli.out.json) return cli.out.value(sent)
    cli.out.line(text('commands.sent', { name: sent.name, device: device.name, id: sent.id }))
    return
  }
  const done = await ended(cli, client, sent)
  show(cli, done)
  if (done.state !== 'succeeded') process.exitCode = EXIT.refused
}

/** Asks until the command has an end: the platform itself sees to it that it gets one (answer, timeout, expiry). */
async function ended(cli: Cli, client: Client, sent: DeviceCommand): Promise<DeviceCommand> {
  const progress = cli.out.progress()
  let now = sent
  for (let wait = 50; OPEN.has(now.state); wait = Math.min(1000, wait * 2)) {
    progress.at(() => text('commands.waiting', { state: now.state }))
    await pause(wait)
    now = await client.getCommand({ params: { id: sent.id } })
  }
  progress.end()
  return now
}

function show(cli: Cli, one: DeviceCommand): void {
  const { out } = cli
  if (out.json) {
    out.value(one)
    return
  }
  const json = (value: unknown) => (value === undefined || value === null ? '' : JSON.stringify(value))
  out.record([
    [text('fields.command'), one.name],
    [text('fields.params'), json(one.params)],
    [text('fields.state'), one.state],
    [text('fields.result'), json(one.result)],
    [text('fields.error'), one.error],
    [text('fields.requestedBy'), one.requestedBy],
    [text('fields.created'), out.time(one.createdAt)],
    [text('fields.sent'), out.time(one.sentAt)],
    [
      text('fields.took'),
      one.sentAt === undefined || one.finishedAt === undefined ? '' : shownSpan(one.finishedAt - one.sentAt),
    ],
    [text('fields.expires'), OPEN.has(one.state) ? out.time(one.expiresAt) : ''],
    [text('fields.id'), one.id],
  ])
}

async function list(cli: Cli, named: string, options: PageOptions): Promise<void> {
  const { client } = await cli.connect()
  const device = await findDevice(client, named)
  const page = await readPages((query) => client.listCommands({ params: { id: device.id }, query }), options)
  const { out } = cli
  showPage(
    cli,
    page,
    [
      { title: text('fields.created'), value: ({ createdAt }) => out.time(createdAt), whole: true },
      { title: text('fields.command'), value: ({ name }) => name },
      { title: text('fields.state'), value: ({ state }) => state, whole: true },
      { title: text('fields.requestedBy'), value: ({ requestedBy }) => requestedBy, drop: 1 },
      { title: text('fields.error'), value: ({ error }) => error ?? '', drop: 2 },
      { title: text('fields.id'), value: ({ id }) => id, whole: true },
    ],
    text('commands.none', { name: device.name }),
  )
}
