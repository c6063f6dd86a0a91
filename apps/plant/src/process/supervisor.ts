import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { FromDevices, ToDevices } from './messages.ts'

/** What a controller's process runs, and the MB of heap it may take: there are several of them. */
export const PROGRAMS = {
  devices: { path: fileURLToPath(new URL('./device-process.ts', import.meta.url)), heap: 64 },
  speaker: { path: fileURLToPath(new URL('../floor/speaker-process.ts', import.meta.url)), heap: 256 },
} as const

const FIRST_WAIT = 1_000
const LONGEST_WAIT = 30_000
const GOOD_AFTER = 60_000
const STOP_PATIENCE = 1_500

export interface SupervisorOptions {
  readonly name: string
  readonly program: keyof typeof PROGRAMS
  /** The first thing the process is told, each time it starts. */
  begin(): ToDevices
  /** Where Node keeps compiled code: without it each process would carry its own TypeScript compiler, some 25 MB. */
  readonly codeCache: string
  onMessage(message: FromDevices): void
  say(text: string): void
}

/** Keeps one controller's process running: a process that ends is started again, each time after a longer wait. */
export class Supervisor {
  readonly #options: SupervisorOptions
  #child: ChildProcess | undefined
  #timer: NodeJS.Timeout | undefined
  #wait = FIRST_WAIT
  #startedAt = 0
  #stopping = false

  constructor(options: SupervisorOptions) {
    this.#options = options
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  start(): void {
    const { path, heap } = PROGRAMS[this.#options.program]
    const child = fork(path, {
      execArgv: ['--disable-warning=ExperimentalWarning', `--max-old-space-size=${heap}`, '--max-semi-space-size=2'],
      env: { ...environment(), NODE_COMPILE_CACHE: this.#options.codeCache },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    this.#child = child
    this.#startedAt = performance.now()
    child.on('message', (message: FromDevices) => this.#options.onMessage(message))
    child.on('error', (error) => this.#options.say(`${this.#options.name}: ${error.message}`))
    child.once('exit', (code, signal) => this.#onExit(code, signal))
    this.send(this.#options.begin())
  }

  send(message: ToDevices): void {
    // A child that is just going misses a reading, as a device that is switched off does.
    if (this.#child?.connected) this.#child.send(message, () => {})
  }

  async stop(): Promise<void> {
    this.#stopping = true
    clearTimeout(this.#timer)
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    this.send({ kind: 'stop' })
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE)
    await gone
    clearTimeout(timer)
  }

  #onExit(code: number | null, signal: string | null): void {
    this.#child = undefined
    if (this.#stopping) return
    if (performance.now() - this.#startedAt > GOOD_AFTER) this.#wait = FIRST_WAIT
    this.#options.say(
      `${this.#options.name} ended (${signal ?? `code ${code}`}); it starts again in ${this.#wait / 1000} s`,
    )
    this.#timer = setTimeout(() => this.start(), this.#wait)
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT)
  }
}

/** A device needs none of its plant's secrets. */
function environment(): NodeJS.ProcessEnv {
  const { MILLWRIGHT_PLANT_TOKEN: _, MILLWRIGHT_TOKEN: __, ...rest } = process.env
  return rest
}
