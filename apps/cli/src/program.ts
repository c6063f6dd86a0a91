import { Command, type CommanderError } from 'commander'
import type { Cli } from './cli.ts'
import { adapterCommands } from './commands/adapters.ts'
import { agentCommands } from './commands/agents.ts'
import { alarmCommands } from './commands/alarms.ts'
import { assetCommands } from './commands/assets.ts'
import { auditCommands } from './commands/audit.ts'
import { backupCommands } from './commands/backup.ts'
import { classCommands } from './commands/classes.ts'
import { commandCommands } from './commands/commands.ts'
import { completionCommand } from './commands/completion.ts'
import { connectionCommands } from './commands/connections.ts'
import { deviceCommands } from './commands/devices.ts'
import { enrollCommand } from './commands/enroll.ts'
import { exportCommand } from './commands/export.ts'
import { importCommand } from './commands/import.ts'
import { loginCommands } from './commands/login.ts'
import { userCommands } from './commands/people.ts'
import { platformCommands } from './commands/platform.ts'
import { queryCommands } from './commands/query.ts'
import { grantCommands, roleCommands } from './commands/roles.ts'
import { ruleCommands } from './commands/rules.ts'
import { serviceCommands } from './commands/services.ts'
import { signalCommands } from './commands/signals.ts'
import { tailCommand } from './commands/tail.ts'
import { shareCommands, tenantCommands } from './commands/tenants.ts'
import { tokenCommands } from './commands/tokens.ts'
import { twinCommands } from './commands/twin.ts'
import { cleanLines } from './output/clean.ts'
import { text } from './texts/text.ts'
import { version } from './version.ts'

/** In the order of the help: getting in, the plant, its data, what is wrong with it, who may do what, the platform. */
const SECTIONS = [
  ['help.signIn', [loginCommands]],
  [
    'help.plant',
    [assetCommands, classCommands, deviceCommands, enrollCommand, signalCommands, twinCommands, commandCommands],
  ],
  ['help.shopFloor', [connectionCommands, adapterCommands, agentCommands]],
  ['help.data', [tailCommand, queryCommands, exportCommand, importCommand]],
  ['help.monitoring', [alarmCommands, ruleCommands]],
  ['help.intelligence', [serviceCommands]],
  [
    'help.trust',
    [userCommands, roleCommands, grantCommands, tokenCommands, tenantCommands, shareCommands, auditCommands],
  ],
  ['help.platform', [platformCommands, backupCommands, completionCommand]],
] as const

/** The whole command. A wrong call throws a CommanderError with its help written. */
export function buildProgram(cli: Cli): Command {
  const program = new Command('millwright')
  program
    .description(text('help.millwright'))
    .version(version, '-V, --version', text('help.version'))
    .option('--url <address>', text('global.url'))
    .option('--token <token>', text('global.token'))
    .option('--data <directory>', text('global.data'))
    .option('--ca <file>', text('global.ca'))
    .option('--json', text('global.json'))
    .option('--utc', text('global.utc'))
    .option('--quiet', text('global.quiet'))
    .option('--no-color', text('global.noColor'))
    .helpOption('-h, --help', text('help.help'))
    .helpCommand(false)
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({
      outputError: (message, write) => {
        const sentence = cleanLines(message.trim().replace(/^error: /, '')).join('\n')
        write(`${text('errors.told', { sentence })}\n${text('help.hint')}\n`)
      },
    })
    .configureHelp({
      showGlobalOptions: true,
      sortSubcommands: false,
      // Aliases work; in a list they only make it wide.
      subcommandTerm: (one) =>
        [one.name(), one.usage()].join(' ').replace('[options] [command]', '').replace('[options] ', ''),
    })
    .addHelpText('after', `\n${text('help.after')}`)
    .hook('preAction', () => cli.begin(program))
  for (const [title, adders] of SECTIONS) {
    program.commandsGroup(text(title))
    for (const add of adders) add(program, cli)
  }
  return program
}

/** Whether commander ended because of a wrong call; help and version that were asked for are no error. */
export const isWrongCall = (error: CommanderError): boolean =>
  !['commander.helpDisplayed', 'commander.version'].includes(error.code)

/**
 * A group that lists when nothing is named would take a mistyped command for an argument of its list: said before, with the
 * nearest. Undefined when the call is not like that.
 */
export function mistyped(program: Command, args: readonly string[]): string | undefined {
  const at = args.findIndex((arg) => program.commands.some((one) => one.name() === arg || one.aliases().includes(arg)))
  const group = program.commands.find((one) => one.name() === args[at] || one.aliases().includes(args[at] ?? ''))
  const word = args[at + 1]
  if (group === undefined || group.commands.length === 0 || word === undefined || word.startsWith('-')) return undefined
  const names = group.commands.flatMap((one) => [one.name(), ...one.aliases()])
  if (names.includes(word)) return undefined
  return text('help.unknownCommand', {
    group: group.name(),
    word,
    names: group.commands.map((one) => one.name()).join(', '),
  })
}
