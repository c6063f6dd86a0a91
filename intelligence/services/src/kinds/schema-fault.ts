import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'

export interface SchemaFault {
  /** A sentence without its beginning: `"Step" must be >= 0.` */
  readonly reason: string
  /** Keys from the root to what is wrong. */
  readonly path: readonly string[]
}

/** The first thing that is wrong with a value, in words; undefined: nothing. */
export function schemaFault(schema: TSchema, value: unknown): SchemaFault | undefined {
  const faults = Value.Errors(schema, value)
  // Of an unknown field it is also said that it fits nothing: the one that names it says more.
  const fault = faults.find(({ keyword }) => keyword !== 'boolean') ?? faults[0]
  if (fault === undefined) return undefined
  const { additionalProperties, requiredProperties, allowedValues } = fault.params as {
    additionalProperties?: string[]
    requiredProperties?: string[]
    allowedValues?: unknown[]
  }
  const at = fault.instancePath.split('/').slice(1)
  const extra = additionalProperties?.[0]
  if (extra !== undefined)
    return { reason: `there is no field "${extra.slice(0, 100)}"; take it out or mend its name.`, path: [...at, extra] }
  const missing = requiredProperties?.[0]
  if (missing !== undefined) return { reason: `"${missing}" is missing.`, path: [...at, missing] }
  const name = titleOf(schema, at) ?? at.at(-1) ?? 'what was given'
  if (allowedValues !== undefined) return { reason: `"${name}" must be one of ${allowedValues.join(', ')}.`, path: at }
  return { reason: `"${name}" ${fault.message}.`, path: at }
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
