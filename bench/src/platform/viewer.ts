import { type LiveClient, liveClient } from '@millwright/sdk'
import type { Platform } from './start.ts'

/** A console's live connection. */
export const openViewer = (platform: Platform): LiveClient =>
  liveClient({
    url: platform.url,
    open: (url) => new WebSocket(url, { headers: { authorization: `Bearer ${platform.token}` } } as never),
  })

/** All signals of a tenant, page by page. */
export async function allSignals(platform: Platform, equipment?: string): Promise<{ id: string; name: string }[]> {
  const found: { id: string; name: string }[] = []
  let cursor: string | undefined
  do {
    const query = {
      limit: 200,
      ...(cursor === undefined ? {} : { cursor }),
      ...(equipment === undefined ? {} : { equipment }),
    }
    const page = await platform.client.listSignals({ query })
    found.push(...page.items)
    cursor = page.next
  } while (cursor !== undefined)
  return found
}
