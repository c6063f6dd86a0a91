import { type LiveClient, liveClient } from '@millwright/sdk'
import { useSyncExternalStore } from 'react'

let client: LiveClient | undefined

/** The one live link of this window, opened when the first page needs it. */
export function live(): LiveClient {
  client ??= liveClient()
  return client
}

/** Ends the link: at sign-out, before somebody else signs in. */
export function closeLive(): void {
  client?.close()
  client = undefined
}

export type Link = LiveClient['link']

/** The link's state and since when it is so. */
export function useLink(): Link {
  return useSyncExternalStore(
    (listener) => live().onLink(listener),
    () => live().link,
  )
}
