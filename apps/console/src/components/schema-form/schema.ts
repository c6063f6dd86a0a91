/** The part of JSON Schema that adapters describe their configuration in. */
export interface Schema {
  readonly type?: string
  readonly title?: string
  readonly description?: string
  readonly default?: unknown
  readonly const?: unknown
  readonly enum?: readonly (string | number)[]
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly multipleOf?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly maxItems?: number
  readonly minItems?: number
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  /** Written, never read back. */
  readonly secret?: boolean
  /** Names what is chosen instead of typed: `signal(s)` of the equipment, `any-signal(s)`, `node`. */
  readonly format?: string
  /** Not asked for: it is put there by the platform. */
  readonly readOnly?: boolean
  /** Of rows: they can be moved, because their order means something. */
  readonly ordered?: boolean
  /** Said by the adapter: folded away, or not. */
  readonly advanced?: boolean
}

export type Values = Readonly<Record<string, unknown>>

/** A way that a union can go: an object whose literal field says which it is. */
export interface Branch {
  readonly key: string
  readonly value: string | number | boolean
  readonly title: string
  readonly description: string | undefined
  readonly schema: Schema
}

/** What is chosen from what the platform knows: a signal of the form's equipment, any signal, a node of the tree. */
export type Pick = 'signal' | 'any-signal' | 'node'

/** What a schema asks of a person. */
export type Field =
  | { readonly kind: 'text'; readonly schema: Schema; readonly long: boolean; readonly secret: boolean }
  | { readonly kind: 'number'; readonly schema: Schema; readonly whole: boolean }
  | { readonly kind: 'yes-no'; readonly schema: Schema }
  | { readonly kind: 'choice'; readonly schema: Schema; readonly options: readonly (string | number)[] }
  | { readonly kind: 'object'; readonly schema: Schema }
  | { readonly kind: 'branches'; readonly schema: Schema; readonly branches: readonly Branch[] }
  | { readonly kind: 'rows'; readonly schema: Schema; readonly items: Schema }
  | { readonly kind: 'words'; readonly schema: Schema; readonly items: Schema }
  | { readonly kind: 'texts'; readonly schema: Schema; readonly items: Schema }
  | { readonly kind: 'pick'; readonly schema: Schema; readonly what: Pick; readonly many: boolean }
  | { readonly kind: 'literal'; readonly schema: Schema }
  /** Anything else: written as JSON. */
  | { readonly kind: 'json'; readonly schema: Schema }

/** Texts of this length are papers (certificates, keys, scripts), not lines. */
const LONG = 4000

/** A register map has thousands of rows of one schema: what it asks is found out once. */
const known = new WeakMap<Schema, Field>()

/** How a schema is asked for. */
export function fieldOf(schema: Schema): Field {
  const held = known.get(schema) ?? read(schema)
  known.set(schema, held)
  return held
}

function read(given: Schema): Field {
  const schema = withoutNull(given)
  if (schema.const !== undefined) return { kind: 'literal', schema }
  if (schema.enum !== undefined) return { kind: 'choice', schema, options: schema.enum }
  if (schema.anyOf !== undefined) {
    const constants = schema.anyOf.map((one) => one.const)
    if (constants.every((one) => typeof one === 'string' || typeof one === 'number'))
      return { kind: 'choice', schema, options: constants as (string | number)[] }
    const branches = branchesOf(schema.anyOf)
    return branches === undefined ? { kind: 'json', schema } : { kind: 'branches', schema, branches }
  }
  const pick = pickOf(schema)
  if (pick !== undefined) return pick
  switch (schema.type) {
    case 'string':
      return { kind: 'text', schema, secret: schema.secret === true, long: isLong(schema) }
    case 'integer':
    case 'number':
      return { kind: 'number', schema, whole: schema.type === 'integer' }
    case 'boolean':
      return { kind: 'yes-no', schema }
    case 'array':
      return arrayField(schema, schema.items ?? {})
    case 'object':
      return schema.properties === undefined ? { kind: 'json', schema } : { kind: 'object', schema }
    default:
      return { kind: 'json', schema }
  }
}

const PICKS: Readonly<Record<string, Pick>> = {
  signal: 'signal',
  signals: 'signal',
  'any-signal': 'any-signal',
  'any-signals': 'any-signal',
  node: 'node',
}

function pickOf(schema: Schema): Extract<Field, { kind: 'pick' }> | undefined {
  const many = schema.type === 'array'
  const what = PICKS[schema.format ?? (many ? (schema.items?.format ?? '') : '')]
  if (what === undefined || (!many && schema.type !== 'string')) return undefined
  return { kind: 'pick', schema, what, many }
}

const isLong = ({ maxLength, secret }: Schema) => (secret === true ? (maxLength ?? 0) > 4096 : (maxLength ?? 0) >= LONG)

function arrayField(schema: Schema, items: Schema): Field {
  const inner = fieldOf(items).kind
  if (inner === 'object' || inner === 'branches') return { kind: 'rows', schema, items }
  if (inner === 'text') return { kind: isLong(items) ? 'texts' : 'words', schema, items }
  if (inner === 'number' || inner === 'choice') return { kind: 'words', schema, items }
  return { kind: 'json', schema }
}

/** `T | null` is asked for as T that may be left out. */
function withoutNull(schema: Schema): Schema {
  const rest = schema.anyOf?.filter((one) => one.type !== 'null')
  if (rest === undefined || rest.length !== 1 || rest.length === schema.anyOf?.length) return schema
  const { anyOf: _, ...said } = schema
  return { ...rest[0], ...said }
}

function branchesOf(anyOf: readonly Schema[]): Branch[] | undefined {
  const branches: Branch[] = []
  for (const schema of anyOf) {
    const literal = Object.entries(schema.properties ?? {}).find(([, part]) => part.const !== undefined)
    if (literal === undefined) return undefined
    const [key, part] = literal
    const value = part.const as Branch['value']
    // The title of the whole branch, else that of the literal where it says more than "kind".
    const title = schema.title ?? (sameTitles(anyOf, key) ? undefined : part.title) ?? String(value)
    branches.push({ key, value, title, description: schema.description ?? part.description, schema })
  }
  return new Set(branches.map(({ key }) => key)).size === 1 ? branches : undefined
}

const sameTitles = (anyOf: readonly Schema[], key: string) =>
  new Set(anyOf.map((one) => one.properties?.[key]?.title)).size === 1

/** The branch that a value has taken; the first when it has none yet. */
export const takenBranch = (branches: readonly Branch[], value: unknown): Branch =>
  branches.find((one) => isValues(value) && value[one.key] === one.value) ?? branches[0]!

export const isValues = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isRequired = (schema: Schema, name: string): boolean =>
  schema.required?.includes(name) === true && schema.properties?.[name]?.default === undefined

const SHORT = /^(udp|tcp|tls|url|uri|ip|id|qos)$/

/** The name a person reads, from the schema or out of the field's own: `pollInterval` is "Poll interval". */
export function titleOf(schema: Schema, name: string): string {
  if (schema.title !== undefined) return schema.title
  if (SHORT.test(name)) return name.toUpperCase()
  const words = name.replace(/([a-z\d])([A-Z])/g, '$1 $2').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Certificates that were accepted or refused are kept by the connection's page; nobody types them. */
const KEPT_ELSEWHERE = /^(trusted|rejected)Certificates$/
/** What one looks for first, whatever it defaults to. */
const PLAIN =
  /^(tls|payload|format|host|port|unit|address|path|folder|topic|user|username|token|password|certificate|key)$/

/**
 * Fields to show at once, and those that are folded away. The adapter may say which; else tuning is folded: numbers,
 * choices and switches that have a default.
 */
export function folded(schema: Schema): { plain: string[]; advanced: string[] } {
  const parts = Object.entries(schema.properties ?? {}).filter(
    ([, part]) => fieldOf(part).kind !== 'literal' && part.readOnly !== true,
  )
  const names = parts.map(([name]) => name)
  const advanced = parts.filter(([name, part]) => isAdvanced(schema, name, part)).map(([name]) => name)
  const plain = names.filter((name) => !advanced.includes(name))
  return advanced.length < 2 || plain.length === 0 ? { plain: names, advanced: [] } : { plain, advanced }
}

function isAdvanced(schema: Schema, name: string, part: Schema): boolean {
  if (part.advanced !== undefined) return part.advanced
  if (isRequired(schema, name) || PLAIN.test(name)) return false
  if (KEPT_ELSEWHERE.test(name)) return true
  const { kind } = fieldOf(part)
  return part.default !== undefined && (kind === 'number' || kind === 'yes-no' || kind === 'choice')
}
