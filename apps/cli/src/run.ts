import { CommanderError } from 'commander'
import { Cli } from './cli.ts'
import { EXIT, tell } from './errors.ts'
import { cleanLines } from './output/clean.ts'
import { buildProgram, isWrongCall, mistyped } from './program.ts'
import { text } from './texts/text.ts'

// npm runs scripts in the project's folder: files that a person names are meant from where they stand.
const standing = process.env['INIT_CWD']
if (process.env['npm_lifecycle_event'] === 'millwright' && standing !== undefined) process.chdir(standing)

// `millwright tail … | head -1` is a good end: whoever read has read enough.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.refused)
  })
}

const cli = new Cli(process.env)
const program = buildProgram(cli)

try {
  const wrong = mistyped(program, process.argv.slice(2))
  if (wrong !== undefined) fail(EXIT.usage, wrong)
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exit(isWrongCall(error) ? EXIT.usage : EXIT.ok)
  const { exit, sentence, code, stack } = tell(error)
  if (stack !== undefined && process.env['MILLWRIGHT_DEBUG']) process.stderr.write(`${stack}\n`)
  fail(exit, code === undefined || code === '' ? sentence : `${sentence} (${code})`)
}

/** One sentence on standard error: what was wrong and what to do. */
function fail(exit: number, sentence: string): never {
  process.stderr.write(`${cleanLines(text('errors.told', { sentence })).join('\n')}\n`)
  process.exit(exit)
}
