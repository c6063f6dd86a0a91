import {
  type CommandReply,
  connectivityErrors,
  isObject,
  type JsonObject,
  readJsonObject,
} from '@millwright/connectivity'
import { mqttErrors } from '../errors.ts'

/** Answers and states are small; readings have their own way in. */
const MAX_BYTES = 256 * 1024
/** What an edge agent answers to a try may be a page of a large server; the services keep less of other answers. */
const MAX_REPLY_BYTES = 1024 * 1024
const MAX_ERROR_TEXT = 2_000

/** `mw/v1/commands/<id>/reply`: `{ ok: true, result }` or `{ ok: false, error }`. */
export function parseReply(payload: Buffer, topic: string): CommandReply {
  const body = parseObject(payload, topic, ['ok', 'result', 'error'], MAX_REPLY_BYTES)
  if (body['ok'] === true && !('error' in body)) {
    return 'result' in body ? { ok: true, result: body['result'] } : { ok: true }
  }
  if (body['ok'] === false && typeof body['error'] === 'string' && !('result' in body)) {
    return { ok: false, error: body['error'].slice(0, MAX_ERROR_TEXT) }
  }
  throw mqttErrors.payloadInvalid({
    topic,
    what: 'it must be { "ok": true, "result" } or { "ok": false, "error": "…" }',
  })
}

/** `mw/v1/twin/reported`: `{ document: {…}, desiredVersion? }`. */
export function parseReported(payload: Buffer, topic: string): { document: JsonObject; desiredVersion?: number } {
  const body = parseObject(payload, topic, ['document', 'desiredVersion'])
  const { document, desiredVersion } = body
  if (!isObject(document)) throw mqttErrors.payloadInvalid({ topic, what: '"document" must be an object' })
  if (desiredVersion === undefined) return { document }
  if (typeof desiredVersion !== 'number' || !Number.isSafeInteger(desiredVersion) || desiredVersion < 0) {
    throw mqttErrors.payloadInvalid({ topic, what: '"desiredVersion" must be a whole number' })
  }
  return { document, desiredVersion }
}

function parseObject(payload: Buffer, topic: string, known: readonly string[], most = MAX_BYTES): JsonObject {
  if (payload.length > most) {
    throw mqttErrors.payloadInvalid({ topic, what: `it is larger than ${most} bytes` })
  }
  const value = readJsonObject(payload)
  const unknown = Object.keys(value).find((key) => !known.includes(key))
  if (unknown !== undefined) throw connectivityErrors.unknownField({ path: `/${unknown}` })
  return value
}
