import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { unreachable } from '../errors.ts'
import type { Ask } from '../input/ask.ts'
import { text } from '../texts/text.ts'
import { isLoopback } from './address.ts'
import { UNVERIFIED } from './transport.ts'

export interface AuthorityRequest {
  readonly url: URL
  /** File of `--ca`. */
  readonly file?: string | undefined
  /** PEM kept since the first contact. */
  readonly pinned?: string | undefined
  /** What the person says it must be: at least 32 hex digits of its SHA-256. */
  readonly fingerprint?: string | undefined
  /** The platform's data directory, on the same machine. */
  readonly data: string
  readonly ask: Ask
}

export interface FoundAuthority {
  /** PEM to pin; undefined: the system's own list vouches for the platform. */
  readonly pem: string | undefined
  /** Confirmed just now: to be kept. */
  readonly fresh: boolean
}

/**
 * The authority to trust for a platform: given, kept, read from the data directory beside it, or trusted on first use after
 * a person has compared its fingerprint (as SSH does). Nothing secret is sent before it is settled.
 */
export async function findAuthority(request: AuthorityRequest): Promise<FoundAuthority> {
  const { url, file, pinned, fingerprint, data } = request
  if (url.protocol !== 'https:') return { pem: undefined, fresh: false }
  if (file !== undefined) return { pem: await readFile(file, 'utf8'), fresh: false }
  if (pinned !== undefined && fingerprint === undefined) return { pem: pinned, fresh: false }
  if (fingerprint === undefined) {
    if (await systemTrusts(url)) return { pem: undefined, fresh: false }
    const local = isLoopback(url)
      ? await readFile(join(data, 'keys', 'root.crt'), 'utf8').catch(() => undefined)
      : undefined
    if (local !== undefined) return { pem: local, fresh: false }
  }
  return { pem: await firstUse(request), fresh: true }
}

async function firstUse({ url, fingerprint, ask }: AuthorityRequest): Promise<string> {
  const { fetchAuthority, fingerprintOf } = await import('@millwright/sdk/device')
  const pem = await fetchAuthority(url.origin, fingerprint?.replaceAll(':', '').toLowerCase())
  if (fingerprint !== undefined) return pem
  const shown = fingerprintOf(pem).replace(/(..)(?=.)/g, '$1:')
  const question = text('session.trustQuestion', { url: url.origin, fingerprint: shown })
  if (!ask.interactive) throw unreachable(text('session.untrusted', { url: url.origin, fingerprint: shown }))
  if (!(await ask.confirm(question))) throw unreachable(text('session.notTrusted', { url: url.origin }))
  return pem
}

/** One handshake: whether the system's authorities vouch for the platform. Errors: not reachable, or wrong in another way. */
function systemTrusts(url: URL): Promise<boolean> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const { promise, resolve, reject } = Promise.withResolvers<boolean>()
  const socket = connectTls({
    host,
    port: Number(url.port || 443),
    servername: /^[\d.]+$|:/.test(host) ? '' : host,
    minVersion: 'TLSv1.2',
  })
  socket.setTimeout(10_000, () => socket.destroy(new Error(text('session.silent', { seconds: 10 }))))
  socket.once('secureConnect', () => {
    socket.end()
    resolve(true)
  })
  socket.once('error', (error: NodeJS.ErrnoException) => {
    if (UNVERIFIED.has(error.code ?? '')) resolve(false)
    else reject(unreachable(text('session.unreachable', { url: url.origin, reason: reason(error) }), error))
  })
  return promise
}

const reason = (error: Error): string =>
  error instanceof AggregateError ? String((error.errors[0] as Error | undefined)?.message) : error.message
