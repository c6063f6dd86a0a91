import { execFile, spawn } from 'node:child_process'
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface PostgresServer {
  /** A superuser's address. */
  readonly url: string
  stop(): Promise<void>
}

/**
 * Starts a PostgreSQL server of this machine's own (Debian's package, or what PATH has) in a temporary directory, for
 * tests. @returns the reason when there is none: for a loud skip
 */
export async function startPostgres(): Promise<PostgresServer | string> {
  const bin = await binaries()
  if (bin === undefined) return 'no PostgreSQL server on this machine (on Debian: apt-get install postgresql)'
  const user = await plainUser()
  if (user === undefined) return 'PostgreSQL does not run as root, and there is no user postgres to run it as'
  const directory = await mkdtemp(join(tmpdir(), 'millwright-postgres-'))
  if (user.uid !== undefined) await chown(directory, user.uid, user.gid!)
  const data = join(directory, 'data')
  await run(join(bin, 'initdb'), ['-D', data, '-U', 'mill', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
    ...user,
    cwd: '/',
  })
  // Only a socket in our own directory: no port to be taken by somebody else.
  const settings = [`unix_socket_directories=${directory}`, 'listen_addresses=', 'fsync=off', 'shared_buffers=16MB']
  const server = spawn(join(bin, 'postgres'), ['-D', data, ...settings.flatMap((one) => ['-c', one])], {
    ...user,
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const exited = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  const stop = async () => {
    server.kill('SIGINT')
    await exited
    await rm(directory, { recursive: true, force: true })
  }
  let said = ''
  const ready = await new Promise<boolean>((resolve) => {
    server.stderr.on('data', (bytes) => {
      said += bytes
      if (said.includes('ready to accept connections')) resolve(true)
    })
    server.once('exit', () => resolve(false))
  })
  if (ready) return { url: `postgres://mill@/postgres?host=${encodeURIComponent(directory)}`, stop }
  await stop()
  throw new Error(`PostgreSQL did not start: ${said}`)
}

async function binaries(): Promise<string | undefined> {
  const versions = await readdir('/usr/lib/postgresql').catch(() => [])
  const newest = versions.toSorted((a, b) => Number(b) - Number(a))[0]
  if (newest !== undefined) return join('/usr/lib/postgresql', newest, 'bin')
  return run('pg_config', ['--bindir']).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  )
}

/** PostgreSQL refuses to run as root. */
async function plainUser(): Promise<{ uid?: number; gid?: number } | undefined> {
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string) => run('id', [flag, 'postgres']).then(({ stdout }) => Number(stdout))
  return Promise.all([id('-u'), id('-g')]).then(
    ([uid, gid]) => ({ uid, gid }),
    () => undefined,
  )
}
