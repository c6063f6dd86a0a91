import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Identities } from '../fleet/enrol.ts'

const PROGRAM = fileURLToPath(new URL('./mqtt-load.ts', import.meta.url))

export interface LoadOptions {
  readonly port: number
  /** A file of `Identities`. */
  readonly identities: string
  readonly connections: number
  /** Readings in a message, and metrics of a device. */
  readonly values: number
  readonly metrics: number
  /** Messages a connection may have unacknowledged. */
  readonly window: number
  /** Messages a second, all connections together; 0: as fast as the windows allow. */
  readonly rate: number
  readonly seconds: number
  readonly warmup: number
}

export interface LoadResult {
  readonly pointsPerSecond: number
  readonly messagesPerSecond: number
  readonly pubackMs: { readonly p50: number; readonly p90: number; readonly p99: number; readonly max: number }
  /** Every point that was acknowledged, warm-up included. */
  readonly settledPoints: number
  /** Cores the generator took. */
  readonly generatorCpu: number
  readonly failed?: string
}

/** Runs the load generator as a process of its own; `measuring` and `measured` are told when its clock starts and stops. */
export async function runLoad(
  options: LoadOptions,
  on: { measuring?: () => void; measured?: () => void } = {},
): Promise<LoadResult> {
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', PROGRAM, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  let result: LoadResult | undefined
  for await (const line of createInterface({ input: child.stdout })) {
    const said = JSON.parse(line) as { event?: string }
    if (said.event === 'measuring') on.measuring?.()
    else if (said.event === 'measured') on.measured?.()
    else result = said as unknown as LoadResult
  }
  await exited
  if (result === undefined) throw new Error('the load generator ended without a result')
  if (result.failed !== undefined) throw new Error(`the load failed: ${result.failed}`)
  return result
}

/** Only this user reads the keys. */
export async function writeIdentities(file: string, identities: Identities): Promise<string> {
  await writeFile(file, JSON.stringify(identities), { mode: 0o600 })
  return file
}
