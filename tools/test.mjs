/** `npm test`: sets up what is missing and runs every check and test. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { ensureAgent, ensureConsole, ensureDependencies, hand } from './setup.mjs'

/** Debian package -> a file that shows that it is there. */
const DEBIAN = {
  'can-utils': '/usr/bin/candump',
  chromium: '/usr/bin/chromium',
  libfaketime: '/usr/share/doc/libfaketime',
  mbpoll: '/usr/bin/mbpoll',
  'mosquitto-clients': '/usr/bin/mosquitto_pub',
  mosquitto: '/usr/sbin/mosquitto',
  postgresql: '/usr/share/postgresql-common/pg_wrapper',
  prometheus: '/usr/bin/prometheus',
  'python3-pymodbus': '/usr/lib/python3/dist-packages/pymodbus',
  'python3-serial': '/usr/lib/python3/dist-packages/serial',
  'python3-serial-asyncio': '/usr/lib/python3/dist-packages/serial_asyncio',
  'rabbitmq-server': '/usr/lib/rabbitmq',
  socat: '/usr/bin/socat',
}

/** Real components that tests talk to. Elsewhere than on Debian as root, tests that miss one are counted skips. */
function ensureComponents() {
  const missing = Object.keys(DEBIAN).filter((name) => !existsSync(DEBIAN[name]))
  if (missing.length === 0 || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return
  process.stderr.write(`Setting up: installing ${missing.join(', ')} with apt-get …\n`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args) =>
    spawnSync('apt-get', ['-qq', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] }).status
  apt('update')
  if (apt('install', '-y', '--no-install-recommends', ...missing) !== 0) {
    process.stderr.write(
      'apt-get could not install all of them: tests that need the missing ones are skipped and counted.\n',
    )
  }
}

await ensureDependencies('all')
ensureComponents()
await ensureConsole()
await ensureAgent()
hand('tools/src/check.ts', process.argv.slice(2))
