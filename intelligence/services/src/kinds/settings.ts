import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { serviceErrors } from '../errors.ts'
import type { ServiceKind, Settings } from './kind.ts'

/** More text than any kind's settings take. */
const MOST_TEXT = 256 * 1024

/** The settings with the schema's defaults filled in. @throws MW-SERVICE-0005 with the path of what is wrong */
export function checkedSettings(kind: ServiceKind, given: unknown): Settings {
  if (JSON.stringify(given ?? {}).length > MOST_TEXT) throw refused('they are too long', 'settings')
  const settings = Value.Default(kind.settings, structuredClone(given ?? {}))
  const [fault] = Value.Errors(kind.settings, settings)
  if (fault !== undefined) throw refused(...told(kind.settings, fault))
  const problem = kind.problem?.(settings as Settings)
  if (problem !== undefined) throw refused(problem, 'settings')
  return settings as Settings
}

/** Stored settings, with the defaults of fields that the kind has got since. */
export const filledSettings = (kind: ServiceKind, stored: Settings): Settings =>
  Value.Default(kind.settings, structuredClone(stored)) as Settings

const refused = (reason: string, path: string) => serviceErrors.settings({ reason, path })

interface Fault {
  readonly instancePath: string
  readonly message: string
  readonly params: object
}

function told(schema: TSchema, { instancePath, message, params }: Fault): [reason: string, path: string] {
  const { additionalProperties, requiredProperties, allowedValues } = params as {
    additionalProperties?: string[]
    requiredProperties?: string[]
    allowedValues?: unknown[]
  }
  const extra = additionalProperties?.[0]
  const missing = requiredProperties?.[0]
  const at = instancePath.split('/').slice(1)
  const path = ['settings', ...at, ...((extra ?? missing) === undefined ? [] : [extra ?? missing])].join('/')
  if (extra !== undefined) return [`there is no field "${extra.slice(0, 100)}"; take it out or mend its name.`, path]
  if (missing !== undefined) return [`"${missing}" is missing.`, path]
  const name = titleOf(schema, at) ?? at.at(-1) ?? 'what was given'
  if (allowedValues !== undefined) return [`"${name}" must be one of ${allowedValues.join(', ')}.`, path]
  return [`"${name}" ${message}.`, path]
}

function titleOf(schema: TSchema, path: readonly string[]): string | undefined {
  let node: unknown = schema
  for (const step of path) {
    const { properties, items } = node as { properties?: Record<string, unknown>; items?: unknown }
    node = properties?.[step] ?? items
    if (typeof node !== 'object' || node === null) return undefined
  }
  return (node as { title?: string }).title
}
