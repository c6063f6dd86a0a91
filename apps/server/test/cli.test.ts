import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe } from 'node:test'
import { alarmsCalls } from './cli/alarms.ts'
import { callEnds } from './cli/calls.ts'
import { connectionsCalls } from './cli/connections.ts'
import { keepingCalls } from './cli/keeping.ts'
import { peopleCalls } from './cli/people.ts'
import { plantCalls } from './cli/plant.ts'
import { readingsCalls } from './cli/readings.ts'
import type { CliWorld } from './cli/world.ts'
import { CliUser } from './harness/cli.ts'
import { type RunningPlatform, startPlatform, temporaryDirectory } from './harness/platform.ts'

// One platform for all topics: its start takes longer than most of them.
describe('the millwright command', () => {
  let platform: RunningPlatform
  let base: string
  let operator: CliUser
  const cleanups: (() => Promise<void>)[] = []

  const world: CliWorld = {
    get platform() {
      return platform
    },
    get base() {
      return base
    },
    get operator() {
      return operator
    },
    async user(name, more = {}) {
      const home = join(base, name)
      await mkdir(home, { recursive: true })
      return new CliUser({ url: platform.url, home, ...more })
    },
    file: (name) => join(base, 'operator', name),
  }

  before(async () => {
    base = await temporaryDirectory({ after: (work) => void cleanups.push(work) })
    platform = await startPlatform({ directory: join(base, 'data') })
    operator = await world.user('operator', { data: platform.directory })
  })
  after(async () => {
    await platform?.stop()
    for (const work of cleanups) await work()
  })

  plantCalls(world)
  readingsCalls(world)
  alarmsCalls(world)
  connectionsCalls(world)
  peopleCalls(world)
  callEnds(world)
  keepingCalls(world)
})
