import assert from 'node:assert/strict'
import { appendFile, cp, mkdtemp, open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { decodeBlock, MetricRows, ROW } from '@millwright/connectivity'
import { createLog, systemClock } from '@millwright/foundation'
import { eventually } from '@millwright/foundation/testing'
import { smallDisk } from '@millwright/storage/testing'
import fc from 'fast-check'
import { DurableQueue, FRAME, type Loss, type Parcel, type QueueOptions } from './index.ts'

const log = createLog({ level: 'silent' })
const NOW = Date.UTC(2026, 10, 1) * 1000
const SECTION = { connection: 'cnx_a', device: '', source: 'test' }
const POLICY = { budget: 64 * 2 ** 20, backlog: 'oldest-first', whenFull: 'drop-oldest' } as const
const folders: string[] = []

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'millwright-queue-'))
  folders.push(path)
  return path
}

after(async () => {
  for (const path of folders) await rm(path, { recursive: true, force: true })
})

const options = (directory: string, more: Partial<QueueOptions> = {}): QueueOptions => ({
  ...POLICY,
  directory,
  clock: systemClock,
  log,
  commitEvery: 1000,
  ...more,
})

/** Readings that hardly get smaller. */
function noise(from: number, count: number): MetricRows {
  const rows = readings(from, count)
  for (let row = 0; row < count; row++) rows.value[row] = Math.random()
  return rows
}

/** Readings whose value is their number: 1,000 a second of data time. */
function readings(from: number, count: number): MetricRows {
  const rows = new MetricRows()
  for (let n = from; n < from + count; n++) {
    rows.push(`metric ${n % 7}`, ROW.number, n, 0)
    rows.time[rows.length - 1] = NOW + n * 1000
  }
  return rows
}

function numbersOf({ kind, payload }: Parcel): number[] {
  if (kind !== FRAME.readings) return []
  const seen: number[] = []
  decodeBlock(payload, Number.MAX_SAFE_INTEGER, (_, rows) => seen.push(...rows.value.subarray(0, rows.length)))
  return seen
}

async function drain(queue: DurableQueue): Promise<number[]> {
  const seen: number[] = []
  for (let parcel = await queue.takeBacklog(); parcel !== undefined; parcel = await queue.takeBacklog()) {
    seen.push(...numbersOf(parcel))
    await queue.acknowledge(parcel)
  }
  return seen
}

const upTo = (count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i)
const sorted = (numbers: Iterable<number>) => [...numbers].sort((a, b) => a - b)

describe('the durable queue', () => {
  it('gives back what it took, in order, and its files go with the acknowledgements', async () => {
    const directory = await folder()
    const queue = await DurableQueue.open(options(directory))
    await Promise.all(upTo(50).map((i) => queue.accept(SECTION, readings(i * 100, 100))))
    assert.equal(queue.figures.readings, 5_000)
    assert.equal(queue.figures.oldest, NOW)
    assert.deepEqual(sorted(await drain(queue)), upTo(5_000))
    assert.equal(queue.figures.readings, 0)
    await queue.close()
    const again = await DurableQueue.open(options(directory))
    assert.equal(await again.takeBacklog(), undefined)
    await again.close()
    assert.deepEqual(sorted((await readdir(directory)).map((name) => name.length)), [7, 12])
  })

  it('packs journals into blocks of at most 4 bytes a reading, also while it takes more', async () => {
    const directory = await folder()
    const queue = await DurableQueue.open(options(directory))
    for (let i = 0; i < 240; i++) await queue.accept(SECTION, readings(i * 1000, 1000))
    await eventually(async () => (await readdir(directory)).some((name) => name.startsWith('segment')))
    await eventually(() => queue.figures.bytes < 4 * 240_000)
    const numbers = await drain(queue)
    // Of each signal in the order it came.
    for (let signal = 0; signal < 7; signal++) {
      const own = numbers.filter((n) => n % 7 === signal)
      assert.ok(own.every((n, i) => i === 0 || n > own[i - 1]!))
    }
    assert.deepEqual(sorted(numbers), upTo(240_000))
    await queue.close()
  })

  it('sends newest blocks first when told so, each in order', async () => {
    const queue = await DurableQueue.open(options(await folder(), { backlog: 'newest-first' }))
    for (let i = 0; i < 160; i++) await queue.accept(SECTION, readings(i * 1000, 1000))
    const first = await queue.takeBacklog()
    const last = sorted(numbersOf(first!))
    assert.equal(last.at(-1), 159_999)
    await queue.acknowledge(first!)
    const rest = await drain(queue)
    assert.deepEqual(sorted([...last, ...rest]), upTo(160_000))
    assert.ok(rest[0]! > rest.at(-1)!)
    await queue.close()
  })

  it('gives up the oldest beyond its budget, and counts and tells it', async () => {
    const losses: Loss[] = []
    const budget = 3 * 2 ** 20
    const directory = await folder()
    const queue = await DurableQueue.open(options(directory, { budget }), (loss) => losses.push(loss))
    for (let i = 0; i < 500; i++) {
      await queue.accept(SECTION, noise(i * 1_000, 1_000))
      assert.ok(queue.figures.bytes <= budget)
    }
    const { dropped, readings: kept } = queue.figures
    assert.ok(dropped > 50_000, `${dropped}`)
    assert.equal(dropped + kept, 500_000)
    assert.equal(
      losses.reduce((sum, loss) => sum + (loss.readings ?? 0), 0),
      dropped,
    )
    assert.ok(losses.every(({ cause, from, to }) => cause === 'dropped' && from! < to!))
    await queue.close()
    const again = await DurableQueue.open(options(directory, { budget }))
    assert.equal(again.figures.dropped, dropped)
    assert.equal(again.figures.readings, kept)
    await again.close()
  })

  it('refuses new readings beyond its budget when told so, and takes them again when there is room', async () => {
    const queue = await DurableQueue.open(options(await folder(), { budget: 2.2 * 2 ** 20, whenFull: 'refuse-new' }))
    let accepted = 0
    const offer = async () => {
      await queue.accept(SECTION, noise(accepted, 5_000))
      accepted += 5_000
    }
    await assert.rejects(async () => {
      for (;;) await offer()
    }, /refuse new readings/)
    assert.equal(queue.saturated, true)
    assert.equal(queue.figures.dropped, 0)
    assert.equal((await drain(queue)).length, accepted)
    await queue.drained()
    await offer()
    await queue.close()
  })

  it('cuts a torn end off, and says nothing: it was acknowledged to nobody', async () => {
    const directory = await folder()
    const queue = await DurableQueue.open(options(directory))
    await queue.accept(SECTION, readings(0, 1000))
    const copy = await folder()
    await cp(directory, copy, { recursive: true })
    await queue.close()
    const [journal] = (await readdir(copy)).filter((name) => name.startsWith('journal'))
    const { size } = await stat(join(copy, journal!))
    for (const torn of [Buffer.alloc(500), Buffer.from('MWQF and so on'), Buffer.alloc(3, 7)]) {
      const at = await folder()
      await cp(copy, at, { recursive: true })
      await rm(join(at, 'lock'), { force: true })
      await appendFile(join(at, journal!), torn)
      const losses: Loss[] = []
      const again = await DurableQueue.open(options(at), (loss) => losses.push(loss))
      assert.deepEqual(sorted(await drain(again)), upTo(1000))
      assert.deepEqual(losses, [])
      await again.close()
    }
    assert.ok(size > 0)
  })

  it('sets a damaged file aside, tells it, and sends the rest', async () => {
    const directory = await folder()
    const queue = await DurableQueue.open(options(directory))
    for (let i = 0; i < 60; i++) await queue.accept(SECTION, noise(i * 1000, 1000))
    await eventually(async () => (await readdir(directory)).some((name) => name.startsWith('segment')))
    await queue.close()
    const [segment] = (await readdir(directory)).filter((name) => name.startsWith('segment'))
    await damage(join(directory, segment!), 500)
    const losses: Loss[] = []
    const again = await DurableQueue.open(options(directory), (loss) => losses.push(loss))
    const left = await drain(again)
    assert.equal(losses.length, 1)
    assert.equal(losses[0]!.cause, 'damaged')
    assert.equal(losses[0]!.readings! + left.length, 60_000)
    assert.equal(again.figures.damaged, losses[0]!.readings)
    assert.deepEqual(await readdir(join(directory, 'damaged')), [segment])
    await again.close()
  })

  it('finds good frames behind a damaged header', async () => {
    const directory = await folder()
    const queue = await DurableQueue.open(options(directory))
    for (let i = 0; i < 10; i++) await queue.accept(SECTION, readings(i * 100, 100))
    await queue.close()
    const [journal] = (await readdir(directory)).filter((name) => name.startsWith('journal'))
    await damage(join(directory, journal!), 20)
    const losses: Loss[] = []
    const again = await DurableQueue.open(options(directory), (loss) => losses.push(loss))
    assert.deepEqual(sorted(await drain(again)), upTo(900, 100))
    assert.equal(losses.length, 1)
    await again.close()
  })

  it('opens whatever its files were changed to, and gives out nothing that was not put in', async () => {
    const directory = await folder()
    const queue = await DurableQueue.open(options(directory))
    for (let i = 0; i < 52; i++) await queue.accept(SECTION, readings(i * 1000, 1000))
    await eventually(async () => (await readdir(directory)).some((name) => name.startsWith('segment')))
    await queue.accept(SECTION, readings(52_000, 500))
    const first = await queue.takeBacklog()
    await queue.acknowledge(first!)
    await queue.accept(SECTION, readings(52_500, 500))
    await queue.close()
    const files = (await readdir(directory)).filter((name) => /^(journal|segment|acknowledged)/.test(name))
    const change = fc.record({
      file: fc.constantFrom(...files),
      at: fc.nat(),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 80 }),
      cut: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const copy = await folder()
        await cp(directory, copy, { recursive: true })
        for (const { file, at, bytes, cut } of changes) {
          const path = join(copy, file)
          const { size } = await stat(path)
          if (size === 0) continue
          if (cut) await truncate(path, at % size)
          else await overwrite(path, at % size, bytes)
        }
        const again = await DurableQueue.open(options(copy))
        const left = await drain(again)
        assert.ok(left.every((n) => Number.isInteger(n) && n >= 0 && n < 53_000))
        assert.equal(new Set(left).size, left.length)
        await again.accept(SECTION, readings(60_000, 10))
        assert.deepEqual(sorted(await drain(again)), upTo(10, 60_000))
        await again.close()
      }),
      { numRuns: 40 },
    )
  })

  it('belongs to one process, and to the next one when that is gone', async () => {
    const directory = await folder()
    const stat = await readFile(`/proc/${process.ppid}/stat`, 'utf8')
    const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    await writeFile(join(directory, 'lock'), `${process.ppid} ${start}\n`)
    await assert.rejects(DurableQueue.open(options(directory)), /in use by another agent/)
    // The number was given to another process since.
    await writeFile(join(directory, 'lock'), `${process.ppid} 1\n`)
    const queue = await DurableQueue.open(options(directory))
    await queue.close()
  })

  it('keeps its promises whatever happens: takes, acknowledgements, crashes in any order', async () => {
    const step = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({ do: fc.constant('accept' as const), count: fc.integer({ min: 1, max: 9_000 }) }),
      },
      { weight: 4, arbitrary: fc.record({ do: fc.constant('take' as const), count: fc.integer({ min: 1, max: 4 }) }) },
      { weight: 4, arbitrary: fc.record({ do: fc.constant('acknowledge' as const), count: fc.nat() }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('release' as const), count: fc.nat() }) },
      {
        weight: 1,
        arbitrary: fc.record({ do: fc.constantFrom('crash' as const, 'reopen' as const), count: fc.nat() }),
      },
    )
    const backlog = fc.constantFrom('oldest-first' as const, 'newest-first' as const)
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), backlog, async (steps, order) => {
        let directory = await folder()
        let queue = await DurableQueue.open(options(directory, { backlog: order }))
        let next = 0
        const model = new Set<number>()
        let flying: Parcel[] = []
        for (const { do: what, count } of steps) {
          if (what === 'accept') {
            await queue.accept(SECTION, readings(next, count))
            for (let n = next; n < next + count; n++) model.add(n)
            next += count
          } else if (what === 'take') {
            for (let i = 0; i < count; i++) {
              const parcel = await queue.takeBacklog()
              if (parcel !== undefined) flying.push(parcel)
            }
          } else if (what === 'acknowledge' && flying.length > 0) {
            const [parcel] = flying.splice(count % flying.length, 1)
            await queue.acknowledge(parcel!)
            for (const n of numbersOf(parcel!)) assert.ok(model.delete(n), `${n} twice`)
          } else if (what === 'release' && flying.length > 0) {
            const [parcel] = flying.splice(count % flying.length, 1)
            queue.release(parcel!)
          } else if (what === 'crash' || what === 'reopen') {
            if (what === 'crash') {
              // The disk as a power cut may leave it: all that was acknowledged to senders, and half a write.
              const copy = await snapshot(directory)
              await queue.close()
              await rm(join(copy, 'lock'), { force: true })
              const journals = (await readdir(copy)).filter((name) => name.startsWith('journal')).sort()
              if (journals.length > 0) await appendFile(join(copy, journals.at(-1)!), Buffer.alloc(count % 300, count))
              directory = copy
            } else await queue.close()
            flying = []
            queue = await DurableQueue.open(options(directory, { backlog: order }))
            if (what === 'reopen') assert.equal(queue.figures.readings, model.size)
          }
        }
        for (const parcel of flying) queue.release(parcel)
        const left = await drain(queue)
        const seen = new Set(left)
        assert.equal(seen.size, left.length, 'a reading came twice')
        // What a crash took of the notes of acknowledgements comes again; nothing else does, and nothing is missing.
        for (const n of model) assert.ok(seen.has(n), `${n} is lost`)
        await queue.close()
      }),
      { numRuns: 60 },
    )
  })
})

/** The folder as of one moment: where packing took a file away while it was copied, it is copied anew. */
async function snapshot(directory: string): Promise<string> {
  for (;;) {
    const copy = await folder()
    try {
      await cp(directory, copy, { recursive: true })
      return copy
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
}

const damage = (path: string, at: number): Promise<void> => overwrite(path, at, Buffer.from('damage!'))

async function overwrite(path: string, at: number, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'r+')
  await file.write(bytes, 0, bytes.length, at)
  await file.close()
}

const disk = await smallDisk(12)
describe('a queue on a full disk', { skip: typeof disk === 'string' && disk }, () => {
  const { path, fill, free, remove } = disk as Exclude<typeof disk, string>
  after(() => remove())

  it('says so, loses nothing it took, and goes on by itself', async () => {
    const directory = join(path, 'queue')
    const queue = await DurableQueue.open(options(directory, { whenFull: 'refuse-new' }))
    let taken = 0
    const offer = async () => {
      await queue.accept(SECTION, readings(taken, 10_000))
      taken += 10_000
    }
    await offer()
    await fill()
    await assert.rejects(async () => {
      for (;;) await offer()
    }, /disk of the queue is full/)
    assert.match(queue.figures.trouble ?? '', /free some space/)
    assert.equal(queue.saturated, true)
    await free()
    await queue.drained()
    await offer()
    assert.equal(queue.figures.trouble, undefined)
    assert.deepEqual(sorted(await drain(queue)), upTo(taken))
    await queue.close()
  })

  it('gives up its oldest when that is the policy', async () => {
    const losses: Loss[] = []
    const queue = await DurableQueue.open(options(join(path, 'other')), (loss) => losses.push(loss))
    for (let i = 0; i < 400; i++) await queue.accept(SECTION, noise(i * 1000, 1000))
    await fill()
    for (let i = 400; i < 900; i++) await queue.accept(SECTION, noise(i * 1000, 1000))
    assert.ok(losses.length > 0)
    const { dropped } = queue.figures
    const left = await drain(queue)
    assert.equal(left.length + dropped, 900_000)
    await queue.close()
    await free()
  })
})
