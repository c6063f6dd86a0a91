import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Environment } from '@marcbachmann/cel-js'
import type { SignalKind } from '@millwright/contracts'
import fc from 'fast-check'
import { SignalState } from '../watch/signal-state.ts'
import { type Frame, NO, UNKNOWN, YES } from './frame.ts'
import { compileRule, RuleExpressionError } from './rule-program.ts'

const KINDS: Record<string, SignalKind> = {
  temperature: 'number',
  rpm: 'number',
  running: 'boolean',
  state: 'state',
  'Volume Flow Rate': 'number',
  vibration: 'waveform',
}
const kindOf = (name: string): SignalKind | undefined => (Object.hasOwn(KINDS, name) ? KINDS[name] : undefined)

function frameOf(signals: readonly string[], values: Record<string, number | boolean | string>, now = 100): Frame {
  const states = signals.map((name, key) => {
    const state = new SignalState({ key, id: name, name, kind: kindOf(name) ?? 'number', unit: '1' })
    const value = values[name]
    if (value !== undefined) state.take(now, Number(value), typeof value === 'string' ? value : undefined, 0, now)
    return state
  })
  return { now, since: 0, signals: states, windows: [], trueTimes: [] }
}

function evaluate(condition: string, values: Record<string, number | boolean | string>) {
  const { program, unknown } = compileRule({ condition, clearCondition: null }, kindOf)
  assert.deepEqual(unknown, [])
  return program.condition(frameOf(program.signals, values))
}

function mistake(condition: string): RuleExpressionError {
  try {
    compileRule({ condition, clearCondition: null }, kindOf)
  } catch (error) {
    if (error instanceof RuleExpressionError) return error
    throw error
  }
  throw new Error(`no mistake was found in ${condition}`)
}

test('conditions over numbers, booleans, states and names that are no identifiers', () => {
  const values = { temperature: 81, rpm: 1500, running: true, state: 'running', 'Volume Flow Rate': 12 }
  for (const condition of [
    'temperature > 80.0 && rpm > 1000.0',
    'temperature > 80 && rpm * 2 > 2999',
    'running && state == "running"',
    'state in ["idle", "running"] && !(state in ["stopped"])',
    'state.startsWith("run") && state.contains("nn") && state.endsWith("ing")',
    'signal("Volume Flow Rate") == 12.0',
    'math.abs(temperature - 100.0) < 20.0 && math.greatest(temperature, rpm, 3) == 1500',
    '(running ? temperature : rpm) == 81',
    '-temperature < 0 && 7 / 2 == 3 && 7 % 4 == 3 && double(7) / 2.0 == 3.5 && int(3.9) == 3',
    'quality(temperature) == "good" && age(temperature) == 0.0',
  ]) {
    assert.equal(evaluate(condition, values), YES, condition)
  }
})

test('a missing value decides nothing, unless the rest decides', () => {
  assert.equal(evaluate('temperature > 80', {}), UNKNOWN)
  assert.equal(evaluate('!(temperature > 80)', {}), UNKNOWN)
  assert.equal(evaluate('temperature != 80', {}), UNKNOWN)
  assert.equal(evaluate('temperature > 80 || rpm > 1', { rpm: 2 }), YES)
  assert.equal(evaluate('temperature > 80 && rpm > 1', { rpm: 0 }), NO)
  assert.equal(evaluate('temperature > 80 || rpm > 1', { rpm: 0 }), UNKNOWN)
  assert.equal(evaluate('state == "a"', {}), UNKNOWN)
  assert.equal(evaluate('1 / 0 == 1', {}), UNKNOWN)
})

test('mistakes are told in words, at their place', () => {
  const cases: [string, number, RegExp][] = [
    ['temperature > ', 14, /ends too early/],
    ['temperature', 0, /needs a condition/],
    ['temperature > "hot"', 0, /Texts have no order/],
    ['state == 3', 0, /cannot be compared/],
    ['running > 3', 0, /needs a number/],
    ['avg(temperature) > 1', 0, /written as avg\(signal, "1m"\)/],
    ['avg(temperature, "1x") > 1', 17, /is not a time/],
    ['avg(temperature, "25h") > 1', 17, /out of bounds/],
    ['avg(temperature, "1ms") > 1', 17, /out of bounds/],
    ['avg(temperature, state) > 1', 17, /text literal/],
    ['avg(rpm + 1, "1m") > 1', 4, /signal's name/],
    ['avg(state, "1m") > 1', 4, /needs a number signal/],
    ['vibration > 1', 0, /waveform signal/],
    ['frobnicate(temperature)', 0, /no function `frobnicate`/],
    ['temperature.foo > 1', 0, /no meaning in rules/],
    ['[1, 2].some(i, i > 0)', 0, /no `some`/],
    ['signal(state) > 1', 0, /text literal/],
    ['temperature == null', 15, /noData/],
    ['temperature == 1u', 15, /unsigned/],
    ['temperature > 1 $', 16, /Unexpected character/],
    ['{"a": 1} == {"a": 1}', 0, /too large|no meaning/],
    ['   ', 0, /empty/],
  ]
  for (const [condition, , words] of cases) assert.match(mistake(condition).message, words, condition)
  for (const [condition, position] of cases.filter(([, at]) => at > 0)) {
    assert.equal(mistake(condition).position, position, condition)
  }
})

test('names the equipment does not have are listed, and do not hide other mistakes', () => {
  const { unknown } = compileRule(
    { condition: 'temprature > 80 && constructor && toString == "x"', clearCondition: null },
    kindOf,
  )
  assert.deepEqual(unknown, ['temprature', 'constructor', 'toString'])
  assert.throws(() => compileRule({ condition: 'temprature > 80 && avg(rpm, "1w") > 1', clearCondition: null }, kindOf))
})

test('what is too large is refused: length, nodes, depth, lists, windows', () => {
  const windows = Array.from({ length: 40 }, (_, i) => `avg(rpm, "${i + 1}s") > 1`).join(' || ')
  for (const condition of [
    `rpm > ${'1'.repeat(2000)}`,
    Array.from({ length: 200 }, () => 'rpm > 1').join(' || '),
    `${'('.repeat(100)}running${')'.repeat(100)}`,
    `${'!'.repeat(500)}running`,
    `rpm in [${Array.from({ length: 150 }, (_, i) => i).join(',')}]`,
    windows,
  ]) {
    assert.match(mistake(condition).message, /too large|characters|different windows/, condition.slice(0, 40))
  }
})

test('any text at all is either compiled or refused with a place in it', () => {
  const words = fc.constantFrom(
    ...[
      'temperature',
      'rpm',
      'running',
      'state',
      'avg',
      'noData',
      'signal',
      '(',
      ')',
      '"1m"',
      ',',
      '>',
      '==',
      '&&',
      '||',
    ],
    ...[
      '!',
      '-',
      '?',
      ':',
      '1',
      '2.5',
      '"',
      "'",
      '[',
      ']',
      '.',
      'in',
      '{',
      '}',
      'b"x"',
      'r"\\"',
      '\\',
      '\u0000',
      '🙂',
      'true',
    ],
  )
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.array(words, { maxLength: 30 }).map((w) => w.join(' ')),
  )
  fc.assert(
    fc.property(texts, (condition) => {
      try {
        compileRule({ condition, clearCondition: null }, kindOf)
      } catch (error) {
        assert.ok(error instanceof RuleExpressionError, String(error))
        assert.ok(error.position >= 0 && error.position <= condition.length)
      }
    }),
    { numRuns: 2000 },
  )
})

test('a signal name can hold any text, and stays a name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 50 }), (name) => {
      const literal = JSON.stringify(name).replace(/\\u([0-9a-f]{4})/g, '\\u$1')
      const source = `signal(${literal}) > 1.0`
      let compiled: ReturnType<typeof compileRule>
      try {
        compiled = compileRule({ condition: source, clearCondition: null }, (asked) =>
          asked === name ? 'number' : undefined,
        )
      } catch (error) {
        assert.ok(error instanceof RuleExpressionError)
        return
      }
      assert.deepEqual(compiled.program.signals, [name])
    }),
  )
})

/** Expressions of the subset that rules share with CEL proper, typed so that CEL accepts them. */
const { condition: sharedCel } = fc.letrec<{ number: string; whole: string; text: string; condition: string }>(
  (tie) => ({
    number: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constantFrom('temperature', 'rpm', '0.0', '1.5', '-2.25', '80.0'),
      fc
        .tuple(tie('number'), fc.constantFrom('+', '-', '*', '/'), tie('number'))
        .map(([a, op, b]) => `(${a} ${op} ${b})`),
      tie('number').map((a) => `(-${a})`),
      fc.tuple(tie('condition'), tie('number'), tie('number')).map(([c, a, b]) => `(${c} ? ${a} : ${b})`),
    ),
    whole: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constantFrom('0', '1', '-3', '7', '100'),
      fc
        .tuple(tie('whole'), fc.constantFrom('+', '-', '*', '/', '%'), tie('whole'))
        .map(([a, op, b]) => `(${a} ${op} ${b})`),
    ),
    text: fc.constantFrom('state', '"idle"', '"run"', '""'),
    condition: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constantFrom('running', 'true', 'false'),
      fc
        .tuple(tie('number'), fc.constantFrom('<', '<=', '>', '>=', '==', '!='), tie('number'))
        .map((p) => `(${p.join(' ')})`),
      fc.tuple(tie('whole'), fc.constantFrom('<', '>='), tie('number')).map((p) => `(${p.join(' ')})`),
      fc.tuple(tie('whole'), fc.constantFrom('>', '==', '!='), tie('whole')).map((p) => `(${p.join(' ')})`),
      fc.tuple(tie('text'), fc.constantFrom('==', '!='), tie('text')).map((p) => `(${p.join(' ')})`),
      fc
        .tuple(tie('text'), fc.constantFrom('contains', 'startsWith', 'endsWith'), tie('text'))
        .map(([a, m, b]) => `${a}.${m}(${b})`),
      fc
        .tuple(tie('text'), fc.array(tie('text'), { minLength: 1, maxLength: 3 }))
        .map(([a, l]) => `(${a} in [${l.join(', ')}])`),
      fc
        .tuple(tie('condition'), fc.constantFrom('&&', '||', '==', '!='), tie('condition'))
        .map((p) => `(${p.join(' ')})`),
      tie('condition').map((c) => `!${c}`),
    ),
  }),
)

test('a decided condition is what the CEL library decides', () => {
  const cel = new Environment()
    .registerVariable('temperature', 'double')
    .registerVariable('rpm', 'double')
    .registerVariable('running', 'bool')
    .registerVariable('state', 'string')
  const values = fc.record(
    {
      temperature: fc.constantFrom(0, 1.5, -2.25, 80, 81.3),
      rpm: fc.constantFrom(0, 1, 1e9),
      running: fc.boolean(),
      state: fc.constantFrom('', 'run', 'idle'),
    },
    { requiredKeys: [] },
  )
  let decided = 0
  fc.assert(
    fc.property(sharedCel, values, (condition, context) => {
      const ours = evaluate(condition, context)
      let theirs: unknown
      try {
        theirs = cel.evaluate(condition, context)
      } catch {
        theirs = undefined
      }
      // We are unknown where CEL errs; and, one step more careful, where it computes on with NaN.
      if (theirs === undefined) assert.equal(ours, UNKNOWN)
      else if (ours !== UNKNOWN) {
        assert.equal(ours === YES, theirs, condition)
        decided++
      } else assert.ok(condition.includes('/') || condition.includes('*'), condition)
    }),
    { numRuns: 3000 },
  )
  assert.ok(decided > 1000, String(decided))
})
