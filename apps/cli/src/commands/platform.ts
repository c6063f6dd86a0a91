import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { command, given } from '../command.ts'
import { EXIT, unreachable } from '../errors.ts'
import { type PageOptions, pageOptions, readPages, showPage } from '../listing.ts'
import { shownAge } from '../output/times.ts'
import { shownBytes } from '../output/values.ts'
import { findDevice } from '../resolve/things.ts'
import { clientOf, type Platform } from '../session/connect.ts'
import { text } from '../texts/text.ts'
import { shownPayload } from './device-messages.ts'
import { eventLine, follow } from './tail.ts'

export function platformCommands(program: Command, cli: Cli): void {
  command(program, 'info', {
    text: 'platform.info',
    examples: ['info', 'info --url https://plant.example:8080 --json'],
  }).action(() => info(cli))

  command(program, 'health', { text: 'platform.health', examples: ['health', 'health --json'] }).action(() =>
    health(cli),
  )

  pageOptions(
    command(program, 'events', {
      text: 'platform.events',
      examples: ['events', 'events --type millwright.device.disconnected --all', 'events --follow --json'],
    })
      .option('--type <type>', text('platform.type'))
      .option('--subject <id>', text('platform.subject'))
      .option('--follow', text('platform.follow')),
  ).action((options: PageOptions & { type?: string; subject?: string; follow?: boolean }) => events(cli, options))

  pageOptions(
    command(program, 'dead-letters', {
      text: 'platform.deadLetters',
      examples: ['dead-letters', 'dead-letters --device "PLC 1" --json'],
    })
      .option('--device <device>', text('platform.deviceFilter'))
      .option('--code <code>', text('platform.code')),
  ).action((options: PageOptions & { device?: string; code?: string }) => deadLetters(cli, options))
}

async function info(cli: Cli): Promise<void> {
  const platform = await cli.platform()
  const reply = await clientOf(platform).getInfo()
  const { out } = cli
  if (out.json) return out.value(reply)
  out.record([
    [text('fields.platform'), `${reply.name} ${reply.version}`],
    [text('fields.address'), reply.publicUrl],
    [text('fields.devicesReach'), `mqtts://${reply.mqtt.host}:${reply.mqtt.port}`],
    [text('fields.time'), out.exactTime(reply.time)],
    [text('fields.fingerprint'), reply.authorityFingerprint.replace(/(..)(?=.)/g, '$1:')],
  ])
}

interface Readiness {
  readonly status: string
  readonly faults?: Readonly<Record<string, string>>
  readonly warnings?: Readonly<Record<string, string>>
}

/** Exit code 1 when the platform is not ready: for scripts and monitors. */
async function health(cli: Cli): Promise<void> {
  const connection = await cli.connect().catch(() => undefined)
  const platform = connection ?? (await cli.platform())
  const readiness = await readinessOf(platform)
  const ready = readiness.status === 'ready'
  if (!ready) process.exitCode = EXIT.refused
  // What the historian holds is for those who are signed in.
  const data = ready ? await connection?.client.getDataHealth().catch(() => undefined) : undefined
  if (data !== undefined && data.state === 'failing') process.exitCode = EXIT.refused
  const { out } = cli
  if (out.json) return out.value({ ...readiness, ...(data === undefined ? {} : { data }) })
  const now = cli.now()
  out.record([
    [text('fields.platform'), platform.url.origin],
    [text('fields.state'), readiness.status],
    ...Object.entries(readiness.faults ?? {}).map(([part, fault]) => [part, fault] as const),
    ...Object.entries(readiness.warnings ?? {}).map(([part, warning]) => [part, warning] as const),
    ...(data === undefined
      ? []
      : ([
          [text('fields.historian'), data.reason === undefined ? data.state : `${data.state}: ${data.reason}`],
          [text('fields.points'), data.points.toLocaleString('en')],
          [text('fields.signals'), data.signals.toLocaleString('en')],
          [text('fields.size'), shownBytes(data.bytes)],
          [
            text('fields.rate'),
            text('platform.pointsPerSecond', { n: Math.round(data.pointsPerSecond).toLocaleString('en') }),
          ],
          [text('fields.oldest'), out.time(data.oldest)],
          [
            text('fields.newest'),
            data.newest === null
              ? ''
              : `${out.time(data.newest)} (${text('values.ago', { age: shownAge(data.newest, now) })})`,
          ],
        ] as const)),
  ])
}

async function readinessOf(platform: Platform): Promise<Readiness> {
  const { origin } = platform.url
  const response = await platform.transport(new Request(`${origin}/readyz`)).catch((error: Error) => {
    throw unreachable(
      text('session.unreachable', { url: origin, reason: error.message || String((error as { code?: string }).code) }),
      error,
    )
  })
  const reply = (await response.json().catch(() => undefined)) as Readiness | undefined
  if (typeof reply?.status !== 'string') throw unreachable(text('platform.notMillwright', { url: origin }))
  return reply
}

async function events(
  cli: Cli,
  options: PageOptions & { type?: string; subject?: string; follow?: boolean },
): Promise<void> {
  const connection = await cli.connect()
  const { out } = cli
  const { type, subject } = options
  if (options.follow === true) {
    return follow(cli, connection, (live) => {
      live.events(({ event }) => {
        if ((type ?? event.type) !== event.type || (subject ?? event.subject) !== event.subject) return
        if (out.json) out.jsonLine({ type: 'event', event })
        else out.line(eventLine(cli, event))
      })
    })
  }
  const query = given({ type, subject })
  const page = await readPages((part) => connection.client.listEvents({ query: { ...query, ...part } }), options)
  showPage(
    cli,
    page,
    [
      { title: text('fields.time'), value: ({ time }) => out.time(time), whole: true },
      { title: text('fields.type'), value: (event) => event.type.replace(/^millwright\./, '') },
      { title: text('fields.subject'), value: (event) => event.subject },
      { title: text('fields.data'), value: ({ data }) => JSON.stringify(data), drop: 1 },
    ],
    text('platform.noEvents'),
  )
}

async function deadLetters(cli: Cli, options: PageOptions & { device?: string; code?: string }): Promise<void> {
  const { client } = await cli.connect()
  const { out } = cli
  const query = given({
    device: options.device === undefined ? undefined : (await findDevice(client, options.device)).id,
    code: options.code,
  })
  const page = await readPages((part) => client.listDeadLetters({ query: { ...query, ...part } }), options)
  showPage(
    cli,
    page,
    [
      { title: text('fields.time'), value: ({ time }) => out.time(time), whole: true },
      { title: text('fields.count'), value: ({ count }) => String(count), align: 'right', whole: true },
      { title: text('fields.device'), value: ({ deviceName, device }) => deviceName ?? device ?? '' },
      { title: text('fields.reason'), value: ({ reason }) => reason },
      { title: text('fields.code'), value: ({ code }) => code, whole: true, drop: 1 },
      { title: text('fields.payload'), value: ({ payload }) => shownPayload(payload), drop: 2 },
    ],
    text('platform.noDeadLetters'),
  )
}
