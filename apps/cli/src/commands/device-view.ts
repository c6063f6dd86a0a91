import type { Client, components } from '@millwright/sdk'
import type { Cli } from '../cli.ts'
import { shownAge } from '../output/times.ts'
import { AssetNames } from '../resolve/assets.ts'
import { text } from '../texts/text.ts'

type Device = components['schemas']['Device']

export function shownConnection({ state, protocol }: Device['connection']): string {
  return protocol === undefined || state !== 'online' ? state : `${state} (${protocol})`
}

export async function showDevice(cli: Cli, client: Client, device: Device): Promise<void> {
  const { out } = cli
  if (out.json) return out.value(device)
  const paths = await new AssetNames(client).paths([device.equipment])
  const { connection } = device
  const certificates = (await client.listCertificates({ params: { id: device.id } })).items
  out.record([
    [text('fields.name'), device.name],
    [text('fields.state'), device.state],
    [text('fields.connection'), shownConnection(connection)],
    [text('fields.since'), out.time(connection.since)],
    [text('fields.address'), connection.address],
    [text('fields.reason'), connection.reason],
    [
      text('fields.lastMessage'),
      connection.lastMessageAt === undefined
        ? ''
        : text('values.ago', { age: shownAge(connection.lastMessageAt, cli.now()) }),
    ],
    [text('fields.equipment'), device.equipment === null ? '' : (paths.get(device.equipment) ?? device.equipment)],
    [text('fields.gateway'), device.gateway ? text('values.yes') : ''],
    [text('fields.unknownMetrics'), device.unknownMetrics],
    [text('fields.simulated'), device.simulated ? text('values.yes') : ''],
    ...Object.entries(device.metadata).map(([key, value]) => [key, value] as const),
    [text('fields.created'), out.time(device.createdAt)],
    [text('fields.id'), device.id],
  ])
  if (certificates.length === 0) return
  out.line()
  out.table(
    [
      { title: text('fields.certificate'), value: ({ serial }) => serial, whole: true },
      { title: text('fields.validUntil'), value: ({ notAfter }) => out.time(notAfter), whole: true },
      { title: text('fields.revoked'), value: ({ revokedAt }) => out.time(revokedAt), whole: true, drop: 1 },
      { title: text('fields.reason'), value: ({ revocationReason }) => revocationReason ?? '', drop: 2 },
    ],
    certificates,
  )
}
