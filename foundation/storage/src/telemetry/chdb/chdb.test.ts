import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { telemetryContract } from '../../testing/index.ts'
import { openTelemetry } from '../open.ts'
import { withLiterals } from './literals.ts'

const root = await mkdtemp(join(tmpdir(), 'millwright-chdb-'))

telemetryContract('chDB', () => openTelemetry({ directory: join(root, 'contract') }))
// After the contract's own hooks, which close what lies in there.
after(() => rm(root, { recursive: true, force: true }))

test('every acknowledged row survives kill -9, and is there once', async () => {
  const directory = join(root, 'killed')
  const door = JSON.stringify(fileURLToPath(new URL('../../index.ts', import.meta.url)))
  const program = `
    import { openTelemetry } from ${door}
    const telemetry = await openTelemetry({ directory: ${JSON.stringify(directory)} })
    await telemetry.client.command({ query: 'create table numbers (n UInt32) engine = MergeTree order by n' })
    for (let n = 0; ; n += 100) {
      const rows = Array.from({ length: 100 }, (_, i) => n + i).join('\\n') + '\\n'
      await telemetry.insertTsv('numbers', ['n'], Buffer.from(rows))
      process.stdout.write(n + 99 + '\\n')
    }`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let told = ''
  child.stdout.on('data', (bytes) => {
    told += bytes
    if (told.split('\n').length > 50) child.kill('SIGKILL')
  })
  await once(child, 'close')
  const acknowledged = Number(told.trimEnd().split('\n').at(-1))
  const reader = `
    import { openTelemetry } from ${door}
    const telemetry = await openTelemetry({ directory: ${JSON.stringify(directory)} })
    const reply = await telemetry.client.query({ query: 'select count() as rows, uniqExact(n) as different, max(n) as last from numbers', format: 'JSONEachRow' })
    console.log(JSON.stringify((await reply.json())[0]))
    await telemetry.close()`
  const second = spawn(process.execPath, ['--input-type=module', '-e', reader], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let found = ''
  second.stdout.on('data', (bytes) => {
    found += bytes
  })
  await once(second, 'close')
  const { rows, different, last } = JSON.parse(found)
  assert.ok(last >= acknowledged, `acknowledged ${acknowledged}, kept ${last}`)
  assert.deepEqual([rows, different], [last + 1, last + 1])
})

test('property: a text parameter becomes one literal that no text can leave', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab\'\\`"{}:-/*\n\0') }), (text) => {
      const sql = withLiterals('select {p:String}', { p: text })
      const literal = /^select '((?:[^'\\]|\\.)*)'$/s.exec(sql)
      assert.ok(literal !== null, sql)
      const unescaped: Record<string, string> = { n: '\n', t: '\t', r: '\r', '0': '\0' }
      assert.equal(
        literal[1]!.replace(/\\(.)/gs, (_, one: string) => unescaped[one] ?? one),
        text,
      )
    }),
  )
})
