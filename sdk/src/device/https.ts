import { request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import { DeviceError, reasonOf } from './errors.ts'

export interface HttpsCall {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string | Uint8Array
  /** PEM certificates the server must chain to; `none`: any server is talked to (what it says proves nothing yet). */
  readonly authority?: string | 'none'
  /** The client's own certificate and key, PEM: mutual TLS. */
  readonly certificate?: string
  readonly key?: string
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

export interface HttpsReply {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: Buffer
}

const LARGEST_REPLY = 64 * 1024 * 1024
const DEFAULT_TIMEOUT = 15_000

/**
 * One request over its own connection. Node's `fetch` cannot pin an authority, and what a device trusts is exactly one
 * authority, not the system's list. Errors: `unreachable` with the reason in words.
 */
export function callHttps(address: string, call: HttpsCall = {}): Promise<HttpsReply> {
  const url = new URL(address)
  const send = url.protocol === 'http:' ? plainRequest : secureRequest
  const { promise, resolve, reject } = Promise.withResolvers<HttpsReply>()
  const fail = (error: unknown) =>
    reject(
      new DeviceError('unreachable', `${url.origin} cannot be reached (${reasonOf(error)}).`, {
        cause: error,
      }),
    )
  const tls =
    call.authority === 'none'
      ? { rejectUnauthorized: false }
      : call.authority === undefined
        ? {}
        : { ca: call.authority }
  const request = send(
    url,
    {
      method: call.method ?? 'GET',
      headers: {
        ...call.headers,
        ...(call.body === undefined ? {} : { 'content-length': Buffer.byteLength(call.body) }),
      },
      agent: false,
      minVersion: 'TLSv1.2',
      ...tls,
      ...(call.certificate === undefined ? {} : { cert: call.certificate, key: call.key }),
      ...(call.signal === undefined ? {} : { signal: call.signal }),
    },
    (response) => {
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > LARGEST_REPLY) response.destroy(new Error(`its answer is larger than ${LARGEST_REPLY} bytes`))
        else chunks.push(chunk)
      })
      response.on('error', fail)
      response.on('end', () => {
        const headers: Record<string, string> = {}
        for (const [name, value] of Object.entries(response.headers)) headers[name] = String(value)
        resolve({ status: response.statusCode ?? 0, headers, body: Buffer.concat(chunks) })
      })
    },
  )
  request.setTimeout(call.timeoutMs ?? DEFAULT_TIMEOUT, () => request.destroy(new Error('it did not answer in time')))
  request.on('error', fail)
  request.end(call.body)
  return promise
}

/** The reply's JSON object, or the platform's refusal (RFC 9457 problem) as an error with its sentence. */
export function jsonOf(reply: HttpsReply, what: string): Record<string, unknown> {
  let body: unknown
  try {
    body = JSON.parse(reply.body.toString('utf8'))
  } catch (cause) {
    throw new DeviceError(
      'reply-malformed',
      `${what}: the platform answered ${reply.status} with something that is not JSON.`,
      {
        cause,
        status: reply.status,
      },
    )
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new DeviceError('reply-malformed', `${what}: the platform's answer is not a JSON object.`, {
      status: reply.status,
    })
  }
  const fields = body as Record<string, unknown>
  if (reply.status < 200 || reply.status > 299) {
    const detail = typeof fields['detail'] === 'string' ? fields['detail'] : `status ${reply.status}`
    throw new DeviceError('refused', `${what} was refused: ${detail}`, { status: reply.status })
  }
  return fields
}
