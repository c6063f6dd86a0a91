import { readJsonObject } from '../codecs/json/document.ts'
import { connectivityErrors } from '../errors.ts'
import type { DesiredChange, JsonObject } from '../twins/model.ts'

/** What an attributes request asks for: keys, or all (undefined). */
export interface AttributesRequest {
  readonly client: readonly string[] | undefined
  readonly shared: readonly string[] | undefined
}

/** `{ "clientKeys"?: "a,b", "sharedKeys"?: "c" }`; neither: everything; only one: nothing of the other. */
export function readAttributesRequest(payload: Uint8Array): AttributesRequest {
  const { clientKeys, sharedKeys, ...rest } = payload.length === 0 ? {} : readJsonObject(payload)
  for (const field of Object.keys(rest)) throw connectivityErrors.unknownField({ path: `/${field}` })
  if (clientKeys === undefined && sharedKeys === undefined) return { client: undefined, shared: undefined }
  return { client: keys(clientKeys, '/clientKeys'), shared: keys(sharedKeys, '/sharedKeys') }
}

function keys(value: unknown, path: string): readonly string[] {
  if (value === undefined) return []
  if (typeof value !== 'string') throw connectivityErrors.wrongType({ path, expected: 'keys, separated by commas' })
  return value.split(',').map((key) => key.trim())
}

/** The fields of `document` that are asked for. */
export function pick(document: JsonObject, wanted: readonly string[] | undefined): JsonObject {
  if (wanted === undefined) return document
  return Object.fromEntries(wanted.filter((key) => Object.hasOwn(document, key)).map((key) => [key, document[key]]))
}

/** Messages that tell a ThingsBoard device of a change: what has a value, and what has none any more. */
export function sharedUpdates(change: DesiredChange): JsonObject[] {
  const touched = Object.keys(change.patch)
  const values = pick(change.document, touched)
  const deleted = touched.filter((key) => !Object.hasOwn(change.document, key))
  return [...(Object.keys(values).length > 0 ? [values] : []), ...(deleted.length > 0 ? [{ deleted }] : [])]
}
