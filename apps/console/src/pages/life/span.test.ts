import assert from 'node:assert/strict'
import { test } from 'node:test'
import { figure, halfWidth, span, unitOf } from './span.ts'

test('lengths are told in the unit that there are at least two of', () => {
  assert.equal(span(216, 'en'), '9 days')
  assert.equal(span(30, 'en'), '30 hr')
  assert.equal(span(0.05, 'en'), '3 min')
  assert.equal(span(50 / 3600, 'en'), '50 sec')
  assert.equal(span(0, 'en'), '0 sec')
  assert.equal(span(24 * 800, 'en'), '2.2 years')
  assert.equal(unitOf(47).name, 'hour')
})

test('numbers of a sentence share its unit, with the figures a prediction is good for', () => {
  const days = unitOf(216)
  assert.equal(figure(30.5, days, 'en'), '1.3')
  assert.equal(figure(5000, days, 'en'), '210')
})

test('± is for intervals that lie about evenly', () => {
  assert.equal(halfWidth({ hours: 9, low: 6, high: 12, atLeast: false }), 3)
  assert.equal(halfWidth({ hours: 9, low: 8, high: 20, atLeast: false }), undefined)
})
