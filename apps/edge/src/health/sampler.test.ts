import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { it } from 'node:test'
import { createLog, isUnit, SECOND } from '@millwright/foundation'
import { VirtualClock } from '@millwright/foundation/testing'
import type { OwnValue } from '../readings/own.ts'
import { HealthSampler } from './sampler.ts'

it('samples its health every ten seconds, in units that the platform knows', async () => {
  const clock = new VirtualClock()
  const written: Record<string, OwnValue | undefined>[] = []
  const sampler = new HealthSampler({
    clock,
    log: createLog({ level: 'silent' }),
    own: { write: async (values: Record<string, OwnValue | undefined>) => void written.push(values) } as never,
    directory: tmpdir(),
    figures: () => ({
      queue: { readings: 5, bytes: 100, oldest: clock.now() - 3 * SECOND, dropped: 0, damaged: 0 },
      offset: -2 * SECOND,
      clockTrusted: true,
      linkUp: false,
    }),
  })
  await sampler.sample()
  const [first] = written
  assert.deepEqual(first!['agent/queue age'], { number: 3, unit: 's' })
  assert.deepEqual(first!['agent/clock offset'], { number: -2, unit: 's' })
  assert.equal(first!['agent/link'], false)
  assert.ok((first!['agent/memory'] as { number: number }).number > 1e6)
  for (const value of Object.values(first!)) {
    if (typeof value === 'object' && 'unit' in value) assert.ok(isUnit(value.unit), value.unit)
  }
  sampler.start()
  await clock.advance(9 * SECOND)
  assert.equal(written.length, 1)
  sampler.stop()
})
