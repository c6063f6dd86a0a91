import type { Client, components } from '@millwright/sdk'
import type { Cli } from '../cli.ts'
import { shownAge } from '../output/times.ts'
import { AssetNames } from '../resolve/assets.ts'
import { text } from '../texts/text.ts'

export type Connection = components['schemas']['Connection']
type Status = Connection['status']

export async function showConnection(cli: Cli, client: Client, connection: Connection): Promise<void> {
  const { out } = cli
  if (out.json) return out.value(connection)
  const { status, equipment, agent } = connection
  const paths = await new AssetNames(client).paths([equipment])
  const now = cli.now()
  out.record([
    [text('fields.name'), connection.name],
    [text('fields.adapter'), connection.adapter],
    [text('fields.runsAt'), await placeName(client, agent)],
    [text('fields.state'), status.state],
    [text('fields.reason'), status.reason],
    [text('fields.since'), out.time(status.since)],
    [
      text('fields.lastReading'),
      status.lastReadingAt === undefined ? '' : text('values.ago', { age: shownAge(status.lastReadingAt, now) }),
    ],
    [text('fields.rate'), text('platform.pointsPerSecond', { n: status.readingsPerSecond.toLocaleString('en') })],
    [
      text('fields.lastError'),
      status.lastError === undefined ? '' : `${out.time(status.lastError.time)}  ${status.lastError.reason}`,
    ],
    ...Object.entries(status.counters).map(([name, count]) => [name, count.toLocaleString('en')] as const),
    [text('fields.equipment'), equipment === null ? '' : (paths.get(equipment) ?? equipment)],
    [text('fields.device'), connection.device],
    [text('fields.id'), connection.id],
    [text('fields.configuration'), JSON.stringify(connection.config, undefined, 2)],
    ...connection.secrets.map((path) => [path.slice(1).replaceAll('/', '.'), text('connections.setSecret')] as const),
  ])
  showCertificates(cli, status.certificates)
}

export function showCertificates(cli: Cli, certificates: Status['certificates']): void {
  const { out } = cli
  if (certificates.length === 0) return
  out.line()
  out.table(
    [
      { title: text('fields.certificate'), value: ({ subject }) => subject },
      { title: text('fields.validUntil'), value: ({ notAfter }) => out.time(notAfter), whole: true },
      { title: text('fields.reason'), value: ({ reason }) => reason },
      { title: text('fields.sha256'), value: ({ fingerprint }) => fingerprint, whole: true },
    ],
    certificates,
  )
}

export async function placeName(client: Client, agent: string | null): Promise<string> {
  if (agent === null) return text('connections.inPlatform')
  return text('connections.atAgent', { name: (await client.getAgent({ params: { id: agent } })).name })
}
