import type { FromDevices, ToDevices } from './messages.ts'

/** What a child process asks its plant, each question with the answer it waits for. */
export class Calls {
  readonly #tell: (message: FromDevices) => void
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>()
  #last = 0

  constructor(tell: (message: FromDevices) => void) {
    this.#tell = tell
  }

  /** Resolves with the plant's answer; rejects with an Error of its sentence. */
  ask(
    question:
      | Omit<Extract<FromDevices, { kind: 'command' }>, 'call'>
      | Omit<Extract<FromDevices, { kind: 'configure' }>, 'call'>,
  ): Promise<unknown> {
    this.#last += 1
    const waiting = Promise.withResolvers<unknown>()
    this.#waiting.set(this.#last, waiting)
    this.#tell({ ...question, call: this.#last } as FromDevices)
    return waiting.promise
  }

  answer({ call, error, result }: Extract<ToDevices, { kind: 'answer' }>): void {
    const waiting = this.#waiting.get(call)
    this.#waiting.delete(call)
    if (error === undefined) waiting?.resolve(result)
    else waiting?.reject(new Error(error))
  }
}
