import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { enrolDevices } from '../fleet/enrol.ts'
import { writeIdentities } from '../load/run.ts'
import { type Platform, startPlatform } from '../platform/start.ts'
import { hasProc, memory, processTime } from '../platform/usage.ts'
import type { Figure, Scenario, ScenarioContext } from '../scenario.ts'

const PROGRAM = fileURLToPath(new URL('../load/idle-fleet.ts', import.meta.url))
const SETTLE = 15_000
const PATIENCE = 600_000
/** Besides a connection each: databases, logs, the API. */
const OTHER_FILES = 500

export const fleet: Scenario = {
  name: 'fleet',
  about: 'connected and idle mTLS devices: memory of each, and time until all are back after a restart',
  async run(context) {
    const { directory, quick, log } = context
    const count = quick ? 1_000 : 10_000
    const allowed = filesAllowed()
    if (allowed < count + OTHER_FILES) {
      const why = `${count} devices need ${count + OTHER_FILES} open files in each process, and ${allowed} are allowed (ulimit -n)`
      return { figures: [], skipped: [why] }
    }
    const data = join(directory, 'data')
    let platform = await startPlatform({ directory: data })
    try {
      const began = performance.now()
      const identities = await enrolDevices(platform.client, count, (n) => ({ name: `Device ${n}` }))
      const enrolled = (performance.now() - began) / 1000
      log(`${count} devices enrolled in ${enrolled.toFixed(1)} s`)
      const file = await writeIdentities(join(directory, 'fleet.json'), identities)
      // Enrolling has grown the heap: idle memory is measured on a fresh process.
      const port = platform.mqttPort
      await platform.stop()
      platform = await startPlatform({ directory: data, mqttPort: port })
      const run = await measure(context, platform, file, count, data)
      platform = run.platform
      return {
        figures: [
          { name: 'enrolment: token, key, certificate', value: count / enrolled, unit: 'devices/s' },
          ...run.figures,
        ],
      }
    } finally {
      await platform.stop()
    }
  },
}

async function measure(
  { log }: ScenarioContext,
  first: Platform,
  identities: string,
  count: number,
  directory: string,
): Promise<{ figures: Figure[]; platform: Platform }> {
  await delay(SETTLE)
  const before = hasProc ? memory(first.pid).now : 0
  const began = performance.now()
  const devices = startFleet(first.mqttPort, identities, count)
  try {
    await devices.all()
    const connected = (performance.now() - began) / 1000
    log(`${count} connected in ${connected.toFixed(1)} s`)
    const figures: Figure[] = [
      { name: `${count.toLocaleString('en')} devices connect`, value: connected, unit: 's', note: 'new TLS sessions' },
    ]
    if (hasProc) {
      await delay(SETTLE)
      const cpu = processTime(first.pid)
      await delay(SETTLE)
      const busy = (100_000 * (processTime(first.pid) - cpu)) / SETTLE
      const after = memory(first.pid).now
      figures.push(
        { name: 'memory a connection', value: ((after - before) * 1024) / count, unit: 'kB', note: 'resident' },
        { name: 'memory of the platform with all', value: after, unit: 'MB' },
        { name: 'processor time when all are idle', value: busy, unit: '% of a core', note: 'a ping each 45 s' },
      )
    }
    const down = performance.now()
    await first.stop()
    const stopped = (performance.now() - down) / 1000
    const second = await startPlatform({ directory, mqttPort: first.mqttPort })
    const up = performance.now()
    await devices.all()
    const back = performance.now()
    figures.push(
      { name: 'stopping with all connected', value: stopped, unit: 's' },
      { name: 'all back, from the end of the start-up', value: (back - up) / 1000, unit: 's' },
      { name: 'all back, from the order to stop', value: (back - down) / 1000, unit: 's' },
    )
    return { figures, platform: second }
  } finally {
    await devices.stop()
  }
}

function startFleet(port: number, identities: string, count: number) {
  const args = ['--port', String(port), '--identities', identities, '--count', String(count)]
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', PROGRAM, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let connected = 0
  let heard = () => {}
  createInterface({ input: child.stdout }).on('line', (line) => {
    connected = (JSON.parse(line) as { connected: number }).connected
    heard()
  })
  return {
    /** Resolves when every device is connected. */
    async all(): Promise<void> {
      const patience = AbortSignal.timeout(PATIENCE)
      while (connected < count) {
        patience.throwIfAborted()
        await new Promise<void>((resolve) => {
          heard = resolve
        })
      }
    },
    async stop(): Promise<void> {
      const exited = once(child, 'exit')
      child.stdin.end()
      await exited
    },
  }
}

/** Node raises the soft limit to the hard one by itself. */
function filesAllowed(): number {
  const said = execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim()
  return said === 'unlimited' ? Number.POSITIVE_INFINITY : Number(said)
}
