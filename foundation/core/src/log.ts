import { type DestinationStream, type Logger, pino } from 'pino'
import { prettyFactory } from 'pino-pretty'

/** The platform's structured log. */
export type Log = Logger

export interface LogOptions {
  readonly level?: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** `json`: one object a line, for machines; `pretty`: for a person at a terminal. */
  readonly format?: 'json' | 'pretty'
  /** Where lines go; standard error by default, so that standard output stays free for answers. */
  readonly destination?: DestinationStream
}

/** Fields that never reach a log, at whatever depth up to three they stand. */
const SECRETS = ['password', 'passphrase', 'token', 'secret', 'csr', 'key', 'privateKey', 'authorization', 'cookie']
const redactedPaths = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

/** Makes the log. Lines are written at once: the last one before a crash is the one that is needed. */
export function createLog(options: LogOptions = {}): Log {
  const destination = options.destination ?? pino.destination({ dest: 2, sync: true })
  return pino(
    {
      level: options.level ?? 'info',
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      redact: { paths: redactedPaths, censor: '[secret]' },
    },
    options.format === 'pretty' ? pretty(destination) : destination,
  )
}

function pretty(destination: DestinationStream): DestinationStream {
  const colorize = process.stderr.isTTY === true && process.env['NO_COLOR'] === undefined
  const format = prettyFactory({ colorize, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss.l' })
  return { write: (line) => destination.write(format(line)) }
}
