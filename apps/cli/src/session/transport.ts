import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { Readable } from 'node:stream'
import { text } from '../texts/text.ts'

export interface TransportOptions {
  /** PEM: the one authority to trust; absent: the system's list. */
  readonly authority?: string | undefined
  /** A connection that says nothing for so long is given up, ms. */
  readonly patience?: number
}

export type Transport = (request: Request) => Promise<Response>

const PATIENCE = 130_000
const NO_BODY = new Set([204, 205, 304])

/**
 * A `fetch` for the API client that can pin an authority, which Node's own cannot, and that hands bodies on as they come:
 * exports and backups are larger than memory.
 */
export function createTransport({ authority, patience = PATIENCE }: TransportOptions): Transport {
  const http = new HttpAgent({ keepAlive: true })
  const https = new HttpsAgent({
    keepAlive: true,
    minVersion: 'TLSv1.2',
    ...(authority === undefined ? {} : { ca: authority }),
  })
  return async (request) => {
    const url = new URL(request.url)
    const secure = url.protocol === 'https:'
    const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer())
    const { promise, resolve, reject } = Promise.withResolvers<Response>()
    const outgoing = (secure ? httpsRequest : httpRequest)(
      url,
      {
        method: request.method,
        headers: {
          ...Object.fromEntries(request.headers),
          ...(body === undefined ? {} : { 'content-length': body.length }),
        },
        agent: secure ? https : http,
        signal: request.signal,
      },
      (incoming) => resolve(responseOf(incoming)),
    )
    outgoing.setTimeout(patience, () =>
      outgoing.destroy(new Error(text('session.silent', { seconds: Math.round(patience / 1000) }))),
    )
    outgoing.on('error', (error: NodeJS.ErrnoException) =>
      reject(authority !== undefined && UNVERIFIED.has(error.code ?? '') ? otherAuthority() : error),
    )
    outgoing.end(body)
    return promise
  }
}

/** What OpenSSL says when a chain does not end at the pinned authority. */
export const UNVERIFIED = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
])

/** Without its cause: that says only which link of the chain OpenSSL missed. */
const otherAuthority = () => new Error(text('session.otherAuthority'))

function responseOf(incoming: IncomingMessage): Response {
  const headers = new Headers()
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value)
  }
  const status = incoming.statusCode ?? 500
  const empty = NO_BODY.has(status)
  if (empty) incoming.resume()
  const body = empty ? null : (Readable.toWeb(incoming) as ReadableStream<Uint8Array>)
  return new Response(body, { status, statusText: incoming.statusMessage ?? '', headers })
}
