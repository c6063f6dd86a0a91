import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Client, createClient } from '@millwright/sdk'
import { usage } from '../errors.ts'
import type { Ask } from '../input/ask.ts'
import { text } from '../texts/text.ts'
import { isLoopback, parseAddress, STANDARD_URL } from './address.ts'
import { findAuthority } from './authority.ts'
import { changeConfig, configPath, readConfig, withPlatform } from './config-file.ts'
import { createTransport, type Transport } from './transport.ts'

export interface ConnectOptions {
  readonly url?: string | undefined
  readonly token?: string | undefined
  readonly ca?: string | undefined
  readonly fingerprint?: string | undefined
  readonly data?: string | undefined
  /** How long the platform may be silent over an answer, ms. */
  readonly patience?: number
}

/** A platform this program may speak to: its address and whom to trust there. */
export interface Platform {
  readonly url: URL
  /** PEM to pin; undefined: the system's list. */
  readonly authority: string | undefined
  readonly transport: Transport
  readonly configPath: string
}

export type TokenSource = 'given' | 'kept' | 'local'

/** A platform, and a token for it. */
export interface Connection extends Platform {
  readonly token: string
  readonly source: TokenSource
  readonly client: Client
}

export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv
  readonly ask: Ask
}

/** Settles which platform is meant (flag, environment, the one signed in to last, this machine's) and whom to trust there. */
export async function findPlatform(options: ConnectOptions, { environment, ask }: Surroundings): Promise<Platform> {
  const path = configPath(environment)
  const config = await readConfig(path)
  const url = parseAddress(options.url ?? set(environment, 'MILLWRIGHT_URL') ?? config.current ?? STANDARD_URL)
  const known = config.platforms[url.origin]
  const authority = await findAuthority({
    url,
    file: options.ca ?? set(environment, 'MILLWRIGHT_CA'),
    pinned: known?.authority,
    fingerprint: options.fingerprint,
    data: dataDirectory(options, environment),
    ask,
  })
  if (authority.fresh && authority.pem !== undefined) {
    const { pem } = authority
    await changeConfig(path, (old) => withPlatform(old, url.origin, { ...old.platforms[url.origin], authority: pem }))
  }
  const patience = options.patience === undefined ? {} : { patience: options.patience }
  return {
    url,
    authority: authority.pem,
    transport: createTransport({ authority: authority.pem, ...patience }),
    configPath: path,
  }
}

/** The platform with a token: given, kept at sign-in, or this machine's own. Errors: wrong usage, when there is none. */
export async function connectPlatform(options: ConnectOptions, around: Surroundings): Promise<Connection> {
  const platform = await findPlatform(options, around)
  const { environment } = around
  const given = options.token ?? set(environment, 'MILLWRIGHT_TOKEN')
  const kept =
    given === undefined ? (await readConfig(platform.configPath)).platforms[platform.url.origin]?.token : given
  const data = dataDirectory(options, environment)
  const local = kept === undefined && isLoopback(platform.url) ? await localToken(data) : undefined
  const token = kept ?? local
  if (token === undefined) throw usage(text('session.noToken', { url: platform.url.origin }))
  const source = given !== undefined ? 'given' : kept !== undefined ? 'kept' : 'local'
  return { ...platform, token, source, client: clientOf(platform, token) }
}

export const clientOf = (platform: Platform, token?: string): Client =>
  createClient({
    url: platform.url.origin,
    fetch: platform.transport,
    ...(token === undefined ? {} : { token }),
  })

export const dataDirectory = (options: { data?: string | undefined }, environment: NodeJS.ProcessEnv): string =>
  options.data ?? set(environment, 'MILLWRIGHT_DATA') ?? './millwright-data'

/** The token that a platform keeps for its own machine's operator; new at each of its starts. */
async function localToken(data: string): Promise<string | undefined> {
  const content = await readFile(join(data, 'local-token'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'EACCES') return undefined
    throw error
  })
  return content?.trim()
}

/** An empty variable counts as unset. */
const set = (environment: NodeJS.ProcessEnv, name: string): string | undefined => environment[name] || undefined
