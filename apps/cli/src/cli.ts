import { type Micros, systemClock } from '@millwright/foundation'
import type { Command } from 'commander'
import { CliError, EXIT, usage } from './errors.ts'
import { type Ask, createAsk } from './input/ask.ts'
import { Output } from './output/output.ts'
import {
  type Connection,
  type ConnectOptions,
  connectPlatform,
  findPlatform,
  type Platform,
} from './session/connect.ts'
import { text } from './texts/text.ts'

/** Options that every command takes. */
export interface GlobalOptions extends ConnectOptions {
  readonly json?: boolean
  readonly utc?: boolean
  readonly quiet?: boolean
  readonly color: boolean
}

/** Longer than any such work may take the platform, ms. */
const PATIENT = 20 * 60_000

/** Signals within this are one press of the key, ms. */
const SAME_PRESS = 1_000

/** What a command works with: where results go, who answers questions, and the platform once it is asked for. */
export class Cli {
  readonly environment: NodeJS.ProcessEnv
  readonly ask: Ask = createAsk()
  #options: GlobalOptions = { color: true }
  #output: Output | undefined
  #interrupt: AbortController | undefined
  #interruptedAt: number | undefined

  constructor(environment: NodeJS.ProcessEnv) {
    this.environment = environment
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => this.#onSignal())
  }

  /** Takes the options over, before a command's action runs. */
  begin(program: Command): void {
    this.#options = program.opts<GlobalOptions>()
    this.#output = undefined
  }

  get options(): GlobalOptions {
    return this.#options
  }

  get out(): Output {
    const { json, utc, quiet, color } = this.#options
    this.#output ??= new Output({
      json: json === true,
      utc: utc === true,
      quiet: quiet === true,
      colour: color && process.stdout.isTTY === true && !this.environment['NO_COLOR'],
    })
    return this.#output
  }

  now(): Micros {
    return systemClock.now()
  }

  platform(): Promise<Platform> {
    return findPlatform(this.#options, this)
  }

  connect(): Promise<Connection> {
    return connectPlatform(this.#options, this)
  }

  /** For work that takes the platform long before its first byte: large files in and out, rules over history. */
  connectPatiently(): Promise<Connection> {
    return connectPlatform({ ...this.#options, patience: PATIENT }, this)
  }

  /**
   * Asks before something that cannot be undone; `--yes` answers beforehand. Errors: wrong usage when nobody is there to
   * ask; refused when the answer is no.
   */
  async confirm(question: string, yes: boolean | undefined): Promise<void> {
    if (yes === true) return
    if (!this.ask.interactive) throw usage(text('input.needsYes'))
    if (!(await this.ask.confirm(question))) throw new CliError(EXIT.refused, text('input.leftOpen'))
  }

  /** From now on Ctrl-C and SIGTERM abort this signal, and the command ends by itself. */
  interruptible(): AbortSignal {
    this.#interrupt ??= new AbortController()
    return this.#interrupt.signal
  }

  /** The terminal sends Ctrl-C to npm, to the launcher and here, so that one may come as two; a second press insists. */
  #onSignal(): void {
    if (this.#interrupt === undefined) process.exit(EXIT.interrupted)
    const again = this.#interruptedAt !== undefined && performance.now() - this.#interruptedAt > SAME_PRESS
    if (again) process.exit(EXIT.interrupted)
    this.#interruptedAt ??= performance.now()
    this.#interrupt.abort()
  }
}
