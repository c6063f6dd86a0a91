import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Type } from 'typebox'
import { configHelp, loadConfig } from './load.ts'

const schema = Type.Object({
  httpPort: Type.Integer({ minimum: 0, maximum: 65_535, default: 8080, description: 'port of HTTP' }),
  data: Type.String({ default: './data', description: 'data directory' }),
  empty: Type.Boolean({ default: false, description: 'start without the plant' }),
  logLevel: Type.Unsafe<string>({ type: 'string', enum: ['info', 'debug'], default: 'info' }),
  passphrase: Type.Optional(Type.String({ minLength: 8, secret: true })),
  databaseUrl: Type.Optional(Type.String()),
  origins: Type.Array(Type.String(), { default: [] }),
})
const directory = mkdtempSync(join(tmpdir(), 'millwright-config-'))
after(() => rmSync(directory, { recursive: true }))

function load(argv: string[], environment: Record<string, string> = {}, file?: unknown) {
  const path = join(directory, 'millwright.json')
  if (file !== undefined) writeFileSync(path, typeof file === 'string' ? file : JSON.stringify(file))
  return loadConfig(schema, { argv, environment, ...(file === undefined ? {} : { defaultFile: path }) })
}

test('flags win over environment over file over default, each with its source', () => {
  const config = load(
    ['--http-port', '9000', '--no-empty', '--origins=a, b'],
    { MILLWRIGHT_HTTP_PORT: '1', MILLWRIGHT_DATA: '/srv', MILLWRIGHT_EMPTY: 'yes', HOME: '/root' },
    { data: '/other', logLevel: 'debug' },
  )
  assert.deepEqual(config.values, {
    httpPort: 9000,
    data: '/srv',
    empty: false,
    logLevel: 'debug',
    origins: ['a', 'b'],
  })
  assert.deepEqual(
    [...config.origins],
    [
      ['httpPort', 'flag'],
      ['data', 'environment'],
      ['empty', 'flag'],
      ['logLevel', 'file'],
      ['origins', 'flag'],
    ],
  )
  assert.deepEqual(load([]).values, { httpPort: 8080, data: './data', empty: false, logLevel: 'info', origins: [] })
})

test('print shows each value and its source, and no secret', () => {
  const page = load(['--passphrase', 'very secret', '--database-url', 'postgres://mill:geheim@db/mill'], {
    MILLWRIGHT_DATA: '/srv',
  }).print()
  assert.match(page, /^data +\/srv +\(MILLWRIGHT_DATA\)$/m)
  assert.match(page, /^httpPort +8080 +\(default\)$/m)
  assert.match(page, /^passphrase +\*+ +\(--passphrase\)$/m)
  assert.match(page, /postgres:\/\/mill:\*+@db\/mill/)
  assert.doesNotMatch(page, /very secret|geheim/)
})

test('what is wrong is one sentence that names the option, its source and the remedy', () => {
  const wrong: [() => unknown, RegExp][] = [
    [() => load(['--htp-port', '1']), /no option --htp-port. Did you mean --http-port\?/],
    [() => load(['--http-port', 'many']), /httpPort \(from --http-port\) must be integer; it is "many"/],
    [() => load([], { MILLWRIGHT_HTTP_PORT: '70000' }), /\(from MILLWRIGHT_HTTP_PORT\) must be <= 65535/],
    [() => load(['--log-level', 'loud']), /must be one of info, debug/],
    [() => load(['--http-port']), /--http-port needs a value/],
    [() => load(['--http-port', '--empty']), /--http-port needs a value/],
    [() => load(['start']), /start is not an option/],
    [() => load(['--no-data']), /no option --no-data/],
    [() => load(['--empty=perhaps']), /empty \(from --empty\) must be boolean/],
    [() => load(['--config', join(directory, 'none.json')]), /none\.json cannot be read/],
    [() => load([], {}, 'nonsense'), /is not a JSON object/],
    [() => load([], {}, '[1]'), /holds something else/],
    [() => load([], {}, { htpPort: 1 }), /unknown entry htpPort. Did you mean httpPort\?/],
    [() => load([], {}, { httpPort: '1' }), /httpPort \(from .*millwright\.json\) must be integer/],
  ]
  for (const [act, message] of wrong) assert.throws(act, { message })
  assert.throws(
    () => load(['--passphrase', 'short']),
    (error: Error) => !error.message.includes('"short"'),
  )
})

test('variables with our prefix that no option reads are told', () => {
  assert.deepEqual(load([], { MILLWRIGHT_HTPP_PORT: '1', OTHER: '2' }).unknownVariables, ['MILLWRIGHT_HTPP_PORT'])
})

test('help and print are asked for, not run; help lists flags, defaults and variables', () => {
  assert.equal(load(['--help', '--http-port', 'x']).asked.help, true)
  assert.equal(load(['--print-config']).asked.printConfig, true)
  const help = configHelp(schema)
  assert.match(help, /--http-port NUMBER +port of HTTP \(default 8080\) \[MILLWRIGHT_HTTP_PORT\]/)
  assert.match(help, /--log-level info\|debug/)
})
