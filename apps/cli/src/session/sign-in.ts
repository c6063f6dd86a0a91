import { type Client, type components, createClient } from '@millwright/sdk'
import type { Platform } from './connect.ts'

export type Session = components['schemas']['Session']

export interface OpenSession {
  readonly client: Client
  readonly session: Session
  /** Forgets the session at the platform. */
  end(): Promise<void>
}

/** Opens a session, as a browser does: a cookie and a CSRF token. What only a person may do (tokens) needs one. */
export async function openSession(
  platform: Platform,
  begin: (client: Client) => Promise<Session>,
): Promise<OpenSession> {
  let cookie: string | undefined
  let csrf: string | undefined
  const client = createClient({
    url: platform.url.origin,
    csrf: () => csrf,
    fetch: async (request: Request) => {
      if (cookie !== undefined) request.headers.set('cookie', cookie)
      const response = await platform.transport(request)
      cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? cookie
      return response
    },
  })
  // Each of these answers with a new CSRF token, which the next one needs already.
  const keep = (opened: Session): Session => {
    csrf = opened.csrf
    return opened
  }
  const session = await begin({
    ...client,
    signIn: async (input) => keep(await client.signIn(input)),
    signInByLink: async (input) => keep(await client.signInByLink(input)),
    setPassword: async (input) => keep(await client.setPassword(input)),
  })
  return {
    client,
    session,
    end: async () => {
      await client.signOut()
    },
  }
}

/** All that the person may do anywhere. */
export const permissionsOf = (session: Session): Session['permissions'][string] => [
  ...new Set(Object.values(session.permissions).flat()),
]
