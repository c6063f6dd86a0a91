import type { TSchema } from 'typebox'
import { Problem } from './common.ts'
import { type Json, type JsonObject, referenced, sorted } from './components.ts'
import type { Operation } from './operation.ts'

/**
 * The OpenAPI 3.1 document of a table of operations. Schemas that carry an `$id` become components; the rest stands
 * where it is used, since OpenAPI 3.1 schemas are JSON Schema 2020-12 as they are.
 */
export function openApiDocument(operations: Record<string, Operation>, version: string): JsonObject {
  const components: JsonObject = {}
  const paths: { [path: string]: JsonObject } = {}
  const tags = new Set<string>()
  for (const op of Object.values(operations)) {
    tags.add(op.tag)
    const item = paths[`/api/v1${op.path}`] ?? {}
    item[op.method.toLowerCase()] = describe(op, components)
    paths[`/api/v1${op.path}`] = item
  }
  referenced(Problem, components)
  return {
    openapi: '3.1.0',
    info: {
      title: 'Millwright',
      version,
      description:
        'Times are integer microseconds since the Unix epoch, UTC. Lists are paged by opaque cursors. Entities carry a `version`: send it as `If-Match` and a change is refused with 412 when somebody else was faster. Errors are problem+json (RFC 9457) with a stable `code`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...tags].map((name) => ({ name })),
    security: [{ session: [] }, { token: [] }],
    paths,
    components: {
      schemas: sorted(components),
      securitySchemes: {
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'mw_session',
          description: 'From signing in; changing requests also need `x-csrf-token`',
        },
        token: { type: 'http', scheme: 'bearer', description: 'An API token' },
      },
    },
  }
}

function describe(op: Operation, components: JsonObject): JsonObject {
  const status = String(op.status ?? (op.reply === undefined ? 204 : 200))
  const success: JsonObject = { description: op.reply === undefined ? 'Done' : 'Success' }
  if (op.produces !== undefined) {
    success['content'] = { [op.produces]: { schema: { type: 'string', format: 'binary' } } }
  } else if (op.reply !== undefined) {
    success['content'] = { 'application/json': { schema: referenced(op.reply, components) } }
  }
  const described: JsonObject = {
    operationId: op.id,
    tags: [op.tag],
    summary: op.summary,
    ...(op.description === undefined ? {} : { description: op.description }),
    parameters: [...parameters('path', op.params, components), ...parameters('query', op.query, components)],
    responses: {
      [status]: success,
      default: {
        description: 'What was wrong and what to do',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
  if (op.access === 'public') described['security'] = []
  if (op.body !== undefined) {
    described['requestBody'] = {
      required: true,
      content: { 'application/json': { schema: referenced(op.body, components) } },
    }
  }
  return described
}

function parameters(place: 'path' | 'query', schema: TSchema | undefined, components: JsonObject): Json[] {
  if (schema === undefined) return []
  const { properties = {}, required = [] } = schema as { properties?: Record<string, TSchema>; required?: string[] }
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: referenced(property, components),
  }))
}
