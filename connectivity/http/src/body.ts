import {
  type CommandReply,
  connectivityErrors,
  isObject,
  type JsonObject,
  readJsonObject,
} from '@millwright/connectivity'

/** `{ "ok": true, "result"?: … }` or `{ "ok": false, "error": "…" }`. */
export function readReply(payload: Uint8Array): CommandReply {
  const { ok, result, error, ...rest } = readJsonObject(payload)
  for (const field of Object.keys(rest)) throw connectivityErrors.unknownField({ path: `/${field}` })
  if (ok === true && error === undefined) return { ok, result: result ?? null }
  if (ok === false && result === undefined) {
    if (typeof error !== 'string') throw connectivityErrors.wrongType({ path: '/error', expected: 'a string' })
    return { ok, error }
  }
  throw connectivityErrors.wrongType({ path: '/ok', expected: 'true (with a result) or false (with an error)' })
}

/** `{ "document": {…}, "desiredVersion"?: n }`. */
export function readReport(payload: Uint8Array): { document: JsonObject; desiredVersion: number | undefined } {
  const { document, desiredVersion, ...rest } = readJsonObject(payload)
  for (const field of Object.keys(rest)) throw connectivityErrors.unknownField({ path: `/${field}` })
  if (!isObject(document)) throw connectivityErrors.wrongType({ path: '/document', expected: 'an object' })
  if (desiredVersion === undefined) return { document, desiredVersion }
  if (
    typeof desiredVersion !== 'number' ||
    !Number.isInteger(desiredVersion) ||
    desiredVersion < 0 ||
    desiredVersion > 2 ** 31 - 1
  ) {
    throw connectivityErrors.wrongType({ path: '/desiredVersion', expected: 'a version' })
  }
  return { document, desiredVersion }
}
