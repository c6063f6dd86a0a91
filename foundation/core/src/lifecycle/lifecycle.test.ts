import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createLog } from '../log.ts'
import { VirtualClock } from '../testing/virtual-clock.ts'
import { SECOND } from '../time.ts'
import { Lifecycle } from './lifecycle.ts'

const log = createLog({ level: 'silent' })

test('parts start in order and stop in reverse, once', async () => {
  const life = new Lifecycle({ log })
  const seen: string[] = []
  for (const name of ['a', 'b', 'c']) {
    const part = await life.use(
      name,
      async () => name.toUpperCase(),
      async (made) => void seen.push(made),
    )
    assert.equal(part, name.toUpperCase())
  }
  assert.deepEqual(await Promise.all([life.stop(), life.stop()]), [true, true])
  assert.deepEqual(seen, ['C', 'B', 'A'])
  await assert.rejects(
    life.use('late', () => 1),
    { code: 'MW-LIFE-0001' },
  )
})

test('a part that fails to start stops those already started, and its error comes through', async () => {
  const life = new Lifecycle({ log })
  const seen: string[] = []
  await life.use(
    'a',
    () => 1,
    () => void seen.push('a'),
  )
  await life.use(
    'b',
    () => 1,
    () => void seen.push('b'),
  )
  await assert.rejects(
    life.use('c', () => {
      throw new Error('port in use')
    }),
    /port in use/,
  )
  assert.deepEqual(seen, ['b', 'a'])
})

test('a part that hangs or fails is left behind and the others still stop, within the deadline', async () => {
  const clock = new VirtualClock()
  const life = new Lifecycle({ log, clock, deadline: 5 * SECOND })
  const seen: string[] = []
  await life.use(
    'disk',
    () => 1,
    () => void seen.push('disk'),
  )
  await life.use(
    'broken',
    () => 1,
    () => Promise.reject(new Error('no')),
  )
  await life.use(
    'hangs',
    () => 1,
    () => new Promise(() => {}),
  )
  const since = clock.now()
  const stopped = life.stop()
  await clock.advance(5 * SECOND)
  assert.equal(await stopped, false)
  assert.deepEqual(seen, ['disk'])
  assert.ok(clock.now() - since <= 5 * SECOND)
})

test('a stop during start-up waits for the part and stops it too', async () => {
  const life = new Lifecycle({ log })
  const started = Promise.withResolvers<number>()
  let stopped = false
  const using = life.use(
    'slow',
    () => started.promise,
    () => {
      stopped = true
    },
  )
  const stopping = life.stop()
  started.resolve(1)
  await using
  await stopping
  assert.equal(stopped, true)
})

test('SIGTERM stops the parts, then ends the process with 0', async () => {
  const program = `
    import { createLog, Lifecycle } from ${JSON.stringify(fileURLToPath(new URL('../index.ts', import.meta.url)))}
    const life = new Lifecycle({ log: createLog({ level: 'silent' }) })
    const timer = setInterval(() => {}, 1000)
    await life.use('timer', () => timer, async (t) => { await new Promise((r) => setTimeout(r, 20)); console.log('stopped') })
    life.endOnSignals()
    console.log('ready')`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program])
  let output = ''
  child.stdout.on('data', (bytes) => {
    output += bytes
    if (output === 'ready\n') child.kill('SIGTERM')
  })
  const [code] = await once(child, 'exit')
  assert.equal(code, 0)
  assert.equal(output, 'ready\nstopped\n')
})
