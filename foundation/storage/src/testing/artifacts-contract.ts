import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import type { Artifacts } from '../ports.ts'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

async function* chunks(bytes: Uint8Array, size = 1000): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

const whole = async (stream: AsyncIterable<Uint8Array>): Promise<Buffer> => Buffer.concat(await all(stream))

/** What every artifact store must do; `open` makes an empty one. */
export function artifactsContract(name: string, open: () => Promise<Artifacts>): void {
  test(`${name}: bytes come back as they went in, under their SHA-256`, async () => {
    const artifacts = await open()
    for (const size of [0, 1, 1000, 300_001]) {
      const bytes = randomBytes(size)
      assert.deepEqual(await artifacts.put(chunks(bytes)), { sha256: sha256(bytes), size })
      assert.equal(await artifacts.has(sha256(bytes)), true)
      assert.deepEqual(await whole(artifacts.get(sha256(bytes))), bytes)
    }
  })

  test(`${name}: the same bytes are kept once, and gone when removed`, async () => {
    const artifacts = await open()
    const bytes = randomBytes(5000)
    const [first, second] = await Promise.all([artifacts.put(chunks(bytes)), artifacts.put(chunks(bytes, 7))])
    assert.deepEqual(first, second)
    assert.deepEqual(await all(artifacts.list()), [first])
    await artifacts.remove(first.sha256)
    await artifacts.remove(first.sha256)
    assert.equal(await artifacts.has(first.sha256), false)
    await assert.rejects(whole(artifacts.get(first.sha256)), { code: 'MW-FILE-0002', status: 404 })
  })

  test(`${name}: a source that fails leaves nothing`, async () => {
    const artifacts = await open()
    async function* failing(): AsyncIterable<Uint8Array> {
      yield randomBytes(100)
      throw new Error('the sender went away')
    }
    await assert.rejects(artifacts.put(failing()), /went away/)
    assert.deepEqual(await all(artifacts.list()), [])
  })

  test(`${name}: a key that is no SHA-256 never becomes a path`, async () => {
    const artifacts = await open()
    for (const key of ['../../etc/passwd', '', 'A'.repeat(64), `${'0'.repeat(63)}/`, `${'0'.repeat(64)}\n`]) {
      await assert.rejects(whole(artifacts.get(key)), { code: 'MW-FILE-0001' })
      await assert.rejects(async () => artifacts.has(key), { code: 'MW-FILE-0001' })
      await assert.rejects(async () => artifacts.remove(key), { code: 'MW-FILE-0001' })
    }
  })
}
