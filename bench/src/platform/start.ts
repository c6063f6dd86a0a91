import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Client, createClient } from '@millwright/sdk'

const MAIN = createRequire(import.meta.url)
  .resolve('@millwright/server')
  .replace(/index\.ts$/, 'main.ts')
/** A platform that has not said its address by then has a fault. */
const PATIENCE = 120_000

/** The whole platform as a process of its own, as `npm start -- --empty` runs it. */
export interface Platform {
  readonly pid: number
  readonly url: string
  readonly mqttPort: number
  readonly token: string
  readonly client: Client
  /** From the start of the process to its banner, ms. */
  readonly startedIn: number
  /** Everything written to standard error so far. */
  log(): string
  /** SIGTERM; resolves when it has ended. */
  stop(): Promise<void>
}

export interface PlatformOptions {
  readonly directory: string
  readonly mqttPort?: number
  readonly environment?: Readonly<Record<string, string>>
}

export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { directory, mqttPort = 0 } = options
  const began = performance.now()
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      // Only taken when a profile is asked for; then on a free port.
      '--inspect-port=0',
      MAIN,
      ...['--data', directory, '--http-port', '0', '--mqtt-port', String(mqttPort), '--empty'],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...options.environment } },
  )
  let log = ''
  child.stderr.on('data', (bytes: Buffer) => {
    log += bytes
  })
  const lines = await banner(child, () => log)
  const startedIn = performance.now() - began
  const said = (name: string) =>
    lines
      .find((line) => line.startsWith(name))!
      .slice(name.length)
      .trim()
      .split(/\s/)[0]!
  const url = said('Console')
  const token = (await readFile(join(directory, 'local-token'), 'utf8')).trim()
  return {
    pid: child.pid!,
    url,
    mqttPort: Number(new URL(said('Devices').replace('mqtts', 'https')).port),
    token,
    client: createClient({ url, token }),
    startedIn,
    log: () => log,
    async stop() {
      if (child.exitCode !== null) return
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
    },
  }
}

/** The lines of the start-up message. */
async function banner(child: ChildProcess, log: () => string): Promise<string[]> {
  const lines: string[] = []
  const done = Promise.withResolvers<void>()
  createInterface({ input: child.stdout! }).on('line', (line) => {
    lines.push(line.trim())
    if (line.startsWith('Ctrl-C')) done.resolve()
  })
  const timer = setTimeout(() => done.reject(new Error(`no start within ${PATIENCE} ms:\n${log()}`)), PATIENCE)
  child.once('exit', (code) => done.reject(new Error(`the platform ended with code ${code}:\n${log()}`)))
  try {
    await done.promise
  } finally {
    clearTimeout(timer)
  }
  return lines
}
