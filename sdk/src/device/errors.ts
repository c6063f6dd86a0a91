/** What can go wrong on the device's side; `code` is stable, the sentence says what to do. */
export type DeviceErrorCode =
  | 'token-malformed'
  | 'authority-mismatch'
  | 'not-https'
  | 'unreachable'
  | 'refused'
  | 'reply-malformed'
  | 'identity-missing'
  | 'identity-damaged'
  | 'outbox-full'
  | 'payload-too-large'
  | 'timed-out'
  | 'closed'

export class DeviceError extends Error {
  readonly code: DeviceErrorCode
  /** HTTP status of the platform's refusal, where there was one. */
  readonly status: number | undefined

  constructor(code: DeviceErrorCode, message: string, options: { cause?: unknown; status?: number } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'DeviceError'
    this.code = code
    this.status = options.status
  }
}

/** The words of an error for a sentence: TLS and socket errors often hide the reason one level down. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  return error.message === '' ? ((error as NodeJS.ErrnoException).code ?? error.name) : error.message
}
