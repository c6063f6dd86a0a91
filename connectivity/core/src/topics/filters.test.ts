import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { filterMatches, filterProblem, filtersMeet, maySubscribe, topicProblem } from './filters.ts'
import { routeOf } from './route.ts'

const LIMITS = { bytes: 64, levels: 8 }
const level = fc.constantFrom('a', 'b', '')
const topic = fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join('/'))
const filter = fc
  .tuple(fc.array(fc.constantFrom('a', 'b', '', '+'), { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([levels, open]) => [...levels, ...(open ? ['#'] : [])].join('/'))

/** MQTT 3.1.1, section 4.7, as a regular expression. */
const asRegExp = (pattern: string): RegExp => {
  const open = pattern.endsWith('/#') || pattern === '#'
  const levels = pattern.split('/').slice(0, open ? -1 : undefined)
  const body = levels.map((part) => (part === '+' ? '[^/]*' : part)).join('/')
  return new RegExp(open ? (levels.length === 0 ? '^' : `^${body}(/.*)?$`) : `^${body}$`)
}

describe('topic filters', () => {
  it('match as the standard says', () => {
    fc.assert(
      fc.property(filter, topic, (pattern, name) => {
        assert.equal(filterMatches(pattern, name), asRegExp(pattern).test(name), `${pattern} ${name}`)
      }),
      { numRuns: 2000 },
    )
  })

  it('meet when one topic matches both', () => {
    fc.assert(
      fc.property(filter, filter, topic, (one, other, name) => {
        if (filterMatches(one, name) && filterMatches(other, name)) assert.ok(filtersMeet(one, other))
      }),
      { numRuns: 2000 },
    )
    assert.equal(filtersMeet('a/+', 'b/#'), false)
    assert.equal(filtersMeet('a', 'a/#'), true)
  })

  it('are refused when malformed, too long or too deep', () => {
    for (const bad of ['', 'a#', '#/a', 'a/#/b', 'a+', '+a/b', 'x'.repeat(65), 'a/'.repeat(8)]) {
      assert.notEqual(filterProblem(bad, LIMITS), undefined, bad)
    }
    for (const good of ['#', '+', 'a/+/b', '/a', 'a//b', 'ü/#'])
      assert.equal(filterProblem(good, LIMITS), undefined, good)
    for (const bad of ['', 'a/+', '#', 'é'.repeat(33)]) assert.notEqual(topicProblem(bad, LIMITS), undefined, bad)
  })

  it('are granted only where the platform has something to say', () => {
    const granted = ['#', '+/#', 'mw/v1/commands/+', 'mw/v1/user/a/b', 'v1/gateway/rpc', 'mw/+/twin/desired']
    const refused = [
      '$SYS/#',
      '$share/g/#',
      'd/#',
      'd/dev_b/#',
      'mw/v1/telemetry',
      'mw/v1/twin/get',
      'v1/devices/me/telemetry',
    ]
    for (const name of granted) assert.equal(maySubscribe(name), true, name)
    for (const name of refused) assert.equal(maySubscribe(name), false, name)
  })
})

describe('routes', () => {
  it('lead nowhere for what is not in the table, and are closed for the broker’s own namespace', () => {
    for (const name of [
      '',
      'mw',
      'mw/v1/telemetry/',
      'mw/v1/commands/a/b/reply',
      'v1/devices/me/rpc/response/x',
      'v1/gateway/x',
    ]) {
      assert.equal(routeOf(name).to, 'nowhere', name)
    }
    for (const name of ['d/dev_b/mw/v1/telemetry', '$SYS/x', 'd/']) assert.equal(routeOf(name).to, 'elsewhere', name)
  })

  it('never throw', () => {
    fc.assert(fc.property(fc.string(), (name) => typeof routeOf(name).to === 'string'))
  })
})
