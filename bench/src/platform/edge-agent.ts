import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'

const EDGE = dirname(dirname(createRequire(import.meta.url).resolve('@millwright/edge')))
const PATIENCE = 60_000

/** The edge agent as a process of its own, as it runs in production: the bundle, with its flags for little memory. */
export interface EdgeAgent {
  readonly pid: number
  /** What its local page shows. */
  status(): Promise<EdgeStatus>
  log(): string
  stop(): Promise<void>
}

export interface EdgeStatus {
  readonly queue: { readonly readings: number; readonly bytes: number; readonly dropped: number }
  readonly link: { readonly up: boolean }
  readonly readings: { readonly acknowledged: number }
}

/** Makes the bundle: a second or so. */
export async function buildEdgeAgent(): Promise<void> {
  const child = spawn(process.execPath, [join(EDGE, 'build.ts')], { stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`the edge agent could not be bundled (code ${code})`)
}

/** Starts an enrolled agent; resolves when it runs. */
export async function startEdgeAgent(directory: string): Promise<EdgeAgent> {
  const child = spawn(join(EDGE, 'dist/millwright-edge'), ['--directory', directory, '--page-port', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, MILLWRIGHT_NODE: process.execPath },
  })
  let log = ''
  const page = await pageOf(child, (line) => {
    log += `${line}\n`
  })
  return {
    pid: child.pid!,
    status: async () => (await (await fetch(`${page}/status.json`)).json()) as EdgeStatus,
    log: () => log,
    async stop() {
      if (child.exitCode !== null) return
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
    },
  }
}

function pageOf(child: ChildProcess, hear: (line: string) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no start of the edge agent within ${PATIENCE} ms`)), PATIENCE)
    createInterface({ input: child.stderr! }).on('line', (line) => {
      hear(line)
      const page = /"page":"([^"]+)"/.exec(line)?.[1]
      if (page === undefined) return
      clearTimeout(timer)
      resolve(page)
    })
    child.once('exit', (code) => reject(new Error(`the edge agent ended with code ${code}`)))
  })
}
