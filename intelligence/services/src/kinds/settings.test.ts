import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MillwrightError } from '@millwright/foundation'
import fc from 'fast-check'
import { allKinds, kindOf } from './kinds.ts'
import { checkedSettings } from './settings.ts'

const anomaly = kindOf('anomaly')!

const refusal = (given: unknown): [path: string | undefined, words: string] => {
  try {
    checkedSettings(anomaly, given)
    return [undefined, 'taken']
  } catch (error) {
    assert.ok(error instanceof MillwrightError && error.code === 'MW-SERVICE-0005')
    return [error.path, error.message]
  }
}

test('defaults are filled in, and nothing that was given is changed', () => {
  const given = { signals: ['flow'] }
  const settings = checkedSettings(anomaly, given)
  assert.deepEqual(settings['signals'], ['flow'])
  assert.equal(settings['alarmsPerWeek'], 2)
  assert.deepEqual(given, { signals: ['flow'] })
})

test('what is wrong is told with its place', () => {
  assert.deepEqual(refusal({ sgnals: [] })[0], 'settings/sgnals')
  assert.match(refusal({ sgnals: [] })[1], /no field "sgnals"/)
  assert.deepEqual(refusal({ alarmsPerWeek: -1 })[0], 'settings/alarmsPerWeek')
  assert.match(refusal({ alarmsPerWeek: -1 })[1], /"Alarm budget"/)
  assert.equal(refusal({ signals: ['a', 7] })[0], 'settings/signals/1')
  assert.match(refusal([])[1], /cannot be used/)
  assert.match(refusal({ signals: ['x'.repeat(300_000)] })[1], /too long/)
})

test('every kind takes or refuses any JSON with its own words, and shows its outputs', () => {
  for (const kind of allKinds()) {
    fc.assert(
      fc.property(fc.jsonValue(), (given) => {
        try {
          checkedSettings(kind, given)
        } catch (error) {
          assert.ok(error instanceof MillwrightError, String(error))
          assert.equal(error.code, 'MW-SERVICE-0005')
        }
      }),
      { numRuns: 50 },
    )
    const outputs = kind.outputs(checkedSettings(kind, kind.example ?? {}))
    assert.ok(outputs.length > 0, kind.id)
    assert.equal(new Set(outputs.map(({ name }) => name)).size, outputs.length, kind.id)
  }
})
