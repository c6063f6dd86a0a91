/** A request of the platform to this device. */
export interface DeviceCommand {
  readonly id: string
  readonly name: string
  readonly params: unknown
}

/** Does it and returns the result (JSON); throwing answers the command as failed with the error's message. */
export type CommandHandler = (params: unknown, command: DeviceCommand) => unknown

const REMEMBERED = 256
const TOPIC = /^mw\/v1\/commands\/([^/]+)$/

/**
 * Answers commands. QoS 1 may deliver one twice: an id seen before is not done again, its answer is sent again.
 */
export class CommandDesk {
  readonly #handlers = new Map<string, CommandHandler>()
  readonly #answers = new Map<string, Promise<string>>()
  readonly #reply: (topic: string, payload: string) => void
  #any: CommandHandler | undefined

  constructor(reply: (topic: string, payload: string) => void) {
    this.#reply = reply
  }

  /** `name` may be `*`: any command that has no handler of its own. */
  handle(name: string, handler: CommandHandler): void {
    if (name === '*') this.#any = handler
    else this.#handlers.set(name, handler)
  }

  /** True when the message was a command. */
  async receive(topic: string, payload: Buffer): Promise<boolean> {
    const id = TOPIC.exec(topic)?.[1]
    if (id === undefined) return false
    let answer = this.#answers.get(id)
    if (answer === undefined) {
      answer = this.#answer(id, payload)
      this.#answers.set(id, answer)
      if (this.#answers.size > REMEMBERED) this.#answers.delete(this.#answers.keys().next().value!)
    }
    this.#reply(`mw/v1/commands/${id}/reply`, await answer)
    return true
  }

  async #answer(id: string, payload: Buffer): Promise<string> {
    try {
      const { name, params } = JSON.parse(payload.toString('utf8')) as { name?: unknown; params?: unknown }
      if (typeof name !== 'string') throw new Error('the command has no name')
      const handler = this.#handlers.get(name) ?? this.#any
      if (handler === undefined) throw new Error(`this device has no command ${name}`)
      const result = await handler(params, { id, name, params })
      return JSON.stringify({ ok: true, result: result ?? null })
    } catch (error) {
      return JSON.stringify({ ok: false, error: error instanceof Error ? error.message : String(error) })
    }
  }
}
