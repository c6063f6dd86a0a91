import { callHttps, jsonOf } from './https.ts'
import type { Identity } from './identity.ts'

/** What the platform answered, and how late it is there. */
export interface PlatformReply {
  readonly body: Record<string, unknown>
  /** The platform's clock at the middle of the answer's second, µs since the epoch; undefined: it did not say. */
  readonly time: number | undefined
  /** µs between question and answer. */
  readonly took: number
}

/**
 * Asks the platform's API over mutual TLS as this device. Errors: `unreachable`, `refused` with the platform's sentence.
 * @param path as `/api/v1/devices/me/configuration`
 * @param what as a sentence begins: `The configuration`
 */
export async function callPlatform(identity: Identity, path: string, what: string): Promise<PlatformReply> {
  const { authority, certificate, key, http } = identity
  const began = performance.now()
  const reply = await callHttps(new URL(path, http.url).href, { authority, certificate, key })
  const date = Date.parse(reply.headers['date'] ?? '')
  return {
    body: jsonOf(reply, what),
    time: Number.isNaN(date) ? undefined : date * 1000 + 500_000,
    took: Math.round((performance.now() - began) * 1000),
  }
}
