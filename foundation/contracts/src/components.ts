export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

/** The schema with each `$id`-carrying part replaced by a reference, the parts collected in `components`. */
export function referenced(schema: unknown, components: JsonObject): Json {
  if (Array.isArray(schema)) return schema.map((part) => referenced(part, components))
  if (typeof schema !== 'object' || schema === null) return schema as Json
  const { $id, ...rest } = schema as { $id?: string; [key: string]: unknown }
  const plain: JsonObject = {}
  for (const [key, part] of Object.entries(rest)) plain[key] = referenced(part, components)
  if ($id === undefined) return plain
  components[$id] = plain
  return { $ref: `#/components/schemas/${$id}` }
}

export const sorted = (object: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)))
