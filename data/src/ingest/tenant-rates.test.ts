import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ReadingBatch } from '@millwright/connectivity'
import { SECOND } from '@millwright/foundation'
import { TenantRates } from './tenant-rates.ts'

test('counts what each tenant stores, whatever the keys, and what nobody owns for nobody', () => {
  const tenants = new Map([
    [1, 'a'],
    [70_000, 'b'],
    [5_000_000, 'b'],
    ...Array.from({ length: 100 }, (_, i) => [2000 + i, `t${i}`] as const),
  ])
  const rates = new TenantRates((key) => tenants.get(key))
  const batch = new ReadingBatch(16)
  for (const key of [1, 1, 70_000, 5_000_000, 9, ...Array.from({ length: 100 }, (_, i) => 2000 + i)]) {
    batch.push(key, 0, 1, 0)
  }
  batch.wide.push({ signal: 1, time: 0, quality: 0, value: { kind: 'state', value: 'on' } })
  for (let second = 0; second < 10; second++) rates.count(batch, second * SECOND)
  const rate = (tenant: string) => rates.perSecond(tenant, 10 * SECOND)
  assert.equal(rate('a'), 3)
  assert.equal(rate('b'), 2)
  assert.equal(rate('t99'), 1)
  assert.equal(rate('nobody'), 0)
})
