import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { linkToken } from '../pages/session/link-token.ts'
import { best, score } from './fuzzy.ts'
import { parsePreferences } from './preferences.ts'
import * as search from './search.ts'

describe('palette', () => {
  it('puts the start of a name before its middle, and that before scattered letters', () => {
    const found = best(['Spare pump', 'Pump P-101', 'Compressor', 'Plum jam press'], 'pum', (name) => name, 5)
    assert.deepEqual(found.slice(0, 2), ['Pump P-101', 'Spare pump'])
    assert.ok(!found.includes('Compressor'))
  })

  it('finds by several words in any order', () => {
    assert.ok(score('Cooling water pump 3', 'pump cooling') > 0)
    assert.equal(score('Cooling water pump 3', 'pump heating'), 0)
  })
})

describe('address bar', () => {
  it('keeps what it understands, and drops the rest without a word', () => {
    assert.deepEqual(search.machine({ tab: 'live', signals: ['sig_1', 7], compareFrom: 'now', extra: 1 }), {
      tab: 'live',
      signals: ['sig_1'],
    })
    assert.deepEqual(search.range({ last: 'eternity', from: -1, to: 5 }), { to: 5 })
    assert.deepEqual(search.alarms({ priority: 'urgent', show: 'waiting', open: 'alm_1' }), {
      open: 'alm_1',
      show: 'waiting',
    })
  })
})

describe('one-time link', () => {
  const token = `mwl_${'a1'.repeat(20)}`
  it('is read from the fragment, named or bare', () => {
    assert.equal(linkToken(`#${token}`), token)
    assert.equal(linkToken(`#token=${token}`), token)
    assert.equal(linkToken(`#link=${token}&x=1`), token)
  })
  it('is nothing when there is none', () => {
    for (const hash of ['', '#', '#keyboard', '#<script>alert(1)</script>xxxxxxxx'])
      assert.equal(linkToken(hash), undefined)
  })
})

describe('preferences', () => {
  it('fall back field by field where what was kept is damaged', () => {
    const kept = JSON.stringify({
      density: 'compact',
      timeZone: 'Moon/Sea',
      locale: 'not a locale!',
      units: 7,
      railFolded: 'yes',
    })
    assert.deepEqual(parsePreferences(kept), {
      density: 'compact',
      timeZone: '',
      locale: '',
      units: 'metric',
      railFolded: false,
    })
    assert.equal(parsePreferences('{').density, 'comfortable')
    assert.equal(parsePreferences('null').density, 'comfortable')
    assert.equal(parsePreferences('{"timeZone":"Europe/Amsterdam"}').timeZone, 'Europe/Amsterdam')
  })
})
