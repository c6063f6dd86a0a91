/**
 * Sets the checkout up, on any Node >= 20, before anything of the project can run: plain JavaScript, no dependency.
 * Does nothing, within milliseconds, when nothing has changed since it last did.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
const stampFile = join(root, 'node_modules', '.millwright-setup.json')

/** The Node that everything runs on: the one of the npm package `node`. */
export const node = join(root, 'node_modules', '.bin', 'node')

const say = (text) => process.stderr.write(`${text}\n`)

/** Runs a command in the root, its output shown; resolves with its exit code. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    // Standard output belongs to the program that follows: what setting up says goes to standard error.
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options })
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(signal === null ? (code ?? 1) : 1))
  })
}

/** Stops with one sentence. */
export function fail(sentence) {
  say(`millwright: ${sentence}`)
  process.exit(1)
}

/** Installs what `scope` needs: `start` leaves out what only tests and generators use; `all` is everything. */
export async function ensureDependencies(scope) {
  if (Number(process.versions.node.split('.')[0]) < 20)
    fail(`Node ${process.versions.node} is too old to set up with; install Node 20 or newer.`)
  const wanted = await hashOf(['package-lock.json'])
  const stamp = await readFile(stampFile, 'utf8').then(JSON.parse, () => ({}))
  const covers = stamp.scope === 'all' || stamp.scope === scope
  // Who has everything keeps everything: a start after a pull must not take the tools of a developer away.
  const wide = stamp.scope === 'all' ? 'all' : scope
  if (stamp.lock === wanted && covers && existsSync(node)) return
  say(
    `Setting up: installing dependencies (${wide === 'all' ? 'everything, for tests' : 'what starting needs'}; about a minute the first time) …`,
  )
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error', ...(wide === 'all' ? [] : ['--omit=dev'])]
  const started = Date.now()
  const ticker = setInterval(() => say(`  … ${Math.round((Date.now() - started) / 1000)} s`), 10_000)
  const code = await run(npm, args).catch((error) =>
    fail(`npm could not be started (${error.message}); install npm 10 or newer.`),
  )
  clearInterval(ticker)
  if (code !== 0)
    fail('npm could not install the dependencies (its message stands above); mend that and run the command again.')
  if (!existsSync(node))
    fail(
      'the npm package `node` did not bring its binary: are install scripts switched off (`npm config get ignore-scripts`)?',
    )
  await mkdir(dirname(stampFile), { recursive: true })
  await writeFile(stampFile, JSON.stringify({ lock: wanted, scope: wide }))
  say(`Dependencies ready (${Math.round((Date.now() - started) / 1000)} s).`)
}

/** Builds the console when its sources, or those it is built from, have changed. */
export const ensureConsole = () =>
  ensureBuilt({
    what: 'the console',
    directory: 'apps/console',
    from: ['apps/console', 'sdk', 'foundation/contracts'],
    command: [join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'warn'],
  })

/** Puts the edge agent together as the few files it runs from. */
export const ensureAgent = () =>
  ensureBuilt({
    what: 'the edge agent',
    directory: 'apps/edge',
    from: ['apps/edge', 'sdk', 'foundation', 'trust', 'connectivity', 'monitoring'],
    command: ['--disable-warning=ExperimentalWarning', 'build.ts'],
  })

/** Runs a package's build when what it is made from has changed since. */
async function ensureBuilt({ what, directory, from, command }) {
  const wanted = await hashOf(['package-lock.json', ...from])
  const stamp = join(root, directory, 'dist', '.built-from')
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return
  say(`Setting up: building ${what} …`)
  const code = await run(node, command, { cwd: join(root, directory) })
  if (code !== 0) fail(`${what} could not be built (the reason stands above).`)
  await writeFile(stamp, wanted)
}

/** Hands the terminal over to a TypeScript program of the project, with its exit code. */
export function hand(program, args) {
  const env = {
    // The telemetry engine works on the thread pool; Node's four threads would let only a few queries run at once.
    UV_THREADPOOL_SIZE: '16',
    // glibc gives back what compiling the database's WebAssembly took for a moment (about 100 MB).
    MALLOC_TRIM_THRESHOLD_: '131072',
    ...process.env,
  }
  handTo(node, ['--disable-warning=ExperimentalWarning', join(root, program), ...args], env)
}

/** Hands the terminal over to the edge agent, in the little memory it needs. */
export function handToAgent(args) {
  handTo(join(root, 'apps', 'edge', 'dist', 'millwright-edge'), args, { ...process.env, MILLWRIGHT_NODE: node })
}

function handTo(command, args, env) {
  const child = spawn(command, args, { stdio: 'inherit', env })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.once('error', (error) => fail(`${relative(root, command)} could not be started (${error.message}).`))
  child.once('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1))
}

async function hashOf(paths) {
  const hash = createHash('sha256')
  for (const path of paths)
    for await (const file of files(join(root, path))) hash.update(relative(root, file)).update(await readFile(file))
  return hash.digest('hex')
}

async function* files(path) {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => undefined)
  if (entries === undefined) {
    yield path
    return
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name === 'node_modules' || entry.name === 'dist' || entry.name.endsWith('.test.ts')) continue
    if (entry.isDirectory()) yield* files(join(path, entry.name))
    else yield join(path, entry.name)
  }
}
