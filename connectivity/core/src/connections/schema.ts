import { isObject } from '../codecs/json/document.ts'

/** Walks a configuration beside its schema. Schemas are TypeBox objects: plain JSON Schema of objects, arrays and unions. */
export interface SchemaNode {
  readonly type?: string
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly items?: SchemaNode
  readonly anyOf?: readonly SchemaNode[]
  readonly const?: unknown
  readonly secret?: boolean
  readonly default?: unknown
  readonly title?: string
}

/**
 * The branch of a union that a value is meant to be: the one with its literal `type` (or whatever field is a literal in
 * all branches), else the only one of its kind. The union itself when nothing tells.
 */
export function branchOf(schema: SchemaNode, value: unknown): SchemaNode {
  if (schema.anyOf === undefined) return schema
  const kind = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value
  const alike = schema.anyOf.filter((branch) => kindOfNode(branch) === undefined || kindOfNode(branch) === kind)
  if (isObject(value)) {
    const named = alike.find((branch) => literalsFit(branch, value))
    if (named !== undefined) return branchOf(named, value)
  }
  return alike.length === 1 ? branchOf(alike[0]!, value) : schema
}

/** A value with the defaults of its schema filled in, in the branches that were meant. */
export function filled(schema: SchemaNode, value: unknown): unknown {
  if (value === undefined) {
    return schema.default === undefined ? undefined : filled(schema, structuredClone(schema.default))
  }
  const node = branchOf(schema, value)
  const { items } = node
  if (Array.isArray(value)) return items === undefined ? value : value.map((item) => filled(items, item))
  if (!isObject(value)) return value
  const complete: Record<string, unknown> = { ...value }
  for (const [name, part] of Object.entries(node.properties ?? {})) {
    const field = filled(part, value[name])
    if (field !== undefined) complete[name] = field
  }
  return complete
}

/** The schema with each union that a value decides replaced by its branch: an error then speaks of what was meant. */
export function narrowed(schema: SchemaNode, value: unknown): SchemaNode {
  const branch = branchOf(schema, value)
  if (isObject(value) && branch.properties !== undefined) {
    const properties = Object.fromEntries(
      Object.entries(branch.properties).map(([name, part]) => [name, narrowed(part, value[name])]),
    )
    return { ...branch, properties }
  }
  const { items, ...rest } = branch
  // Only where it makes a difference: a register map has thousands of rows of one kind.
  if (!Array.isArray(value) || items === undefined || !hasUnion(items)) return branch
  return { ...rest, prefixItems: value.map((item) => narrowed(items, item)) } as SchemaNode
}

const hasUnion = (node: SchemaNode): boolean =>
  node.anyOf !== undefined ||
  Object.values(node.properties ?? {}).some(hasUnion) ||
  (node.items !== undefined && hasUnion(node.items))

/** The part of the schema that a JSON pointer leads to. */
export function nodeAt(schema: SchemaNode, value: unknown, pointer: readonly string[]): SchemaNode | undefined {
  const branch = branchOf(schema, value)
  const [key, ...rest] = pointer
  if (key === undefined) return branch
  const below = isObject(value) ? value[key] : Array.isArray(value) ? value[Number(key)] : undefined
  const next = branch.properties?.[key] ?? branch.items
  return next === undefined ? undefined : nodeAt(next, below, rest)
}

function kindOfNode(node: SchemaNode): string | undefined {
  return node.type === 'integer' ? 'number' : node.type
}

function literalsFit(branch: SchemaNode, value: Record<string, unknown>): boolean {
  const literals = Object.entries(branch.properties ?? {}).filter(([, part]) => part.const !== undefined)
  return literals.length > 0 && literals.every(([name, part]) => value[name] === part.const)
}
