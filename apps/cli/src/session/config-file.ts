import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { usage } from '../errors.ts'
import { text } from '../texts/text.ts'

/** What is kept of one platform, by its origin. */
export interface KnownPlatform {
  readonly token?: string
  readonly tokenId?: string
  readonly email?: string
  /** µs since the epoch. */
  readonly expiresAt?: number
  /** PEM of the authority that was confirmed at the first contact. */
  readonly authority?: string
}

export interface ConfigFile {
  readonly version: 1
  /** Origin of the platform that is meant when none is named. */
  readonly current?: string
  readonly platforms: Readonly<Record<string, KnownPlatform>>
}

const EMPTY: ConfigFile = { version: 1, platforms: {} }

/** Where the XDG base directory specification puts it. */
export function configPath(environment: NodeJS.ProcessEnv): string {
  const base = environment['XDG_CONFIG_HOME']
  // The specification: a relative path is to be taken as unset.
  const directory = base?.startsWith('/') ? base : join(homedir(), '.config')
  return join(directory, 'millwright', 'config.json')
}

/** Errors: wrong usage, when the file is not what this program wrote. */
export async function readConfig(path: string): Promise<ConfigFile> {
  const content = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (content === undefined) return EMPTY
  const parsed = parseConfig(content)
  if (parsed?.version !== 1 || typeof parsed.platforms !== 'object')
    throw usage(text('session.configDamaged', { path }))
  return parsed
}

function parseConfig(content: string): ConfigFile | undefined {
  try {
    return JSON.parse(content) as ConfigFile
  } catch {
    return undefined
  }
}

/** Changes the file: whole or not at all, readable by its owner only. */
export async function changeConfig(path: string, change: (config: ConfigFile) => ConfigFile): Promise<void> {
  const next = change(await readConfig(path))
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const temporary = `${path}.${process.pid}`
  const file = await open(temporary, 'w', 0o600)
  try {
    await file.writeFile(`${JSON.stringify(next, undefined, 2)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, path)
}

/** The config with what is known of one platform changed; undefined forgets it. */
export function withPlatform(config: ConfigFile, origin: string, known: KnownPlatform | undefined): ConfigFile {
  const { [origin]: _, ...others } = config.platforms
  return { ...config, platforms: known === undefined ? others : { ...others, [origin]: known } }
}
