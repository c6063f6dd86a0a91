import { isObject } from '../codecs/json/document.ts'
import type { CommandReply, DeliverableCommand } from '../commands/model.ts'

/** What goes to the device: `{ "method", "params" }`. */
export const rpcOf = (command: DeliverableCommand) => ({ method: command.name, params: command.params ?? {} })

/** Any answer is a result, except an object that is nothing but an `error`. */
export function replyOf(answer: unknown): CommandReply {
  if (isObject(answer) && Object.keys(answer).length === 1 && typeof answer['error'] === 'string') {
    return { ok: false, error: answer['error'] }
  }
  return { ok: true, result: answer }
}

export const jsonBytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value))
