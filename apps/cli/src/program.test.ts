import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import type { Command } from 'commander'
import { Cli } from './cli.ts'
import { buildProgram, mistyped } from './program.ts'
import { withTable } from './readme/table.ts'
import { en } from './texts/en/index.ts'
import { type Area, text } from './texts/text.ts'

const program = buildProgram(new Cli({}))
const leaves = (one: Command): Command[] => (one.commands.length === 0 ? [one] : one.commands.flatMap(leaves))

/** The help as it is printed, examples and all. */
function helpOf(one: Command): string {
  let shown = ''
  one.configureOutput({
    writeOut: (part) => {
      shown += part
    },
  })
  one.outputHelp()
  return shown
}

test('every command says what it does in one line, and shows calls that it takes', () => {
  for (const one of leaves(program)) {
    assert.match(one.summary(), /^[A-Z].*[^.]$/, one.name())
    const help = helpOf(one)
    const examples = help.split('Examples:')[1]?.trim().split('\n') ?? []
    assert.ok(examples.length > 0, `${one.name()} has no examples`)
    const path = one.parent?.parent ? [one.parent.name(), one.name()] : [one.name()]
    const named = examples.some(
      (example) => example.includes(`millwright ${path.join(' ')}`) || example.includes(`millwright ${path[0]}`),
    )
    assert.ok(named, help)
  }
})

test('every option of an example exists', () => {
  const globals = program.options.flatMap(({ long, short }) => [long, short])
  for (const one of leaves(program)) {
    const known = new Set([...globals, ...one.options.flatMap(({ long, short }) => [long, short])])
    const examples = helpOf(one).split('Examples:')[1] ?? ''
    for (const line of examples.split('\n').filter((example) => !example.includes('|'))) {
      const bare = line.replace(/"[^"]*"|'[^']*'/g, '')
      for (const [option] of bare.matchAll(/(?<=\s)--?[a-z][a-z-]*/g)) {
        // A relative time, as `--from -1h`, begins like an option.
        if (!/^-\d/.test(option)) assert.ok(known.has(option), `${line}: ${option}`)
      }
    }
  }
})

test('the README lists the commands as their help does', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  assert.equal(readme, withTable(readme), 'run: node apps/cli/src/readme/write.ts')
})

test('a mistyped command of a group is not taken for an argument of its list', () => {
  assert.match(mistyped(program, ['devices', 'lst']) ?? '', /“devices lst”/)
  for (const fine of [['devices'], ['devices', '--json'], ['device', 'list'], ['tail', 'P-101'], ['nothing'], []]) {
    assert.equal(mistyped(program, fine), undefined, fine.join(' '))
  }
})

test('texts are whole: places are filled, one and many differ', () => {
  assert.equal(text('devices.created', { name: 'A', id: 'b' }), 'Announced the device A (b).')
  assert.match(text('list.more', { n: 1 }), /^1 row shown/)
  assert.match(text('list.more', { n: 2 }), /^2 rows shown/)
  const areas: Readonly<Record<string, Area>> = en
  for (const [area, messages] of Object.entries(areas)) {
    for (const [key, message] of Object.entries(messages)) {
      const forms = typeof message === 'string' ? [message] : Object.values(message)
      for (const form of forms) assert.ok(form.trim() !== '' && form === form.trim(), `${area}.${key}`)
    }
  }
})
