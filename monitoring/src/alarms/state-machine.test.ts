import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ALARM_STATES, type AlarmState } from '@millwright/contracts'
import fc from 'fast-check'
import { type AlarmEvent, alarmStep } from './state-machine.ts'

const EVENTS: AlarmEvent[] = ['raise', 'return', 'acknowledge', 'reset', 'close']

/** Every move the standard draws, and no other. */
const MOVES: readonly (readonly [AlarmState, AlarmEvent, 'plain' | 'latching', AlarmState, string])[] = [
  ['normal', 'raise', 'plain', 'unacknowledged', 'raised'],
  ['normal', 'raise', 'latching', 'unacknowledged', 'raised'],
  ['unacknowledged', 'acknowledge', 'plain', 'acknowledged', 'acknowledged'],
  ['unacknowledged', 'acknowledge', 'latching', 'acknowledged', 'acknowledged'],
  ['unacknowledged', 'return', 'plain', 'returned-unacknowledged', 'returned'],
  ['unacknowledged', 'return', 'latching', 'returned-unacknowledged', 'returned'],
  ['acknowledged', 'return', 'plain', 'normal', 'returned'],
  ['acknowledged', 'return', 'latching', 'latched', 'latched'],
  ['returned-unacknowledged', 'raise', 'plain', 'unacknowledged', 're-raised'],
  ['returned-unacknowledged', 'raise', 'latching', 'unacknowledged', 're-raised'],
  ['returned-unacknowledged', 'acknowledge', 'plain', 'normal', 'acknowledged'],
  ['returned-unacknowledged', 'acknowledge', 'latching', 'latched', 'acknowledged'],
  ['latched', 'raise', 'plain', 'unacknowledged', 're-raised'],
  ['latched', 'raise', 'latching', 'unacknowledged', 're-raised'],
  ['latched', 'reset', 'plain', 'normal', 'reset'],
  ['latched', 'reset', 'latching', 'normal', 'reset'],
  ...ALARM_STATES.filter((state) => state !== 'normal').flatMap((state) =>
    (['plain', 'latching'] as const).map((kind) => [state, 'close', kind, 'normal', 'closed'] as const),
  ),
]

test('the table has the moves of ISA-18.2 and no others', () => {
  for (const state of ALARM_STATES) {
    for (const event of EVENTS) {
      for (const kind of ['plain', 'latching'] as const) {
        const move = MOVES.find(([from, on, of]) => from === state && on === event && of === kind)
        const expected = move === undefined ? undefined : { to: move[3], transition: move[4] }
        assert.deepEqual(alarmStep(state, event, kind === 'latching'), expected, `${state} ${event} ${kind}`)
      }
    }
  }
})

test('whatever happens, only a latching alarm latches, and nothing unacknowledged is ever lost', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...EVENTS)), fc.boolean(), (events, latching) => {
      let state: AlarmState = 'normal'
      let seen = true
      for (const event of events) {
        const step = alarmStep(state, event, latching)
        if (step === undefined) continue
        if (step.transition === 'raised' || step.transition === 're-raised') seen = false
        if (event === 'acknowledge') seen = true
        if (state === 'latched') assert.ok(latching)
        if (step.to === 'normal' && step.transition !== 'closed') assert.ok(seen, `${state} --${event}--> normal`)
        state = step.to
      }
    }),
  )
})
