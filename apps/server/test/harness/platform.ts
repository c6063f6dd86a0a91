import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Client, createClient } from '@millwright/sdk'
import { prepareDataDirectory } from '@millwright/storage/testing'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
/** A platform that has not said its address by then has a fault. */
const PATIENCE = 60_000

export interface RunningPlatform {
  readonly url: string
  readonly mqttPort: number
  readonly signInLink: string | undefined
  readonly directory: string
  readonly process: ChildProcess
  /** An API client with every permission of the first tenant. */
  readonly client: Client
  readonly token: string
  /** Everything written to standard error so far. */
  log(): string
  /** SIGTERM; resolves with the exit code and the time it took, ms. */
  stop(): Promise<{ code: number | null; took: number }>
  /** SIGKILL, as a power cut does to a process. */
  kill(): Promise<void>
}

export interface PlatformOptions {
  readonly directory: string
  readonly args?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** False: the platform makes its data directory itself, or says why it cannot. */
  readonly prepared?: boolean
}

/** Starts a whole platform as its own process, on free ports unless told otherwise, without the plant unless told so. */
export async function startPlatform(options: PlatformOptions): Promise<RunningPlatform> {
  if (options.prepared !== false) await prepareDataDirectory(options.directory)
  const args = ['--data', options.directory, '--http-port', '0', '--mqtt-port', '0', '--empty', ...(options.args ?? [])]
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { UV_THREADPOOL_SIZE: '16', ...process.env, ...options.environment },
  })
  let log = ''
  child.stderr.on('data', (bytes: Buffer) => {
    log += bytes
  })
  const exited = once(child, 'exit') as Promise<[number | null]>
  const lines: string[] = []
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`the platform did not start within ${PATIENCE} ms:\n${log}`)),
      PATIENCE,
    )
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line)
      if (!line.startsWith('Ctrl-C')) return
      clearTimeout(timer)
      resolve()
    })
    void exited.then(([code]) => {
      clearTimeout(timer)
      reject(new StartRefused(code, log))
    })
  })
  const said = (name: string) =>
    lines
      .find((line) => line.trim().startsWith(name))
      ?.trim()
      .slice(name.length)
      .trim()
      .split(/\s/)[0]
  const url = said('Console')!
  const token = (await readFile(join(options.directory, 'local-token'), 'utf8')).trim()
  return {
    url,
    mqttPort: Number(new URL(said('Devices')!.replace('mqtts', 'https')).port),
    signInLink: said('Sign in'),
    directory: options.directory,
    process: child,
    token,
    client: createClient({ url, token }),
    log: () => log,
    async stop() {
      const began = performance.now()
      child.kill('SIGTERM')
      const [code] = await exited
      return { code, took: performance.now() - began }
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

/** The platform ended instead of starting, with this code and these words. */
export class StartRefused extends Error {
  readonly code: number | null
  readonly output: string
  constructor(code: number | null, output: string) {
    super(`the platform ended with code ${code}: ${output}`)
    this.code = code
    this.output = output
  }
}

/** A data directory that goes when the test ends. */
export async function temporaryDirectory(test: { after(work: () => Promise<void>): void }): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'millwright-e2e-'))
  test.after(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }))
  return directory
}
