import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { RunningPlatform } from './platform.ts'

/** The bundle, as people run it; `npm test` builds it, `npm run build -w apps/edge` does by hand. */
const PROGRAM = fileURLToPath(new URL('../../../edge/dist/millwright-edge', import.meta.url))
const PATIENCE = 30_000

export interface RunningAgent {
  readonly process: ChildProcess
  /** Of its local page. */
  readonly page: string
  log(): string
  /** SIGKILL, as a power cut does to a process. */
  kill(): Promise<void>
  /** SIGTERM; resolves with the exit code and the time it took, ms. */
  stop(): Promise<{ code: number | null; took: number }>
}

export interface AgentOptions {
  readonly platform: RunningPlatform
  readonly directory: string
  /** For its first start. */
  readonly token?: string
}

/** Announces an edge agent. @returns its device, and the token for its first start */
export async function announceAgent(
  platform: RunningPlatform,
  name: string,
): Promise<{ device: string; token: string }> {
  const { device } = await platform.client.createAgent({ body: { name } })
  const { token } = await platform.client.createEnrolmentToken({ params: { id: device }, body: {} })
  return { device, token }
}

/** Starts an edge agent as its own process; resolves when it runs. */
export async function startAgent({ platform, directory, token }: AgentOptions): Promise<RunningAgent> {
  const url = platform.url.replace('http://', 'https://')
  const child = spawn(PROGRAM, ['--url', url, '--directory', directory, '--page-port', '0'], {
    stdio: ['ignore', 'inherit', 'pipe'],
    env: {
      ...process.env,
      MILLWRIGHT_NODE: process.execPath,
      ...(token === undefined ? {} : { MILLWRIGHT_ENROLMENT_TOKEN: token }),
    },
  })
  const exited = once(child, 'exit') as Promise<[number | null]>
  let log = ''
  const page = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`the agent did not start within ${PATIENCE} ms:\n${log}`)),
      PATIENCE,
    )
    createInterface({ input: child.stderr }).on('line', (line) => {
      log += `${line}\n`
      const found = /"page":"([^"]+)"/.exec(line)?.[1]
      if (found === undefined) return
      clearTimeout(timer)
      resolve(found)
    })
    void exited.then(([code]) => reject(new Error(`the agent ended with ${code} instead of starting:\n${log}`)))
  })
  return {
    process: child,
    page,
    log: () => log,
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
    async stop() {
      const began = performance.now()
      child.kill('SIGTERM')
      const [code] = await exited
      return { code, took: performance.now() - began }
    },
  }
}
