import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectivityMigrations } from '@millwright/connectivity'
import { newId } from '@millwright/foundation'
import type { Database } from '@millwright/storage'
import { memoryDatabase } from '@millwright/storage/testing'
import { trustMigrations } from '@millwright/trust'
import { dataMigrations } from '../migrations.ts'
import { SignalInsertions } from './insertions.ts'

test('signals asked for together are written together, each name once', async () => {
  const plain = await memoryDatabase([...trustMigrations, ...connectivityMigrations, ...dataMigrations])
  let transactions = 0
  let failing = false
  const database = {
    tenant: (tenant, work) => {
      transactions++
      return failing ? Promise.reject(new Error('disk full')) : plain.tenant(tenant, work)
    },
  } as Database
  const insertions = new SignalInsertions(database)
  const tenant = newId('ten')
  const device = newId('dev')
  const row = (name: string, of = tenant) => ({
    id: newId('sig'),
    tenant: of,
    name,
    kind: 'number' as const,
    unit: 'Cel',
    description: '',
    equipment: null,
    device,
    min: null,
    max: 5.5,
    simulated: false,
    createdAt: 7,
  })
  const names = Array.from({ length: 2_500 }, (_, i) => `node ${i}`)
  const made = await Promise.all([...names, 'node 7'].map((name) => insertions.insert(row(name))))
  assert.equal(transactions, 3)
  assert.equal(made.filter((one) => one !== undefined).length, 2_500)
  assert.equal(made.at(-1), undefined)
  assert.deepEqual([made[7]!.name, made[7]!.unit, made[7]!.max, made[7]!.createdAt], ['node 7', 'Cel', 5.5, 7])
  failing = true
  await assert.rejects(insertions.insert(row('late')), /disk full/)
  failing = false
  assert.equal((await insertions.insert(row('late')))?.name, 'late')
  await plain.close()
})
