import { readFileSync } from 'node:fs'
import { Ajv, type ErrorObject } from 'ajv'
import type { Static, TObject } from 'typebox'
import { helpText, type Origin, printConfig } from './describe.ts'
import { configErrors } from './errors.ts'
import { type Asked, readFlags } from './flags.ts'
import { fromText, hint, type Option, optionsOf } from './option.ts'

export interface ConfigSources {
  /** The command line without the program's name. */
  readonly argv: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Read when it exists, unless `--config` names another (which must exist). */
  readonly defaultFile?: string
  /** Of the environment's variables; `MILLWRIGHT_` unless told otherwise. */
  readonly prefix?: string
}

export interface Config<T> {
  readonly values: T
  readonly origins: ReadonlyMap<string, Origin>
  readonly asked: Readonly<Asked>
  /** Variables with the prefix that no option reads: probably a typing error, worth a warning. */
  readonly unknownVariables: readonly string[]
  /** For `--print-config`: every value and its source, secrets masked. */
  print(): string
}

/**
 * Puts a program's configuration together: command line over environment over file over the schema's defaults. The
 * schema is one flat object; its entries may carry `description`, `default` and `secret: true`.
 * @throws MW-CONFIG-… that names the option, its source and what is wrong with it
 */
export function loadConfig<S extends TObject>(schema: S, sources: ConfigSources): Config<Static<S>> {
  const prefix = sources.prefix ?? 'MILLWRIGHT_'
  const options = optionsOf(schema, prefix)
  const { values: flags, asked } = readFlags(sources.argv, options)
  const file = readFile(asked.file, sources.defaultFile, options)
  const values: Record<string, unknown> = {}
  const origins = new Map<string, Origin>()
  for (const option of options) {
    const found = pick(option, flags, sources.environment, file.values)
    if (found === undefined) continue
    values[option.name] = found.value
    origins.set(option.name, found.origin)
  }
  const print = () => printConfig(options, values, origins, file.path)
  if (!asked.help) check(schema, options, values, origins, file.path)
  const known = new Set(options.map(({ variable }) => variable))
  const unknownVariables = Object.keys(sources.environment).filter(
    (name) => name.startsWith(prefix) && !known.has(name),
  )
  return { values: values as Static<S>, origins, asked, unknownVariables, print }
}

/** The list of options for a `--help` page: flags, meanings, defaults, environment variables. */
export const configHelp = (schema: TObject, prefix = 'MILLWRIGHT_'): string => helpText(optionsOf(schema, prefix))

function pick(
  option: Option,
  flags: ReadonlyMap<string, unknown>,
  environment: ConfigSources['environment'],
  file: Readonly<Record<string, unknown>>,
): { value: unknown; origin: Origin } | undefined {
  if (flags.has(option.name)) return { value: flags.get(option.name), origin: 'flag' }
  const variable = environment[option.variable]
  if (variable !== undefined && variable !== '') return { value: fromText(option, variable), origin: 'environment' }
  if (Object.hasOwn(file, option.name)) return { value: file[option.name], origin: 'file' }
  return option.schema.default === undefined ? undefined : { value: option.schema.default, origin: 'default' }
}

function readFile(
  asked: string | undefined,
  standard: string | undefined,
  options: readonly Option[],
): { path: string | undefined; values: Record<string, unknown> } {
  const path = asked ?? standard
  if (path === undefined) return { path, values: {} }
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    if (asked === undefined && (cause as NodeJS.ErrnoException).code === 'ENOENT')
      return { path: undefined, values: {} }
    throw configErrors.unreadable({ file: path, reason: (cause as Error).message, cause })
  }
  const values = parsed(path, text)
  const names = options.map(({ name }) => name)
  for (const key of Object.keys(values)) {
    if (!names.includes(key)) throw configErrors.unknownKey({ file: path, key, hint: hint(key, names), path: key })
  }
  return { path, values }
}

function parsed(path: string, text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw configErrors.notJson({ file: path, reason: (cause as Error).message, cause })
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw configErrors.notJson({ file: path, reason: 'it holds something else' })
}

function check(
  schema: TObject,
  options: readonly Option[],
  values: Readonly<Record<string, unknown>>,
  origins: ReadonlyMap<string, Origin>,
  file: string | undefined,
): void {
  for (const { required, name, flag, variable } of options) {
    if (required && values[name] === undefined) throw configErrors.missing({ name, flag, variable, path: name })
  }
  // `secret` and the like are notes for us, not JSON Schema: ajv is told not to mind them.
  const validate = new Ajv({ strict: false }).compile(schema)
  if (validate(values)) return
  const error = validate.errors![0]!
  const name = error.instancePath.split('/')[1] ?? ''
  const option = options.find((one) => one.name === name)
  const origin = origins.get(name)
  const source =
    origin === 'flag' ? option?.flag : origin === 'environment' ? option?.variable : origin === 'file' ? file : origin
  throw configErrors.value({ name, origin: source, reason: reason(error, option, values[name]), path: name })
}

function reason(error: ErrorObject, option: Option | undefined, value: unknown): string {
  const text =
    error.keyword === 'enum' ? `must be one of ${option?.schema.enum?.join(', ')}` : (error.message ?? 'is wrong')
  return option?.schema.secret === true ? text : `${text}; it is ${JSON.stringify(value)}`
}
