import { type LiveClient, liveClient } from '@millwright/sdk'
import { WebSocket as NodeSocket } from 'ws'
import { type CliError, refused, unreachable } from '../errors.ts'
import { text } from '../texts/text.ts'
import type { Connection } from './connect.ts'

export interface LiveSession {
  readonly live: LiveClient
  /** Rejects when coming back is pointless: the platform refuses, or never answered. */
  readonly broken: Promise<never>
}

/** A live connection with the token and the pinned authority. It comes back by itself once it has stood. */
export function openLive(connection: Connection, onLost: (reason: string) => void, onBack: () => void): LiveSession {
  const { promise: broken, reject } = Promise.withResolvers<never>()
  broken.catch(() => undefined)
  let stood = false
  let reason = ''
  const fail = (error: CliError) => {
    live.close()
    reject(error)
  }
  const open = (url: string) => {
    const socket = new NodeSocket(url, {
      headers: { authorization: `Bearer ${connection.token}` },
      handshakeTimeout: 15_000,
      ...(connection.authority === undefined ? {} : { ca: connection.authority }),
    })
    socket.on('error', (error) => {
      reason = error.message
    })
    socket.on('unexpected-response', (request, response) => {
      // 401 and 403 will not get better by asking again; a 503 of a platform that starts will.
      if (response.statusCode === 401 || response.statusCode === 403) {
        fail(refused(text('live.refused', { status: response.statusCode })))
      }
      reason = `${response.statusCode} ${response.statusMessage}`
      request.destroy()
    })
    return socket as unknown as WebSocket
  }
  const live = liveClient({ url: connection.url.origin, open })
  live.onLink((link) => {
    if (link.state === 'open') {
      if (stood) onBack()
      stood = true
    }
    if (link.state !== 'lost') return
    const why = reason === '' ? text('live.closed') : reason
    if (stood) onLost(why)
    else fail(unreachable(text('session.unreachable', { url: connection.url.origin, reason: why })))
  })
  live.onError(({ code, detail }) => fail(refused(`${detail} (${code})`)))
  return { live, broken }
}
