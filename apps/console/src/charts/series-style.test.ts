import assert from 'node:assert/strict'
import { it } from 'node:test'
import { dashOf, SERIES_COLOURS, seriesIndex } from './series-style.ts'

const signal = (id: string, kind: 'number' | 'waveform' = 'number') => ({ id, kind })

it('gives a signal the same colour whatever order its siblings come in', () => {
  const siblings = ['sig_a', 'sig_b', 'sig_c'].map((id) => signal(id))
  assert.equal(seriesIndex(signal('sig_b'), siblings), 1)
  assert.equal(seriesIndex(signal('sig_b'), [...siblings].reverse()), 1)
  assert.equal(seriesIndex(signal('sig_c'), [signal('sig_b', 'waveform'), signal('sig_c')]), 0)
})

it('has a colour for a signal nobody listed, and dashes for colours that come again', () => {
  const alone = seriesIndex(signal('sig_z'), [])
  assert.ok(alone >= 0 && alone < SERIES_COLOURS)
  assert.equal(dashOf(3, [1, 2]), undefined)
  assert.notEqual(dashOf(3, [3]), undefined)
  assert.notDeepEqual(dashOf(3, [3]), dashOf(3, [3, 3]))
})
