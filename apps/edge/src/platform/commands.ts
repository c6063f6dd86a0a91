import type { ConnectionHost } from '@millwright/connectivity'
import { type Clock, type Log, MILLISECOND, SECOND } from '@millwright/foundation'
import { edgeErrors } from '../errors.ts'
import { COMMANDS, type PlatformLink } from './link.ts'

/** Answers are sent again when a command comes again: QoS 1 may deliver it twice, and it must be done once. */
const REMEMBERED = 256
const LONGEST = 120 * SECOND
const RESULT_BYTES = 48 * 1024

export interface CommandsOptions {
  readonly link: PlatformLink
  readonly host: ConnectionHost
  readonly clock: Clock
  readonly log: Log
}

interface Command {
  readonly connection: string
  readonly device: string | undefined
  readonly name: string
  readonly params: unknown
  /** µs. */
  readonly timeout: number
}

/** Commands to connections and to the devices behind them. */
export class ConnectionCommands {
  readonly #options: CommandsOptions
  readonly #answers = new Map<string, Promise<string>>()

  constructor(options: CommandsOptions) {
    this.#options = options
    options.link.onCommand = (id, payload) => void this.#receive(id, payload)
  }

  async #receive(id: string, payload: Buffer): Promise<void> {
    const { link, log } = this.#options
    let answer = this.#answers.get(id)
    if (answer === undefined) {
      answer = this.#answer(payload)
      this.#answers.set(id, answer)
      if (this.#answers.size > REMEMBERED) this.#answers.delete(this.#answers.keys().next().value!)
    }
    try {
      await link.send(`${COMMANDS}${id}/reply`, await answer)
    } catch (error) {
      // The platform sends the command again, or gives it up: both are its decision.
      log.warn({ err: error, command: id }, 'the answer to a command did not arrive')
    }
  }

  async #answer(payload: Buffer): Promise<string> {
    try {
      const text = JSON.stringify({ ok: true, result: (await this.#carryOut(read(payload))) ?? null })
      if (text.length <= RESULT_BYTES) return text
      return JSON.stringify({
        ok: false,
        error: `It was done, but its result is too large to be told (${text.length} bytes).`,
      })
    } catch (error) {
      return JSON.stringify({ ok: false, error: (error as Error).message })
    }
  }

  async #carryOut({ connection, device, name, params, timeout }: Command): Promise<unknown> {
    const { host, clock } = this.#options
    if (host.status(connection) === undefined) throw edgeErrors.connectionUnknown({ connection })
    const over = new AbortController()
    const { promise: late, reject } = Promise.withResolvers<never>()
    const timer = clock.after(timeout, () => {
      over.abort()
      reject(edgeErrors.timedOut({ seconds: Math.round(timeout / SECOND) }))
    })
    try {
      return await Promise.race([host.command(connection, { name, params, device, signal: over.signal }), late])
    } finally {
      timer.cancel()
    }
  }
}

function read(payload: Buffer): Command {
  const { connection, device, name, params, timeout } = JSON.parse(payload.toString('utf8')) as Record<string, unknown>
  if (typeof connection !== 'string' || typeof name !== 'string') throw new Error('The command is not understood.')
  return {
    connection,
    device: typeof device === 'string' && device !== '' ? device : undefined,
    name,
    params,
    timeout: typeof timeout === 'number' ? Math.min(LONGEST, Math.max(100 * MILLISECOND, timeout)) : 30 * SECOND,
  }
}
