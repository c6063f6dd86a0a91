import { Ajv, type AnySchema } from 'ajv'
import addFormatsModule from 'ajv-formats'

const addFormats = addFormatsModule as unknown as (ajv: Ajv) => Ajv

const SETTINGS = {
  allErrors: false,
  strict: false,
  useDefaults: true,
  removeAdditional: false,
  addUsedSchema: false,
} as const

/** Bodies are taken as they are; what comes in a URL is text, and is read as the type that its schema names. */
const exact = addFormats(new Ajv({ ...SETTINGS, coerceTypes: false }))
const fromText = addFormats(new Ajv({ ...SETTINGS, coerceTypes: true }))

/** A validator of one part of a request, in the form that Fastify asks for. */
export function compileValidator({ schema, httpPart }: { schema: unknown; httpPart?: string }) {
  const ajv = httpPart === 'body' ? exact : fromText
  return ajv.compile(withoutIds(schema) as AnySchema)
}

/** Component names mean something to OpenAPI only; in ajv they would be global names that collide. */
function withoutIds(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutIds)
  if (typeof schema !== 'object' || schema === null) return schema
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => key !== '$id')
      .map(([key, part]) => [key, withoutIds(part)]),
  )
}
