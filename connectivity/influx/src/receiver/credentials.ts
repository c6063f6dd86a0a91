import { createHash, timingSafeEqual } from 'node:crypto'

/** What a sender has to show. Nothing set: anybody may write. */
export interface Credentials {
  readonly token: string | undefined
  readonly username: string | undefined
  readonly password: string | undefined
}

const digest = (text: string) => createHash('sha256').update(text).digest()
/** Takes the same time whatever is given. */
const same = (given: string, expected: string) => timingSafeEqual(digest(given), digest(expected))

/**
 * `Authorization: Token …`, `Bearer …` or `Basic …`, and InfluxDB 1.x's `u` and `p` in the query. A token also passes as
 * the password of any user, as InfluxDB 2.x does for clients of 1.x.
 */
export function isAllowed(
  credentials: Credentials,
  authorization: string | undefined,
  query: URLSearchParams,
): boolean {
  const { token, username, password } = credentials
  if (token === undefined && username === undefined) return true
  const shown = shownBy(authorization, query)
  if (shown === undefined) return false
  if (token !== undefined && same(shown.secret, token)) return true
  if (username === undefined || password === undefined || shown.user === undefined) return false
  // Both are compared always: the time taken tells nothing of which was wrong.
  const user = same(shown.user, username)
  return same(shown.secret, password) && user
}

function shownBy(
  authorization: string | undefined,
  query: URLSearchParams,
): { user: string | undefined; secret: string } | undefined {
  const bearer = /^(?:Token|Bearer) +(\S{1,4096})$/i.exec(authorization ?? '')
  if (bearer !== null) return { user: undefined, secret: bearer[1]! }
  const basic = /^Basic +([A-Za-z0-9+/=]{1,8192})$/i.exec(authorization ?? '')
  if (basic !== null) {
    const text = Buffer.from(basic[1]!, 'base64').toString()
    const colon = text.indexOf(':')
    return colon < 0 ? undefined : { user: text.slice(0, colon), secret: text.slice(colon + 1) }
  }
  const [user, secret] = [query.get('u'), query.get('p')]
  return user === null || secret === null ? undefined : { user, secret }
}
