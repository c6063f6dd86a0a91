import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reportOf } from '../kinds/report.ts'
import { storableReport } from './storable.ts'

test('a report is stored without what neither JSON nor the database can hold', () => {
  const figure = (value: number) => ({ name: 'error', value, unit: '1' })
  const chart = { title: 't', style: 'line', overTime: false, xName: 'x', yName: 'y' } as const
  const report = storableReport(
    reportOf({
      summary: 'of \u0000 and \ud800',
      used: [],
      figures: [figure(1), figure(Number.NaN), figure(Number.POSITIVE_INFINITY)],
      validation: { split: 'by time', figures: [figure(Number.NaN)] },
      charts: [{ ...chart, x: [1, 2], lines: [{ name: 'l', y: [0.5, Number.NaN] }] }],
      details: { 'by\u0000name': { deep: ['\u0000'] } },
    }),
  )
  assert.equal(report.summary, 'of \ufffd and \ufffd')
  assert.deepEqual(report.figures, [figure(1)])
  assert.deepEqual(report.validation?.figures, [])
  assert.deepEqual(report.charts[0]?.lines[0]?.y, [0.5, null])
  assert.deepEqual(Object.values(report.details), [{ deep: ['\ufffd'] }])
})

test('a report that would fill the database is refused', () => {
  const details = { rows: Array.from({ length: 600_000 }, (_, n) => n) }
  assert.throws(
    () => storableReport(reportOf({ summary: '', used: [], details: { ...details, more: details } })),
    /bytes/,
  )
})
