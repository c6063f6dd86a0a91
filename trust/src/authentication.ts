import type { X509Certificate } from 'node:crypto'
import type { Clock } from '@millwright/foundation'
import { deviceActor } from './access/system-actor.ts'
import type { Actor } from './actor.ts'
import type { DeviceIdentity } from './identity/model.ts'
import { sameText } from './secrets/secret.ts'
import { restrictedActor, tokenActor, userActor } from './sessions/actors.ts'
import { sessionSecret } from './sessions/cookies.ts'
import { sessionErrors } from './sessions/errors.ts'
import type { LiveSession, SessionService } from './sessions/service.ts'
import type { TokenService } from './tokens/service.ts'

/** What a request shows of who sent it. */
export interface Credentials {
  /** The `cookie` header. */
  readonly cookie?: string | undefined
  /** The `authorization` header. */
  readonly authorization?: string | undefined
  /** The peer's certificate from the TLS handshake, whether or not the TLS layer found it good. */
  readonly clientCertificate?: X509Certificate | Uint8Array | undefined
  readonly address: string
  /** HTTP method: all but GET, HEAD and OPTIONS change something. */
  readonly method: string
  /** The `x-csrf-token` header. */
  readonly csrfHeader?: string | undefined
  /** False when the request came by plain HTTP. Absent counts as TLS. */
  readonly secure?: boolean | undefined
}

export interface Authenticated {
  readonly actor: Actor
  /** When it came with a session's cookie. */
  readonly session?: LiveSession
}

export type Authenticate = (credentials: Credentials) => Promise<Authenticated>

const HARMLESS = new Set(['GET', 'HEAD', 'OPTIONS'])
const BEARER = /^Bearer ([\x21-\x7e]{1,500})$/i

/**
 * Who sends a request: by the bearer token when there is one, else by the session's cookie, else by the client
 * certificate. Throws a typed error (401; 403 for a missing CSRF token) when nobody can be told.
 */
export function createAuthenticate(options: {
  readonly sessions: SessionService
  readonly tokens: TokenService
  readonly identity: DeviceIdentity
  readonly clock: Clock
}): Authenticate {
  const { sessions, tokens, identity, clock } = options

  async function byBearer(header: string, address: string): Promise<Authenticated> {
    const secret = BEARER.exec(header)?.[1]
    if (secret === undefined) throw sessionErrors.badAuthorization()
    if (secret.startsWith('mwd_')) {
      const { tenant, device, name } = await identity.byToken(secret)
      return { actor: deviceActor(tenant, device, name, address) }
    }
    const { token, principal } = await tokens.resolve(secret)
    const permissions = new Set(token.permissions)
    return { actor: tokenActor(principal, { ...token, permissions }, clock, { address }) }
  }

  async function bySession(secret: string, given: Credentials): Promise<Authenticated> {
    const session = await sessions.resume(secret)
    if (!HARMLESS.has(given.method.toUpperCase()) && !sameText(given.csrfHeader ?? '', session.csrf)) {
      throw sessionErrors.csrf()
    }
    const from = { session: session.id, address: given.address }
    const { principal } = session
    const actor = session.mustSetPassword ? restrictedActor(principal, from) : userActor(principal, clock, from)
    return { actor, session }
  }

  return async (given) => {
    if (given.authorization !== undefined) return byBearer(given.authorization, given.address)
    const secret = sessionSecret(given.cookie, given.secure !== false)
    if (secret !== undefined) return bySession(secret, given)
    if (given.clientCertificate !== undefined) {
      const { tenant, device, name, serial } = await identity.byCertificate(given.clientCertificate)
      return { actor: deviceActor(tenant, device, name, given.address, serial) }
    }
    throw sessionErrors.notSignedIn()
  }
}
