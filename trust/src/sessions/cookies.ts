import { isSecret } from '../secrets/secret.ts'

/** Over TLS: the prefix makes browsers refuse it from plain HTTP, subdomains and other paths (RFC 6265bis, 4.1.3.2). */
const SECURE = '__Host-millwright'
/** Over plain HTTP, which is answered on loopback only. */
const PLAIN = 'millwright'

/** The session's secret from a `cookie` header; undefined when there is none of the right shape. */
export function sessionSecret(header: string | undefined, secure: boolean): string | undefined {
  if (header === undefined || header.length > 16_384) return undefined
  const wanted = secure ? SECURE : PLAIN
  for (const part of header.split(';')) {
    const at = part.indexOf('=')
    if (at < 0 || part.slice(0, at).trim() !== wanted) continue
    const value = part.slice(at + 1).trim()
    if (isSecret('mws', value)) return value
  }
  return undefined
}

/** `set-cookie` for a session; an empty secret takes the cookie away. It ends with the browser, or by the server's word. */
export function sessionCookie(secret: string, secure: boolean): string {
  const parts = [`${secure ? SECURE : PLAIN}=${secret}`, 'Path=/', 'HttpOnly', 'SameSite=Strict']
  if (secure) parts.push('Secure')
  if (secret === '') parts.push('Max-Age=0')
  return parts.join('; ')
}
