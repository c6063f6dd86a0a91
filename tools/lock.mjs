/**
 * `npm run lock`: writes package-lock.json anew, whole for every platform. npm leaves out optional binaries that the
 * registry at hand does not hold, or that an existing node_modules does not; `npm ci` on another platform then fails. What
 * is missing is added by name and version alone; npm checks and fetches it where it is needed.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fail, root, run } from './setup.mjs'

/** Optional packages that a lock file names but does not hold: `[parent, name, version]`. */
export function missingPlatforms(lock) {
  const held = Object.keys(lock.packages)
  return Object.entries(lock.packages).flatMap(([parent, { optionalDependencies = {}, dev }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !held.some((path) => path.endsWith(`node_modules/${name}`)))
      .map(([name, version]) => ({ parent, name, version, dev })),
  )
}

/** `@chdb/lib-linux-arm64-gnu` -> where it runs, as packages name it. */
function platformOf(name) {
  const pick = (values) => values.filter((value) => new RegExp(`(^|[-/_])${value}($|[-_])`).test(name))
  const os = pick(['darwin', 'linux', 'win32', 'android', 'freebsd'])
  const cpu = pick(['x64', 'arm64', 'arm', 'ia32', 's390x', 'ppc64', 'riscv64', 'wasm32'])
  return { ...(cpu.length > 0 ? { cpu } : {}), ...(os.length > 0 ? { os } : {}) }
}

async function main() {
  const place = await mkdtemp(join(tmpdir(), 'lock-'))
  try {
    const { workspaces } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
    for (const path of ['.npmrc', ...['.', ...workspaces].map((directory) => join(directory, 'package.json'))]) {
      await cp(join(root, path), join(place, path))
    }
    const code = await run('npm', ['install', '--package-lock-only', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: place,
    })
    if (code !== 0) fail('npm could not resolve the dependencies (its message stands above).')
    const lock = JSON.parse(await readFile(join(place, 'package-lock.json'), 'utf8'))
    for (const { name, version, dev } of missingPlatforms(lock)) {
      lock.packages[`node_modules/${name}`] = { version, ...platformOf(name), ...(dev ? { dev } : {}), optional: true }
      process.stdout.write(`added ${name}@${version}, which the registry at hand does not hold\n`)
    }
    lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)))
    await writeFile(join(root, 'package-lock.json'), `${JSON.stringify(lock, null, 2)}\n`)
  } finally {
    await rm(place, { recursive: true, force: true })
  }
}

if (import.meta.main ?? process.argv[1]?.endsWith('lock.mjs')) await main()
