import { queryOptions, useQuery } from '@tanstack/react-query'
import { api, rememberCsrf } from './client.ts'
import { allowed } from './permissions.ts'
import { queryClient } from './query-client.ts'
import { ApiError, type Permission, type Session } from './types.ts'

const SESSION_KEY = ['session'] as const

export const sessionQuery = queryOptions({
  queryKey: SESSION_KEY,
  staleTime: 5 * 60_000,
  queryFn: async (): Promise<Session | null> => {
    try {
      return keep(await api.getSession())
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return keep(null)
      throw error
    }
  },
})

function keep<S extends Session | null>(session: S): S {
  rememberCsrf(session?.csrf)
  return session
}

const enter = (session: Session): Session => {
  queryClient.setQueryData(SESSION_KEY, keep(session))
  return session
}

export const signIn = async (email: string, password: string) => enter(await api.signIn({ body: { email, password } }))
export const signInByLink = async (token: string) => enter(await api.signInByLink({ body: { token } }))
export const setPassword = async (next: string, current?: string) =>
  enter(await api.setPassword({ body: current === undefined ? { next } : { next, current } }))

/** Forgets everything that was read: the next person at this screen starts clean. */
export async function signOut(): Promise<void> {
  await api.signOut()
  forget()
}

export function forget(): void {
  rememberCsrf(undefined)
  queryClient.clear()
  queryClient.setQueryData(SESSION_KEY, null)
}

/** The session of pages behind the sign-in, where there always is one. */
export function useSession(): Session {
  const { data } = useQuery(sessionQuery)
  if (data === undefined || data === null) throw new Error('a page behind the sign-in was drawn without a session')
  return data
}

/** Asks what the signed-in person may do: at a node's path, or anywhere when no path is given. */
export function useCan(): (permission: Permission, path?: readonly string[]) => boolean {
  const session = useSession()
  return (permission, path) => allowed(session.permissions, permission, path)
}
