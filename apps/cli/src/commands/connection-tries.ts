import type { Client } from '@millwright/sdk'
import type { Cli } from '../cli.ts'
import { given } from '../command.ts'
import { EXIT } from '../errors.ts'
import { shownQuality, shownUnit } from '../output/values.ts'
import { text } from '../texts/text.ts'
import { showCertificates } from './connection-view.ts'

type Draft = Parameters<Client['testConnection']>[0]['body']

/** Exit code 1 when it did not come about: for scripts. */
export async function testConnection(cli: Cli, client: Client, draft: Draft): Promise<void> {
  const { out } = cli
  const result = await client.testConnection({ body: draft })
  if (!result.ok) process.exitCode = EXIT.refused
  if (out.json) return out.value(result)
  out.table(
    [
      { title: text('fields.step'), value: ({ name }) => name },
      {
        title: text('fields.result'),
        value: ({ ok }) => (ok ? text('connections.testOk') : text('connections.testFailed')),
        whole: true,
      },
      { title: text('fields.detail'), value: ({ detail }) => detail },
      {
        title: text('fields.took'),
        value: ({ took }) => `${Math.round(took / 1000)} ms`,
        align: 'right',
        whole: true,
        drop: 1,
      },
    ],
    result.steps,
  )
  showCertificates(cli, result.certificates)
  if (!result.ok) out.note(text('connections.testRefused'))
}

export async function browseConnection(
  cli: Cli,
  client: Client,
  draft: Draft,
  node: string | undefined,
): Promise<void> {
  const { out } = cli
  const items = []
  let cursor: string | undefined
  do {
    const page = await client.browseConnection({ body: { ...draft, ...given({ node, cursor }), limit: 1000 } })
    items.push(...page.items)
    cursor = page.next
  } while (cursor !== undefined)
  if (out.json) return out.value({ items })
  if (items.length === 0) return out.note(text('connections.nothingBelow'))
  out.table(
    [
      { title: text('fields.name'), value: ({ name, hasChildren }) => (hasChildren ? `${name}/` : name) },
      { title: text('fields.kind'), value: ({ kind }) => kind, whole: true },
      { title: text('fields.type'), value: ({ dataType }) => dataType ?? '', drop: 2 },
      { title: text('fields.value'), value: ({ value, unit }) => [value, unit].filter(Boolean).join(' ') },
      { title: text('fields.id'), value: ({ id }) => id, whole: true, drop: 1 },
    ],
    items,
  )
}

export async function previewConnection(
  cli: Cli,
  client: Client,
  draft: Draft,
  seconds: number,
  limit: number,
): Promise<void> {
  const { out } = cli
  const preview = await client.previewConnection({ body: { ...draft, seconds, limit } })
  if (out.json) return out.value(preview)
  const { readings, refused, status } = preview
  if (readings.length > 0) {
    out.table(
      [
        { title: text('fields.device'), value: ({ device }) => device ?? '', drop: 1 },
        { title: text('fields.metric'), value: ({ metric }) => metric },
        {
          title: text('fields.value'),
          value: ({ value, unit }) => `${shownAny(value)} ${unit === undefined ? '' : shownUnit(unit)}`.trim(),
        },
        { title: text('fields.quality'), value: ({ quality }) => (quality === 0 ? '' : shownQuality(quality)) },
        { title: text('fields.time'), value: ({ time }) => out.exactTime(time), whole: true },
      ],
      readings,
    )
  }
  for (const { source, reason } of refused) out.note(`${source}: ${reason}`)
  if (readings.length === 0) {
    process.exitCode = EXIT.refused
    const state = `${status.state}${status.reason === undefined ? '' : `: ${status.reason}`}`
    out.note(text('connections.noReadings', { state }))
  }
  showCertificates(cli, status.certificates)
}

const shownAny = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
