import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Log } from '@millwright/foundation'

const PROGRAM = fileURLToPath(new URL('../../../plant/src/main.ts', import.meta.url))
const STOP_PATIENCE = 2_000

export interface PlantOptions {
  readonly url: string
  /** Where its devices keep their keys. */
  readonly directory: string
  /** An API token that may set the plant up. */
  readonly token: string
  readonly log: Log
  /** Its machines also speak the protocols of the shop floor, through an edge agent. */
  readonly full: boolean
}

/** Starts the simulated plant beside the platform: processes of its own that enrol and connect like any device. */
export function startPlant(options: PlantOptions): { stop(): Promise<void> } {
  const child: ChildProcess = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      PROGRAM,
      ...['--url', options.url, '--directory', options.directory],
      ...(options.full ? ['--full'] : []),
    ],
    {
      env: { ...process.env, MILLWRIGHT_PLANT_TOKEN: options.token },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const gone = once(child, 'exit')
  for (const stream of [child.stdout!, child.stderr!]) {
    createInterface({ input: stream }).on('line', (line) => options.log.info({ part: 'plant' }, line))
  }
  let stopping = false
  child.once('exit', (code) => {
    if (!stopping) options.log.error({ code }, 'the simulated plant has ended; the platform goes on without it')
  })
  return {
    async stop() {
      stopping = true
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE)
      await gone
      clearTimeout(timer)
    },
  }
}
