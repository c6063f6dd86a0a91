import { ApiError } from '@millwright/sdk'
import { text } from './texts/text.ts'

/** What the process ends with: documented, so that scripts can tell a refusal from a wrong call. */
export const EXIT = { ok: 0, refused: 1, usage: 2, unreachable: 3, interrupted: 130 } as const
export type Exit = (typeof EXIT)[keyof typeof EXIT]

/** Something this program itself found wrong: one sentence that says what to do, and the exit code. */
export class CliError extends Error {
  readonly exit: Exit
  constructor(exit: Exit, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'CliError'
    this.exit = exit
  }
}

export const usage = (message: string) => new CliError(EXIT.usage, message)
export const refused = (message: string) => new CliError(EXIT.refused, message)
export const unreachable = (message: string, cause?: unknown) => new CliError(EXIT.unreachable, message, { cause })

/** An error as a person reads it and as a script sees it. */
export interface Told {
  readonly exit: Exit
  readonly sentence: string
  readonly code?: string
  /** Ours, not the caller's: shown with where it happened. */
  readonly stack?: string
}

/** What to say of an error. Errors of the platform keep its own sentence and code. */
export function tell(error: unknown): Told {
  if (error instanceof CliError) return { exit: error.exit, sentence: error.message }
  if (error instanceof ApiError) {
    const { detail, code, status, path } = error.problem
    const where = path === undefined || path === '' ? '' : ` ${text('errors.at', { path })}`
    const hint = code === 'MW-SESSION-0008' ? ` ${text('session.again')}` : ''
    return { exit: status === 0 ? EXIT.unreachable : EXIT.refused, sentence: `${detail}${where}${hint}`, code }
  }
  const { name, code, message, stack, path } = error as NodeJS.ErrnoException
  if (name === 'DeviceError' || name === 'MillwrightError') {
    return { exit: code === 'unreachable' ? EXIT.unreachable : EXIT.refused, sentence: message, code: code ?? '' }
  }
  if (code !== undefined && path !== undefined && code in FILES) {
    return { exit: EXIT.usage, sentence: text(FILES[code]!, { path }) }
  }
  const sentence = text('errors.fault', { message: message ?? String(error) })
  return { exit: EXIT.refused, sentence, ...(stack === undefined ? {} : { stack }) }
}

const FILES: Readonly<
  Record<string, 'errors.noFile' | 'errors.noAccess' | 'errors.isFolder' | 'errors.noSpace' | 'errors.exists'>
> = {
  ENOENT: 'errors.noFile',
  EACCES: 'errors.noAccess',
  EPERM: 'errors.noAccess',
  EISDIR: 'errors.isFolder',
  ENOTDIR: 'errors.noFile',
  ENOSPC: 'errors.noSpace',
  EEXIST: 'errors.exists',
}
