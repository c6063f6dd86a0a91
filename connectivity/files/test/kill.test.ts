/** `kill -9` in the middle of a file, again and again: each row arrives, and only the batch in flight may come again. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { TestPorts } from '@millwright/connectivity/testing'

const ROWS = 400_000
const KILLS = 3

test('a file is read whole over kills, each row once but for the batch in flight', async (t) => {
  const ports = new TestPorts()
  t.after(() => ports.close())
  const [folder, directory, output] = ['drop', 'connection', 'out'].map((name) => join(ports.root, name)) as [
    string,
    string,
    string,
  ]
  mkdirSync(folder)
  writeFileSync(output, '')
  const lines = Array.from({ length: ROWS }, (_, row) => `${1_790_000_000_000 + row},${row}`)
  writeFileSync(join(folder, 'big.csv'), `time,value\n${lines.join('\n')}\n`)
  const batches = () => readFileSync(output, 'utf8').split('batch\n').length - 1
  const script = fileURLToPath(new URL('./reader-process.ts', import.meta.url))
  for (let kill = 0; kill <= KILLS; kill++) {
    const before = batches()
    const child = spawn(process.execPath, [script, folder, directory, output], { stdio: 'inherit' })
    const exited = once(child, 'exit')
    t.after(() => child.kill('SIGKILL'))
    if (kill < KILLS) await ports.until(() => batches() >= before + 2)
    else await ports.until(() => existsSync(join(folder, 'done', 'big.csv')))
    child.kill('SIGKILL')
    await exited
  }
  const rows = readFileSync(output, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && line !== 'batch')
  const seen = new Map<string, number>()
  for (const row of rows) seen.set(row, (seen.get(row) ?? 0) + 1)
  assert.equal(seen.size, ROWS, 'every row, and none that is not in the file')
  const twice = [...seen.values()].filter((count) => count > 1).length
  const largest = Math.max(
    ...readFileSync(output, 'utf8')
      .split('batch\n')
      .map((batch) => batch.split('\n').length),
  )
  assert.ok(twice <= KILLS * largest, `${twice} rows came again`)
  assert.ok(rows.length < ROWS * 1.5)
})
