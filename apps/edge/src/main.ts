import { resolve } from 'node:path'
import { MillwrightError } from '@millwright/foundation'
import { DeviceError } from '@millwright/sdk/device'
import { Command, InvalidArgumentError } from 'commander'
import { ensureIdentity } from './enrol.ts'
import { VERSION } from './version.ts'

interface Options {
  readonly url?: string
  readonly token?: string
  readonly directory: string
  readonly pageHost: string
  readonly pagePort: number
  readonly page: boolean
  readonly logLevel: string
  readonly fileRoots: readonly string[]
}

const { env } = process

/** A token by the environment is not seen in the list of processes. */
const tokenOf = ({ token }: Pick<Options, 'token'>): string | undefined => token ?? env['MILLWRIGHT_ENROLMENT_TOKEN']

const program = new Command('npm run edge --')
  .description(
    'The edge agent: runs connections beside the machines, and keeps their readings while the platform is away.',
  )
  .version(VERSION)

/** What every command takes. */
function common(command: Command): Command {
  return command
    .option(
      '--directory <directory>',
      'identity, queue and configuration',
      env['MILLWRIGHT_EDGE_DIRECTORY'] ?? './millwright-edge',
    )
    .option('--url <address>', 'the platform, as https://plant.example:8080', env['MILLWRIGHT_URL'])
    .option('--token <token>', 'one-time enrolment token (better: MILLWRIGHT_ENROLMENT_TOKEN)')
}

function running(command: Command): Command {
  return common(command)
    .option('--page-host <address>', 'where the local page listens', '127.0.0.1')
    .option('--page-port <port>', 'of the local page; 0: any that is free', port, 8089)
    .option('--no-page', 'no local page')
    .option(
      '--file-roots <folders...>',
      'folders of this machine that connections may read files from',
      (env['MILLWRIGHT_FILE_ROOTS'] ?? '').split(',').filter((folder) => folder !== ''),
    )
    .option('--log-level <level>', 'trace, debug, info, warn, error or silent', env['MILLWRIGHT_LOG_LEVEL'] ?? 'info')
}

common(program.command('enrol'))
  .description('trade a one-time token for a certificate')
  .action(async (options: Options) => {
    const directory = resolve(options.directory)
    const { identity, fresh } = await ensureIdentity(directory, options.url, tokenOf(options))
    say(
      fresh
        ? `Enrolled as ${identity.device}. Start it: npm run edge -- run --directory ${directory}`
        : `Is enrolled already, as ${identity.device}.`,
    )
  })

program.addHelpText(
  'after',
  `
In one command, the first time and every time:
  npm run edge -- --url https://plant.example:8080 --token mwe_… --directory ./millwright-edge`,
)

running(program.command('run', { isDefault: true }))
  .description('run the agent; with --url and --token it enrols first when it has to')
  .action((options: Options) => run(options))

common(program.command('install-service'))
  .description('write a unit for systemd (/etc/systemd/system/millwright-edge.service)')
  .option('--print', 'only show it')
  .option('--user <name>', 'run as this user instead of one that systemd makes')
  .action(async (options: Options & { print?: true; user?: string }) => {
    const { installService } = await import('./service/install.ts')
    say(await installService({ ...options, directory: resolve(options.directory) }))
  })

async function run(options: Options): Promise<void> {
  const { createLog, Lifecycle, systemClock } = await import('@millwright/foundation')
  const directory = resolve(options.directory)
  const log = createLog({ level: options.logLevel as 'info' })
  const lifecycle = new Lifecycle({ log })
  lifecycle.endOnSignals()
  const { identity, fresh } = await ensureIdentity(directory, options.url, tokenOf(options))
  if (fresh) log.info({ device: identity.device, url: identity.http.url }, 'enrolled')
  const { startAgent } = await import('./agent.ts')
  const { AdapterShelf } = await import('./adapters.ts')
  const page = options.page ? { host: options.pageHost, port: options.pagePort } : undefined
  const shelf = new AdapterShelf(options.fileRoots)
  await startAgent({ directory, clock: systemClock, log, lifecycle, page, shelf })
}

function port(text: string): number {
  const number = Number(text)
  if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number
  throw new InvalidArgumentError('It must be a number from 0 to 65535.')
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** Errors that people can mend say so in one sentence; anything else is ours, and shows where it happened. */
function fail(error: unknown): never {
  const known = error instanceof MillwrightError || error instanceof DeviceError
  const sentence = known ? `${error.message} (${error.code})` : ((error as Error)?.stack ?? String(error))
  process.stderr.write(`millwright edge: ${sentence}\n`)
  process.exit(1)
}

process.on('unhandledRejection', fail)
process.on('uncaughtException', fail)
program.parseAsync().catch(fail)
