import { isObject, readJson } from '@millwright/connectivity'
import { MillwrightError } from '@millwright/foundation'
import type { FieldConfig, MappingConfig } from './config.ts'
import { asNumber, asTime } from './values.ts'

const TIME_KEYS = ['time', 'timestamp', 'ts', 't', 'datetime', 'date']
const FIELDS = 100

/** A mapping that fits one message, for a person to go on from; undefined: nothing that is understood. */
export function guessMapping(topic: string, payload: Buffer): MappingConfig | undefined {
  // Such levels would be read as names or wildcards.
  if (/[{}+#]/.test(topic) || topic.startsWith('$')) return undefined
  const text = payload.toString('utf8')
  if (payload.length === 0 || text.includes('\ufffd')) return undefined
  if (asNumber(text) !== undefined) return { topic, payload: 'number', metric: topic.split('/').at(-1) || topic }
  const document = jsonOf(payload)
  if (isObject(document)) {
    if (
      'values' in document &&
      isObject(document['values']) &&
      Object.keys(document).every((key) => MILLWRIGHT.has(key))
    ) {
      return { topic, payload: 'millwright+json' }
    }
    const fields = guessFields(document)
    if (fields.length > 0) return { topic, payload: 'json', fields }
  }
  if (Array.isArray(document) && document.every((entry) => isObject(entry) && ('n' in entry || 'bn' in entry))) {
    return { topic, payload: 'senml+json' }
  }
  if (document !== undefined && typeof document !== 'string') {
    return { topic, payload: 'json', fields: [{ metric: topic.split('/').at(-1) || topic, value: '$' }] }
  }
  return { topic, payload: 'text', metric: topic.split('/').at(-1) || topic }
}

const MILLWRIGHT = new Set(['time', 'values', 'units', 'quality'])

function guessFields(document: Readonly<Record<string, unknown>>): FieldConfig[] {
  const timed = TIME_KEYS.map((key) => ({ key, format: timeFormat(document[key]) })).find(
    ({ format }) => format !== undefined,
  )
  const time = timed === undefined ? {} : { time: pathTo(timed.key), timeFormat: timed.format! }
  return Object.keys(document)
    .filter((key) => key !== timed?.key && key !== '')
    .slice(0, FIELDS)
    .map((key) => ({ metric: key.replaceAll('{', '(').replaceAll('}', ')'), value: pathTo(key), ...time }))
}

const pathTo = (key: string): string =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? `$.${key}` : `$[${JSON.stringify(key)}]`

/** By its size: seconds, milliseconds, µs and ns of our time do not overlap. */
function timeFormat(value: unknown): FieldConfig['timeFormat'] | undefined {
  if (typeof value === 'string') return asTime(value, 'rfc3339') === undefined ? undefined : 'rfc3339'
  if (typeof value !== 'number') return undefined
  if (value > 9e8 && value < 1e10) return 's'
  if (value > 9e11 && value < 1e13) return 'ms'
  if (value > 9e14 && value < 1e16) return 'us'
  return value > 9e17 && value < 1e19 ? 'ns' : undefined
}

function jsonOf(payload: Buffer): unknown {
  try {
    return readJson(payload)
  } catch (error) {
    if (error instanceof MillwrightError) return undefined
    throw error
  }
}
