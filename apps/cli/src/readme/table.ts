import type { Command } from 'commander'
import { Cli } from '../cli.ts'
import { buildProgram } from '../program.ts'

const BEGIN = '<!-- commands: written by `node apps/cli/src/readme/write.ts`, checked by its test -->'
const END = '<!-- end of commands -->'

/** Every command with what it does, as its own help says. */
export function commandTable(): string {
  const program = buildProgram(new Cli({}))
  const rows = program.commands.flatMap((one) => (one.commands.length === 0 ? [one] : one.commands)).map(rowOf)
  const width = Math.max(...rows.map(([call]) => call.length))
  return rows.map(([call, about]) => `${call.padEnd(width)}  ${about}`).join('\n')
}

function rowOf(one: Command): [call: string, about: string] {
  const group = one.parent === null || one.parent.parent === null ? '' : `${one.parent.name()} `
  const usage = one.usage().replace('[options]', '').trim()
  return [`${group}${one.name()} ${usage}`.trim(), one.summary()]
}

/** The README with the table put in. Throws when it has no place for it. */
export function withTable(readme: string): string {
  const begin = readme.indexOf(BEGIN)
  const end = readme.indexOf(END)
  if (begin < 0 || end < begin) throw new Error('the README has lost the place of its command table')
  const block = [BEGIN, '', '```text', commandTable(), '```', '', ''].join('\n')
  return readme.slice(0, begin) + block + readme.slice(end)
}
