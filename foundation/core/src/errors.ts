/**
 * One error shape for the whole platform: a stable code (`MW-DATA-0012`), a sentence that says what was wrong and
 * what to do, and the path of the offending value. HTTP shows it as problem+json (RFC 9457), MQTT as a dead letter.
 */

/** What one kind of error is: its number within its area, the HTTP status it maps to, and its sentence. */
export interface ErrorKind {
  readonly number: number
  readonly status: number
  /** Sentence with `{name}` places, filled from the details given when the error is made. */
  readonly text: string
}

/** Values that fill an error's sentence; `path` is the JSON pointer or field name of the offending value. */
export interface ErrorDetails {
  readonly path?: string
  readonly cause?: unknown
  readonly [name: string]: unknown
}

export class MillwrightError extends Error {
  readonly code: string
  readonly status: number
  readonly path: string | undefined
  readonly details: ErrorDetails

  constructor(code: string, status: number, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'MillwrightError'
    this.code = code
    this.status = status
    this.path = details.path
    this.details = details
  }
}

const MAX_SHOWN = 200

/** Offending values come from outside: shown short and on one line, so that a log or a page stays readable. */
function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed here
  const flat = text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
  return flat.length > MAX_SHOWN ? `${flat.slice(0, MAX_SHOWN)}…` : flat
}

/**
 * Makes an area's error catalogue: `const dataErrors = errorCatalogue('DATA', { signalUnknown: { number: 12, … } })`,
 * then `throw dataErrors.signalUnknown({ id })`. Numbers are never reused.
 */
export function errorCatalogue<K extends string>(
  area: string,
  kinds: Record<K, ErrorKind>,
): Record<K, (details?: ErrorDetails) => MillwrightError> {
  const made = {} as Record<K, (details?: ErrorDetails) => MillwrightError>
  const numbers = new Set<number>()
  for (const name of Object.keys(kinds) as K[]) {
    const kind = kinds[name]
    if (numbers.has(kind.number)) throw new Error(`error number ${kind.number} stands twice in the area ${area}`)
    numbers.add(kind.number)
    const code = `MW-${area}-${String(kind.number).padStart(4, '0')}`
    made[name] = (details = {}) => {
      const message = kind.text.replace(/\{(\w+)\}/g, (_, key: string) => shown(details[key]))
      return new MillwrightError(code, kind.status, message, details)
    }
  }
  return made
}
