import { callHttps, type HttpsCall } from './https.ts'

/**
 * A `fetch` that trusts the given authority instead of the system's list, to hand to `createClient({ fetch })` where
 * the platform has its own certificate authority. Plain `http:` addresses pass as they are.
 */
export function pinnedFetch(authority: string): (input: Request) => Promise<Response> {
  return async (input) => {
    const headers: Record<string, string> = {}
    input.headers.forEach((value, name) => {
      headers[name] = value
    })
    const body = input.body === null ? undefined : new Uint8Array(await input.arrayBuffer())
    const call: HttpsCall = {
      method: input.method,
      headers,
      authority,
      timeoutMs: 60_000,
      signal: input.signal,
      ...(body === undefined ? {} : { body }),
    }
    const reply = await callHttps(input.url, call)
    const empty = reply.status === 204 || reply.status === 304
    return new Response(empty ? null : new Uint8Array(reply.body), { status: reply.status, headers: reply.headers })
  }
}
