import { connectivityErrors } from '../../errors.ts'
import { JsonReader } from './reader.ts'

const reader = new JsonReader()

/**
 * Reads one JSON value as strictly as telemetry: duplicate keys, 1e400, broken UTF-8 and deep nesting are errors with
 * their path. For everything a device sends that is not telemetry: replies, reported state, requests.
 */
export function readJson(payload: Uint8Array): unknown {
  reader.start(payload)
  const value = reader.readValue()
  reader.finish()
  return value
}

/** As `readJson`, and the value must be an object. */
export function readJsonObject(payload: Uint8Array): Record<string, unknown> {
  const value = readJson(payload)
  if (isObject(value)) return value
  throw connectivityErrors.wrongType({ path: '/', expected: 'an object' })
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
