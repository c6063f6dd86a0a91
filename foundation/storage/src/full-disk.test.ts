import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openArtifacts } from './artifacts/folder.ts'
import { openDatabase } from './database/open.ts'
import { openTelemetry } from './telemetry/open.ts'
import { smallDisk } from './testing/index.ts'

const disk = await smallDisk(150)
const skip = typeof disk === 'string' ? disk : false
after(async () => {
  if (typeof disk !== 'string') await disk.remove()
})

test('on a full disk a change is refused, what was acknowledged stays, and space makes it well again', {
  skip,
}, async () => {
  if (typeof disk === 'string') return
  const database = await openDatabase({ directory: join(disk.path, 'database') })
  const telemetry = await openTelemetry({ directory: join(disk.path, 'telemetry') })
  const artifacts = openArtifacts(join(disk.path, 'artifacts'))
  await database.system((sql) => sql.query('create table rows (n int, text text)'))
  await telemetry.client.command({ query: 'create table rows (n UInt32) engine = MergeTree order by n' })
  let acknowledged = 0
  const insert = async () => {
    await database.system((sql) => sql.query('insert into rows values ($1, $2)', [acknowledged, 'x'.repeat(7000)]))
    acknowledged++
  }
  const counted = async () => (await database.system((sql) => sql.query('select count(*) as n from rows', [])))[0]!['n']
  const inserted = () => telemetry.insertTsv('rows', ['n'], Buffer.from('1\n'))
  const stored = async () =>
    (await telemetry.client.query({ query: 'select n from rows', format: 'JSONEachRow' })).json()
  await insert()
  await inserted()

  await disk.fill()
  const untilRefused = async () => {
    for (;;) await insert()
  }
  await assert.rejects(untilRefused(), { code: 'MW-STORAGE-0013', status: 503 })
  await assert.rejects(inserted(), { type: 'NOT_ENOUGH_SPACE' })
  await assert.rejects(artifacts.put(oneMebibyte()), { code: 'ENOSPC' })
  assert.equal(await counted(), acknowledged)
  assert.equal((await stored()).length, 1)

  await disk.free()
  await insert()
  await inserted()
  await artifacts.put(oneMebibyte())
  assert.equal(await counted(), acknowledged)
  assert.equal((await stored()).length, 2)
  await telemetry.close()
  await database.close()
})

async function* oneMebibyte(): AsyncIterable<Uint8Array> {
  yield Buffer.alloc(2 ** 20)
}
