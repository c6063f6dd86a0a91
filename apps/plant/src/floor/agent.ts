import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('../../../edge/dist/millwright-edge', import.meta.url))
const STOP_PATIENCE = 1_500
const RETRY = 3_000

export interface AgentOptions {
  readonly url: string
  readonly directory: string
  /** For the first start; afterwards the agent has keys of its own. */
  readonly token: string | undefined
  /** Folders that its connections may read. */
  readonly fileRoots: readonly string[]
  say(text: string): void
}

/** The edge agent beside the plant's controllers: the real one, in a process of its own, enrolled like any other. */
export class PlantAgent {
  readonly #options: AgentOptions
  #child: ChildProcess | undefined
  #timer: NodeJS.Timeout | undefined
  #stopping = false

  constructor(options: AgentOptions) {
    this.#options = options
  }

  start(): void {
    const { url, directory, token, fileRoots, say } = this.#options
    const { MILLWRIGHT_PLANT_TOKEN: _, MILLWRIGHT_TOKEN: __, ...environment } = process.env
    const child = spawn(
      PROGRAM,
      [...['--url', url, '--directory', directory], ...(fileRoots.length === 0 ? [] : ['--file-roots', ...fileRoots])],
      {
        // By the environment: arguments can be read by everybody on the machine.
        env: {
          ...environment,
          MILLWRIGHT_NODE: process.execPath,
          ...(token === undefined ? {} : { MILLWRIGHT_ENROLMENT_TOKEN: token }),
        },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    )
    this.#child = child
    let last = ''
    createInterface({ input: child.stderr }).on('line', (line) => {
      last = line
    })
    child.once('error', (error) => say(`the edge agent cannot be started: ${error.message}`))
    child.once('exit', (code, signal) => {
      if (this.#stopping) return
      say(`the edge agent ended (${signal ?? `code ${code}`}: ${last}); it starts again in ${RETRY / 1000} s`)
      this.#timer = setTimeout(() => this.start(), RETRY)
    })
  }

  async stop(): Promise<void> {
    this.#stopping = true
    clearTimeout(this.#timer)
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE)
    await gone
    clearTimeout(timer)
  }
}
