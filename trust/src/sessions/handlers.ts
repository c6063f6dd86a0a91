import type { Permission, Session, trustOperations } from '@millwright/contracts'
import type { Call, Handlers } from '../api.ts'
import type { TokenService } from '../tokens/service.ts'
import { sessionCookie, sessionSecret } from './cookies.ts'
import { sessionErrors } from './errors.ts'
import { type Opened, type SessionService, sessionView } from './service.ts'

type AnyCall = Pick<Call<unknown>, 'header' | 'requestHeader' | 'secure' | 'address'>

const secretOf = (call: AnyCall) => sessionSecret(call.requestHeader('cookie'), call.secure !== false)

function present(call: AnyCall, opened: Opened): Session {
  call.header('set-cookie', sessionCookie(opened.secret, call.secure !== false))
  call.header('cache-control', 'no-store')
  return opened.session
}

export const sessionHandlers = (
  sessions: SessionService,
  tokens: TokenService,
): Handlers<Pick<typeof trustOperations, 'signIn' | 'signInByLink' | 'getSession' | 'setPassword' | 'signOut'>> => ({
  async signIn(call) {
    const { address, body } = call
    return present(call, await sessions.signIn({ ...body, address, previous: secretOf(call) }))
  },

  async signInByLink(call) {
    const given = { token: call.body.token, address: call.address, previous: secretOf(call) }
    return present(call, await sessions.signInByLink(given))
  },

  async getSession(call) {
    call.header('cache-control', 'no-store')
    if (call.actor.kind === 'token') return tokenSession(call, tokens)
    const secret = secretOf(call)
    if (call.actor.kind !== 'user' || secret === undefined) throw sessionErrors.notSignedIn()
    return sessionView(await sessions.resume(secret))
  },

  async setPassword(call) {
    const secret = secretOf(call)
    if (call.actor.kind !== 'user' || secret === undefined) throw sessionErrors.onlyPeople()
    const given = { secret, ...call.body, address: call.address }
    return present(call, await sessions.setPassword(given))
  },

  async signOut(call) {
    const secret = secretOf(call)
    if (call.actor.kind !== 'user' || secret === undefined) throw sessionErrors.onlyPeople()
    await sessions.signOut(secret)
    call.header('set-cookie', sessionCookie('', call.secure !== false))
    return undefined
  },
})

/** A token's "who am I": its owner, and what the token may do now. It needs no CSRF token. */
async function tokenSession(
  call: Pick<Call<unknown>, 'actor' | 'requestHeader'>,
  tokens: TokenService,
): Promise<Session> {
  const secret = call.requestHeader('authorization')?.replace(/^Bearer /i, '') ?? ''
  const { token, principal } = await tokens.resolve(secret)
  const permissions: Record<string, Permission[]> = {}
  for (const [node, held] of call.actor.permissions) permissions[node] = [...held]
  return {
    user: principal.user,
    tenant: principal.tenant,
    permissions,
    csrf: '',
    expiresAt: token.expiresAt,
    mustSetPassword: false,
  }
}
