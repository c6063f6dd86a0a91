import { configHelp, createLog, Lifecycle, loadConfig, MillwrightError } from '@millwright/foundation'
import { banner } from './banner.ts'
import { serverConfig } from './config.ts'

const HELP = `Millwright: the platform.

Usage: npm start -- [options]

${configHelp(serverConfig)}`

/** Runs the platform until it is told to stop; what keeps it from starting is one sentence and exit code 1. */
async function main(): Promise<void> {
  const began = performance.now()
  const config = loadConfig(serverConfig, {
    argv: process.argv.slice(2),
    environment: process.env,
    defaultFile: 'millwright.json',
  })
  if (config.asked.help) return void process.stdout.write(`${HELP}\n`)
  if (config.asked.printConfig) return void process.stdout.write(`${config.print()}\n`)
  const log = createLog({ level: config.values.logLevel })
  for (const name of config.unknownVariables) {
    if (!name.startsWith('MILLWRIGHT_TEST_'))
      log.warn({ name }, 'an environment variable begins like an option but is none')
  }
  const lifecycle = new Lifecycle({ log })
  lifecycle.endOnSignals()
  // Only now: help and a wrong flag are answered before the engines are loaded.
  const { startPlatform } = await import('./platform.ts')
  const platform = await startPlatform(config.values, { log, lifecycle })
  process.stdout.write(banner(platform, config.values, performance.now() - began))
}

process.on('unhandledRejection', (reason) => fail(reason))
process.on('uncaughtException', (error) => fail(error))
main().catch(fail)

/** Errors that people can mend say so in one sentence; anything else is ours, and shows where it happened. */
function fail(error: unknown): never {
  const { code, message } = error as { code?: string; message?: string }
  const sentence =
    error instanceof MillwrightError
      ? `${message} (${code})`
      : (plainSentence(code, error as { port?: number }) ?? (error as Error)?.stack ?? String(error))
  process.stderr.write(`millwright: ${sentence}\n`)
  process.exit(1)
}

function plainSentence(code: string | undefined, error: { port?: number }): string | undefined {
  const port = error.port ?? 'asked for'
  if (code === 'EADDRINUSE') {
    return `The port ${port} is already in use: is another Millwright running? Stop it, or choose other ports with --http-port and --mqtt-port.`
  }
  if (code === 'EACCES')
    return `This user may not listen on port ${port}; choose ports above 1023 with --http-port and --mqtt-port.`
  if (code === 'EADDRNOTAVAIL') return 'This machine has no such address to listen on; mend --http-host or --mqtt-host.'
  return undefined
}
