import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Client, createClient } from '@millwright/sdk'
import { fetchAuthority, pinnedFetch } from '@millwright/sdk/device'

export interface AccessOptions {
  /** The platform, as `https://localhost:8080`. */
  readonly url: string
  /** An API token; absent: the one the platform keeps for this machine's operator in its data directory. */
  readonly token?: string | undefined
  /** The platform's data directory. */
  readonly data: string
  /** First 32 hex digits of the SHA-256 of the platform's authority: needed where it is another machine. */
  readonly fingerprint?: string | undefined
}

export interface Access {
  readonly url: string
  /** PEM. */
  readonly authority: string
  readonly client: Client
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/**
 * A client of the platform's API. On this machine the platform's own authority is taken as it answers (who could answer
 * here could also read the token); elsewhere its fingerprint must be given. Errors: throws a sentence.
 */
export async function openAccess(options: AccessOptions): Promise<Access> {
  const url = secure(options.url)
  const local = LOOPBACK.test(url.hostname)
  if (!local && options.fingerprint === undefined) {
    throw new Error(
      `${url.origin} is another machine: give --fingerprint, the first 32 digits of its authority’s SHA-256 (the console shows it).`,
    )
  }
  const token = options.token ?? (local ? await localToken(options.data) : undefined)
  if (token === undefined || token === '') {
    throw new Error('An API token is needed: --token, or MILLWRIGHT_TOKEN in the environment.')
  }
  const authority = await fetchAuthority(url.origin, options.fingerprint)
  // The SDK hands each call a whole Request; the pinned fetch takes just that.
  const client = createClient({ url: url.origin, token, fetch: pinnedFetch(authority) })
  return { url: url.origin, authority, client }
}

/** Plain HTTP is answered on the same port as HTTPS: devices enrol over HTTPS only. */
export function secure(address: string): URL {
  const url = new URL(address)
  url.protocol = 'https:'
  return url
}

async function localToken(data: string): Promise<string> {
  const path = join(data, 'local-token')
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause
    throw new Error(
      `No API token was given (--token, MILLWRIGHT_TOKEN), and ${path} does not exist: is the platform running with this data directory (--data)?`,
      { cause },
    )
  }
}
