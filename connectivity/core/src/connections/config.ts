import { MillwrightError } from '@millwright/foundation'
import { Value } from 'typebox/value'
import { checkStorable } from '../codecs/json/storable.ts'
import { connectivityErrors, isRefusal } from '../errors.ts'
import type { ConnectionAdapter } from './adapter.ts'
import { filled, narrowed, nodeAt, type SchemaNode } from './schema.ts'

const MOST_LEVELS = 16

type Config = Record<string, unknown>

/** The configuration with the schema's defaults filled in. @throws with the `path` of what is wrong */
export function checkedConfig(adapter: ConnectionAdapter, given: unknown): Config {
  checkStorable(given, MOST_LEVELS, 'config')
  const schema = adapter.configSchema as unknown as SchemaNode
  const config = filled(schema, given) as Config
  const problem = schemaProblem(schema, config)
  if (problem !== undefined) throw problem
  try {
    adapter.check?.(config)
  } catch (error) {
    if (!(error instanceof MillwrightError)) throw error
    const path = error.path === undefined ? 'config' : `config/${error.path.replace(/^(config)?\/?/, '')}`
    throw connectivityErrors.configInvalid({ what: error.message, path, cause: error })
  }
  return config
}

/** What is wrong with a configuration, in words and with its path; undefined: nothing. */
export function configProblem(adapter: ConnectionAdapter, given: unknown): MillwrightError | undefined {
  try {
    checkedConfig(adapter, given)
    return undefined
  } catch (error) {
    if (isRefusal(error)) return error
    throw error
  }
}

function schemaProblem(schema: SchemaNode, config: unknown): MillwrightError | undefined {
  const faults = Value.Errors(narrowed(schema, config) as never, config)
  // Of an unknown field it is also said that it fits nothing: the one that names it says more.
  const fault = faults.find(({ keyword }) => keyword !== 'boolean')
  if (fault === undefined) return undefined
  const at = fault.instancePath.split('/').slice(1).map(unescaped)
  const params = fault.params as {
    additionalProperties?: string[]
    requiredProperties?: string[]
    allowedValues?: unknown
  }
  const extra = params.additionalProperties?.[0]
  const missing = params.requiredProperties?.[0]
  const names = extra !== undefined ? [...at, extra] : missing !== undefined ? [...at, missing] : at
  const path = ['config', ...names].join('/')
  const title = nodeAt(schema, config, names)?.title ?? names.at(-1) ?? 'The configuration'
  const what =
    extra !== undefined
      ? `There is no field "${extra.slice(0, 100)}" in ${['config', ...at].join('/')}; take it out or mend its name.`
      : missing !== undefined
        ? `"${title}" is missing (${path}).`
        : Array.isArray(params.allowedValues)
          ? `"${title}" (${path}) must be one of ${params.allowedValues.join(', ')}.`
          : `"${title}" (${path}) ${fault.message}.`
  return connectivityErrors.configInvalid({ what, path })
}

const unescaped = (key: string): string => key.replaceAll('~1', '/').replaceAll('~0', '~')
