import { type Client, createClient } from '@millwright/sdk'

export interface SignedIn {
  readonly client: Client
  readonly cookie: string
}

export const PASSWORD = 'a long enough password'

/** Signs in with a one-time link and sets a password, as a person does in the console; a cookie and a CSRF token follow. */
export async function signIn(url: string, link: string): Promise<SignedIn> {
  const token = new URL(link).hash.slice(1)
  let cookie = ''
  let csrf: string | undefined
  const withCookie = async (request: Request): Promise<Response> => {
    if (cookie !== '') request.headers.set('cookie', cookie)
    const response = await fetch(request)
    const set = response.headers.getSetCookie()[0]
    if (set !== undefined) cookie = set.split(';')[0]!
    return response
  }
  const client = createClient({ url, fetch: withCookie, csrf: () => csrf })
  csrf = (await client.signInByLink({ body: { token } })).csrf
  csrf = (await client.setPassword({ body: { next: PASSWORD } })).csrf
  return { client, cookie }
}
