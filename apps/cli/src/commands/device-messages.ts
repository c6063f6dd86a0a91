import type { Client } from '@millwright/sdk'
import type { Cli } from '../cli.ts'
import { shownBytes } from '../output/values.ts'
import { text } from '../texts/text.ts'

/** Payloads come as base64 of their first bytes: text is shown as text, anything else as hex. */
export function shownPayload(base64: string): string {
  const bytes = Buffer.from(base64, 'base64')
  try {
    // The end may be cut within a character: only an error before it counts.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
  } catch {
    return `0x${bytes.toString('hex')}`
  }
}

export async function deviceMessages(cli: Cli, client: Client, device: { id: string; name: string }): Promise<void> {
  const reply = await client.listDeviceMessages({ params: { id: device.id } })
  const { out } = cli
  if (out.json) return out.value(reply)
  if (reply.items.length === 0) return out.note(text('devices.noMessages', { name: device.name }))
  out.table(
    [
      { title: text('fields.time'), value: ({ time }) => out.time(time), whole: true },
      { title: text('fields.direction'), value: ({ direction }) => direction, whole: true },
      { title: text('fields.topic'), value: ({ topic }) => topic },
      { title: text('fields.size'), value: ({ size }) => shownBytes(size), align: 'right', whole: true, drop: 2 },
      { title: text('fields.points'), value: ({ points }) => String(points), align: 'right', whole: true, drop: 1 },
      { title: text('fields.payload'), value: ({ payload }) => shownPayload(payload) },
    ],
    reply.items,
  )
}
