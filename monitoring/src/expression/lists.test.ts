import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Environment } from '@marcbachmann/cel-js'
import fc from 'fast-check'
import { SignalState } from '../watch/signal-state.ts'
import { Window } from '../watch/window.ts'
import { WindowBudget } from '../watch/window-budget.ts'
import { type Frame, NO, UNKNOWN, YES } from './frame.ts'
import { EXPRESSION_LIMITS } from './parse.ts'
import { compileRule, RuleExpressionError } from './rule-program.ts'

const NUMBERS = ['t1', 't2', 't3']
const kindOf = (name: string) => (name === 'state' ? 'state' : 'number')
const compiled = (condition: string) => compileRule({ condition, clearCondition: null }, kindOf).program

function evaluate(condition: string, values: Record<string, number | string>) {
  const program = compiled(condition)
  const signals = program.signals.map((name, key) => {
    const state = new SignalState({ key, id: name, name, kind: kindOf(name), unit: '1' })
    const value = values[name]
    if (typeof value === 'string') state.take(1, Number.NaN, value, 0, 1)
    else if (value !== undefined) state.take(1, value, undefined, 0, 1)
    return state
  })
  const windows = program.windows.map(({ signal, length, columns }) => {
    const window = new Window(length, columns, new WindowBudget())
    if (!Number.isNaN(signals[signal]!.value)) window.push(1, signals[signal]!.value)
    return window
  })
  const frame: Frame = { now: 1, since: 0, signals, windows, trueTimes: [] }
  return program.condition(frame)
}

function refusal(condition: string): string {
  try {
    compiled(condition)
  } catch (error) {
    assert.ok(error instanceof RuleExpressionError, String(error))
    return error.message
  }
  throw new Error(`not refused: ${condition}`)
}

test('macros over several signals, their windows, and what they make of each other', () => {
  const values = { t1: 70, t2: 81, t3: 95, state: 'running slow' }
  for (const condition of [
    '[t1, t2, t3].exists(t, t > 90.0) && ![t1, t2, t3].all(t, t > 80.0)',
    '[t1, t2, t3].exists_one(t, t < 80.0)',
    '[t1, t2, t3].filter(t, t > 80.0).size() >= 2 && size([t1, t2]) == 2',
    '[t1, t2].map(t, t * 2.0).exists(x, x == 162.0) && 140.0 in [t1, t2].map(t, t * 2.0)',
    '[t1, t2, t3].map(t, t > 80.0, t - 80.0).all(x, x > 0.0)',
    '[t1, signal("t3")].exists(t, avg(t, "1m") > 90.0 && median(t, "1m") > 90.0)',
    '[t1, t2].filter(t, t > 0.0).exists(t, !noData(t, "30s"))',
    '[[t1, t2], [t3]].all(l, l.exists(t, t > 80.0))',
    '[t1].all(t1, [t1 + 1.0].all(t1, t1 == 71.0)) && t1 == 70.0',
    '[].all(x, x > 1) && ![].exists(x, x > 1) && size("añ") == 2',
    'state.matches("^run(ning)? (slow|fast)$") && !state.matches("stop") && state.matches("(a+)+$|s.ow")',
    '["idle", "run"].exists(word, state.startsWith(word))',
  ]) {
    assert.equal(evaluate(condition, values), YES, condition)
  }
})

test('what is missing decides nothing in lists either, unless the rest decides', () => {
  assert.equal(evaluate('[t1, t2].exists(t, t > 80.0)', { t1: 90 }), YES)
  assert.equal(evaluate('[t1, t2].exists(t, t > 80.0)', { t1: 10 }), UNKNOWN)
  assert.equal(evaluate('[t1, t2].all(t, t > 80.0)', { t1: 10 }), NO)
  assert.equal(evaluate('[t1, t2].all(t, t > 80.0)', { t1: 90 }), UNKNOWN)
  assert.equal(evaluate('[t1, t2].exists_one(t, t > 80.0)', { t1: 90 }), UNKNOWN)
  assert.equal(evaluate('[t1, t2].filter(t, t > 80.0).size() >= 1', { t1: 90 }), UNKNOWN)
  assert.equal(evaluate('[t1, t2].filter(t, t > 80.0).exists(t, t > 0.0)', { t1: 90 }), UNKNOWN)
  assert.equal(evaluate('state.matches("a")', {}), UNKNOWN)
  assert.equal(evaluate('state.matches("a")', { state: 'a'.repeat(1001) }), UNKNOWN)
  assert.equal(evaluate('size(state) > 0', {}), UNKNOWN)
})

test('mistakes in lists and patterns are told in words', () => {
  for (const [condition, words] of [
    ['t1.all(x, x > 1)', /needs a list/],
    ['[t1].all(x > 1, x)', /iteration variable/],
    ['[t1].all(x)', /name for the item/],
    ['[t1].all(x, x)', /needs a condition/],
    ['[t1].map(x, x + 1).exists(x, avg(x, "1m") > 1)', /signal's name/],
    ['state.matches("(")', /cannot be read/],
    ['state.matches("(?=a)")', /cannot be read/],
    ['state.matches(state)', /text literal/],
    [`state.matches("${'a'.repeat(201)}")`, /too large/],
    ['state.matches("(a{10}){30}")', /too large/],
    ['size(t1) > 1', /needs a text/],
  ] as const) {
    assert.match(refusal(condition), words, condition)
  }
})

test('lists in lists cannot cost more than a rule may', () => {
  const hundred = `[${Array.from({ length: 100 }, (_, i) => i).join(',')}]`
  const doubling = Array.from({ length: 18 }, () => '.map(x, x + x)').join('')
  for (const condition of [
    `${hundred}.all(x, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].all(y, x + y > 0))`,
    `[t1]${doubling}.all(x, x > 0.0)`,
    `[t1, t2]${Array.from({ length: 9 }, () => '.filter(x, x > 1.0 && x < 2.0)').join('')}.map(x, x + x + x + x).map(x, x + x + x + x).map(x, x + x + x + x).map(x, x + x + x + x).map(x, x + x).size() > 1 || [t1].map(x, x + x + x + x).map(x, x + x + x + x).map(x, x + x + x + x).map(x, x + x + x + x).map(x, x + x + x + x).exists(x, x in [1.0])`,
  ]) {
    assert.match(refusal(condition), /too large/, condition.slice(0, 60))
  }
})

/** Conditions over lists, typed so that CEL accepts them. */
const listCondition = fc.letrec<{ number: string; list: string; condition: string }>((tie) => ({
  number: fc.constantFrom(...NUMBERS, '0.0', '80.0', '-2.5'),
  list: fc.oneof(
    { maxDepth: 3 },
    fc.array(tie('number'), { maxLength: 4 }).map((items) => `[${items.join(', ')}]`),
    fc.tuple(tie('list'), tie('number')).map(([l, n]) => `${l}.filter(x, x > ${n})`),
    fc.tuple(tie('list'), tie('number')).map(([l, n]) => `${l}.map(x, x + ${n})`),
    fc.tuple(tie('list'), tie('number')).map(([l, n]) => `${l}.map(x, x < ${n}, x - 1.0)`),
  ),
  condition: fc.oneof(
    { maxDepth: 2 },
    fc
      .tuple(
        tie('list'),
        fc.constantFrom('all', 'exists', 'exists_one'),
        tie('number'),
        fc.constantFrom('>', '<=', '=='),
      )
      .map(([l, m, n, o]) => `${l}.${m}(x, x ${o} ${n})`),
    fc.tuple(tie('list'), fc.integer({ min: 0, max: 4 })).map(([l, n]) => `size(${l}) >= ${n}`),
    fc.tuple(tie('number'), tie('list')).map(([n, l]) => `(${n} in ${l})`),
    fc.tuple(tie('list'), tie('list')).map(([a, b]) => `${a}.all(y, ${b}.exists(x, x >= y))`),
    fc.tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition')).map((p) => `(${p.join(' ')})`),
  ),
})).condition

test('a decided condition over lists is what the CEL library decides, in bounded work', () => {
  const cel = new Environment({ unlistedVariablesAreDyn: true })
  const values = fc.record(
    { t1: fc.constantFrom(0, 80, 81.5), t2: fc.constantFrom(-2.5, 80, 99), t3: fc.constantFrom(0, 1e9) },
    { requiredKeys: [] },
  )
  let decided = 0
  fc.assert(
    fc.property(listCondition, values, (condition, context) => {
      let ours: number
      try {
        ours = evaluate(condition, context)
      } catch (error) {
        assert.ok(error instanceof RuleExpressionError && /too large/.test(error.message), String(error))
        return
      }
      let theirs: unknown
      try {
        theirs = cel.evaluate(condition, context)
      } catch {
        theirs = undefined
      }
      if (ours === UNKNOWN || theirs === undefined) return
      assert.equal(ours === YES, theirs, condition)
      decided++
    }),
    { numRuns: 2000 },
  )
  assert.ok(decided > 400, String(decided))
})

test('any pattern is refused, or matched in bounded time', () => {
  const parts = fc.constantFrom(
    'a',
    '.',
    '*',
    '+',
    '?',
    '(',
    ')',
    '|',
    '[',
    ']',
    '^',
    '$',
    '{2,9}',
    '{50}',
    '\\\\d',
    'é',
  )
  const pattern = fc.array(parts, { maxLength: 60 }).map((all) => all.join(''))
  let slowest = 0
  fc.assert(
    fc.property(pattern, fc.string({ unit: 'grapheme', maxLength: 200 }), (source, text) => {
      const long = text.padEnd(1000, 'a').slice(0, 1000)
      const start = performance.now()
      try {
        evaluate(`state.matches("${source}")`, { state: long })
      } catch (error) {
        assert.ok(error instanceof RuleExpressionError, `${source}: ${error}`)
      }
      slowest = Math.max(slowest, performance.now() - start)
    }),
    { numRuns: 500 },
  )
  assert.ok(slowest < 1000, `${slowest} ms`)
  assert.ok(EXPRESSION_LIMITS.cost <= 2000)
})
