import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { VibrationDiagnosis, VibrationSpectrum } from '../../api/types.ts'
import { outline, ticks } from './axes.ts'
import { cursorMarks, diagnosisMarks, highest, lineAt, xOf } from './marks.ts'

test('ticks are round, begin at zero and reach to within a step of the end', () => {
  assert.deepEqual(ticks(1000, 5), [0, 200, 400, 600, 800, 1000])
  assert.deepEqual(ticks(0.7, 3), [0, 0.5])
  assert.deepEqual(ticks(0, 5), [0])
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), fc.integer({ min: 2, max: 10 }), (most, count) => {
      const all = ticks(most, count)
      assert.ok(all.length <= count + 1 && all.at(-1)! <= most * (1 + 1e-6))
      assert.ok(all.at(-1)! + (all[1] ?? most) > most * (1 - 1e-6))
    }),
  )
})

test('the outline of many lines keeps the highest of them', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 9, noNaN: true }), { minLength: 1, maxLength: 300 }),
      fc.integer({ min: 1, max: 50 }),
      (lines, columns) => {
        const drawn = outline(lines, columns)
        assert.ok(drawn.length <= columns)
        assert.equal(Math.max(...drawn), Math.max(...lines))
      },
    ),
  )
})

const spectrum = {
  axis: 'Hz',
  kind: 'envelope',
  first: 0,
  step: 2,
  amplitude: [9, 1, 5, 2],
} as unknown as VibrationSpectrum

test('the cursor finds the highest line and the nearest to a place', () => {
  assert.equal(xOf(spectrum, highest(spectrum)), 4)
  assert.deepEqual([lineAt(spectrum, 2.9), lineAt(spectrum, -5), lineAt(spectrum, 99)], [1, 0, 3])
})

test('harmonics and sidebands stay within the spectrum', () => {
  assert.deepEqual(
    cursorMarks(10, 5, 3, 32).map(({ x }) => x),
    [10, 20, 30, 7, 13, 4, 16, 1, 19],
  )
})

test('bearing rates are marked in the envelope, the shaft elsewhere, all of them in orders', () => {
  const diagnosis = {
    frequencies: [
      { part: 'shaft', name: '1×', frequency: 50 },
      { part: 'drive end', name: 'BPFO', frequency: 180 },
      { part: 'drive end', name: 'BPFI', frequency: 270 },
    ],
  } as unknown as VibrationDiagnosis
  const finding = {
    lines: [
      { name: 'BPFO', frequency: 179, significant: true },
      { name: '2×BPFO', frequency: 358, significant: false },
    ],
  } as unknown as VibrationDiagnosis['findings'][number]
  const names = (kind: string, axis = 'Hz') =>
    diagnosisMarks(diagnosis, { kind, axis, shaft: 50 } as VibrationSpectrum, finding).map(
      ({ name, x }) => `${name} ${x}`,
    )
  assert.deepEqual(names('envelope'), ['BPFO 179', 'BPFI 270'])
  assert.deepEqual(names('velocity'), ['BPFO 179', '1× 50'])
  assert.deepEqual(names('order', '1'), ['BPFO 3.58', '1× 1', 'BPFI 5.4'])
  assert.deepEqual(names('cepstrum', 's'), [`BPFO ${1 / 179}`, `BPFI ${1 / 270}`])
})
