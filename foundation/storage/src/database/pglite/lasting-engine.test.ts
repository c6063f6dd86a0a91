import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as pass } from 'node:timers/promises'
import { smallDisk } from '../../testing/index.ts'
import { openDatabase } from '../open.ts'

const disk = await smallDisk(150)
const skip = typeof disk === 'string' ? disk : false
after(async () => {
  if (typeof disk !== 'string') await disk.remove()
})

test('a database that ended itself because its log could not be written comes back with what was acknowledged', {
  skip,
}, async () => {
  if (typeof disk === 'string') return
  const directory = join(disk.path, 'database')
  const database = await openDatabase({ directory })
  await database.system((sql) => sql.query('create table numbers (n int)'))
  let acknowledged = 0
  const insert = () =>
    database
      .system((sql) => sql.query('insert into numbers values ($1)', [acknowledged]))
      .then(() => {
        acknowledged++
      })
  await insert()
  await disk.fill()
  // A message in the log takes nothing but log: when its segment is full, there is no room for another one.
  const log = () =>
    database.system((sql) => sql.query(`select pg_logical_emit_message(true, 'x', repeat('z', 900000))`))
  let refused: { code?: string } | undefined
  for (let i = 0; i < 100 && refused === undefined; i++) {
    await log().catch((error: { code?: string }) => {
      refused = error
    })
    if (refused === undefined) await insert()
  }
  assert.match(refused?.code ?? '', /^MW-STORAGE-001[34]$/, JSON.stringify(refused))
  // While the disk is full it answers at once, that it cannot.
  await assert.rejects(insert(), { status: 503 })
  await assert.rejects(Promise.all([insert(), insert()]), { status: 503 })
  await disk.free()
  for (let tries = 0; ; tries++) {
    const done = await insert().catch((error: unknown) => error)
    if (done === undefined) break
    assert.ok(tries < 100, String(done))
    await pass(50)
  }
  const counted = async () => {
    const rows = await database.system((sql) => sql.query<{ n: number }>('select n from numbers order by n', []))
    return rows.map(({ n }) => n)
  }
  assert.deepEqual(await counted(), [...Array(acknowledged).keys()])
  await database.close()
  const again = await openDatabase({ directory })
  const [row] = await again.system((sql) => sql.query<{ n: number }>('select count(*) as n from numbers', []))
  assert.equal(row!.n, acknowledged)
  await again.close()
})
