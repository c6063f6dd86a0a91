import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ServiceReport } from '../../api/types.ts'
import { changedSettings, comparedFigures } from './compare.ts'

const report = (validation: [string, number][], figures: [string, number][]): ServiceReport => {
  const list = (all: [string, number][]) => all.map(([name, value]) => ({ name, value, unit: '1' }))
  return {
    summary: '',
    used: [],
    leftOut: [],
    validation: { split: '', figures: list(validation) },
    figures: list(figures),
    charts: [],
    notes: [],
    details: {},
  }
}

describe('two versions side by side', () => {
  it('have every figure of either, the validated ones first', () => {
    const left = report([['F1', 0.8]], [['threshold', 3]])
    const right = report([['F1', 0.9]], [['modes', 2]])
    assert.deepEqual(comparedFigures(left, right), [
      { name: 'F1', unit: '1', left: 0.8, right: 0.9 },
      { name: 'threshold', unit: '1', left: 3, right: undefined },
      { name: 'modes', unit: '1', left: undefined, right: 2 },
    ])
    assert.deepEqual(comparedFigures(null, null), [])
  })

  it('tell of settings that differ, and only of those', () => {
    const left = { settings: { step: 1, signals: ['flow'], same: true } }
    const right = { settings: { step: 5, signals: ['flow', 'current'], same: true, more: 'x' } }
    assert.deepEqual(changedSettings(left, right), [
      { name: 'step', left: '1', right: '5' },
      { name: 'signals', left: '["flow"]', right: '["flow","current"]' },
      { name: 'more', left: '', right: 'x' },
    ])
  })
})
