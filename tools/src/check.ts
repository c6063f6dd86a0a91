/**
 * Every check and test of the project, counted together: `npm test [-- PATTERN …]`. Patterns pick test files by a part
 * of their path and leave the static checks out.
 */
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { missingPlatforms } from '../lock.mjs'
import { generatedFiles } from './generate.ts'
import { importFaults } from './imports.ts'

const root = resolve(import.meta.dirname, '../..')
const bin = (name: string) => resolve(root, 'node_modules/.bin', name)
const count = { passed: 0, failed: 0, skipped: 0 }
const skips: string[] = []

/** A check gives its faults as lines; none: passed. */
async function check(name: string, find: () => string[] | Promise<string[]>): Promise<void> {
  const started = performance.now()
  const faults = await find()
  const took = `${((performance.now() - started) / 1000).toFixed(1)} s`
  console.log(`${faults.length === 0 ? '✔' : '✖'} ${name} (${took})`)
  for (const fault of faults) console.log(`    ${fault}`)
  if (faults.length === 0) count.passed++
  else count.failed++
}

/** The output's lines of a command that failed. */
function command(program: string, ...args: string[]): string[] {
  const done = spawnSync(bin(program), args, { cwd: root, encoding: 'utf8', maxBuffer: 64 << 20 })
  if (done.status === 0) return []
  return `${done.error?.message ?? ''}${done.stdout}${done.stderr}`.split('\n').filter((line) => line.trim() !== '')
}

async function staticChecks(): Promise<void> {
  await check('format and lint', () => command('biome', 'ci', '--colors=off', '--max-diagnostics=50', '.'))
  await check('types', () => command('tsc', '-p', 'tsconfig.json'))
  await check('types of the console', () => command('tsc', '-p', 'apps/console'))
  await check('imports follow the arrow', () => importFaults(root))
  await check('the lock file is whole for every platform', () =>
    missingPlatforms(JSON.parse(readFileSync(resolve(root, 'package-lock.json'), 'utf8'))).map(
      ({ parent, name }) => `${name}, optional for ${parent}, is missing: run \`npm run lock\``,
    ),
  )
  await check('generated files are up to date', async () => {
    const stale: string[] = []
    for (const [path, content] of await generatedFiles()) {
      if (readFileSync(resolve(root, path), 'utf8') !== content)
        stale.push(`${path} differs: run \`npm run generate\` and commit it`)
    }
    return stale
  })
}

function testFiles(patterns: string[]): string[] {
  const all = globSync('**/*.test.ts', { cwd: root, exclude: (path) => /(^|\/)(node_modules|dist)(\/|$)/.test(path) })
  return all.filter((path) => patterns.length === 0 || patterns.some((part) => path.includes(part))).sort()
}

/** Runs test files, a process each; a file that fails outside its tests counts as one failure. */
async function tests(files: string[], concurrency: number): Promise<void> {
  if (files.length === 0) return
  const stream = run({ files: files.map((file) => resolve(root, file)), concurrency, timeout: 600_000 })
  stream.on('test:pass', (event) => {
    if (event.details.type === 'suite') return
    if (event.skip === undefined && event.todo === undefined) count.passed++
    else {
      count.skipped++
      const reason = typeof event.skip === 'string' ? `: ${event.skip}` : ''
      skips.push(`${event.name}${reason} (${relative(root, event.file ?? '')})`)
    }
  })
  stream.on('test:fail', (event) => {
    if (event.details.type !== 'suite') count.failed++
  })
  for await (const chunk of stream.compose(new spec())) process.stdout.write(chunk)
}

const ALONE = ['clock-jumps', 'neighbours', 'stopping']

const patterns = process.argv.slice(2)
if (patterns.length === 0) await staticChecks()
const files = testFiles(patterns)
// Three at a time, since they wait as often as they work; the end-to-end tests, which start whole platforms, after the quick
// ones. Those that judge how quick something is come last and alone.
const whole = files.filter((path) => path.startsWith('apps/server/test/'))
const alone = whole.filter((path) => ALONE.some((name) => path.endsWith(`/${name}.test.ts`)))
await tests(
  files.filter((path) => !whole.includes(path)),
  3,
)
await tests(
  whole.filter((path) => !alone.includes(path)),
  3,
)
await tests(alone, 1)
if (skips.length > 0) {
  console.log(`\nSKIPPED (${skips.length}): these tests did not run here`)
  for (const skip of skips) console.log(`  - ${skip}`)
}
console.log(`\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`)
process.exit(count.failed > 0 || count.passed === 0 ? 1 : 0)
