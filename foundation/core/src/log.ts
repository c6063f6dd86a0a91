import { type DestinationStream, type Logger, pino } from 'pino'

/** The platform's structured log. */
export type Log = Logger

export interface LogOptions {
  readonly level?: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** Where lines go; standard error by default, so that standard output stays free for answers. */
  readonly destination?: DestinationStream
}

/** Fields that never reach a log, at whatever depth up to three they stand. */
const SECRETS = ['password', 'passphrase', 'token', 'secret', 'csr', 'key', 'privateKey', 'authorization', 'cookie']
const redactedPaths = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

/** Makes the log: one JSON object a line. */
export function createLog(options: LogOptions = {}): Log {
  return pino(
    {
      level: options.level ?? 'info',
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      redact: { paths: redactedPaths, censor: '[secret]' },
    },
    options.destination ?? pino.destination({ dest: 2, sync: true }),
  )
}
