import { usage } from '../errors.ts'
import { text } from '../texts/text.ts'

export const STANDARD_URL = 'http://localhost:8080'

/**
 * The platform's address as a URL without path; `plant.example:8080` is taken as https, this machine's as http (it answers
 * both on one port). Errors: wrong usage; plain http to another machine, which would show the token to everybody on the way.
 */
export function parseAddress(given: string): URL {
  const plain = /^[a-z][a-z\d+.-]*:\/\//i.test(given) ? given : guessed(given)
  const url = URL.parse(plain)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '') {
    throw usage(text('session.badUrl', { given }))
  }
  if (url.protocol === 'http:' && !isLoopback(url)) throw usage(text('session.plainHttp', { given }))
  return new URL(url.origin)
}

function guessed(given: string): string {
  const https = `https://${given}`
  const url = URL.parse(https)
  return url !== null && isLoopback(url) ? `http://${given}` : https
}

/** Whether an address is of this machine. */
export function isLoopback(url: URL): boolean {
  return url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(url.hostname)
}
