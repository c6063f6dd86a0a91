import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { applyCompletion, completions, wordBefore, written } from './complete.ts'
import { bodyOf, canSave, canTry, emptyDraft } from './rule-draft.ts'

const signals = [
  { name: 'temperature', detail: '°C' },
  { name: 'Volume Flow', detail: 'L/min' },
]

describe('completion', () => {
  it('takes the word before the caret, and none within a text', () => {
    assert.deepEqual(wordBefore('avg(temp', 8), { word: 'temp', start: 4 })
    assert.deepEqual(wordBefore('math.ab', 7), { word: 'math.ab', start: 0 })
    assert.equal(wordBefore('state == "run', 13), undefined)
  })

  it('offers signals before functions, what begins so before what holds it', () => {
    assert.deepEqual(
      completions('t', signals, 3).map((one) => one.label),
      ['temperature', 'trueFor(x > 1.0, "10m")', 'stddev(x, "1m")'],
    )
    assert.deepEqual(completions('', signals), [])
    assert.deepEqual(completions('temperature', signals), [])
  })

  it('writes a name that is no identifier as the language wants it', () => {
    assert.equal(written('Volume Flow'), 'signal("Volume Flow")')
    assert.equal(written('in'), 'signal("in")')
    assert.equal(written('rpm_2'), 'rpm_2')
  })

  it('completes what is called on a list behind its point', () => {
    const [offered] = completions('exi', signals)
    assert.deepEqual(applyCompletion('[a, b].exi', 10, offered!), { text: '[a, b].exists(v, )', caret: 17 })
  })

  it('puts the caret where the next word goes', () => {
    const offered = completions('av', signals)[0]!
    assert.deepEqual(applyCompletion('x > av && y', 6, offered), { text: 'x > avg(, "1m") && y', caret: 8 })
  })
})

describe('draft of a rule', () => {
  it('is tried with a condition and exactly one target, and saved with a name as well', () => {
    const draft = { ...emptyDraft({ equipmentClass: 'cls_1', equipment: null }), condition: 'a > 1.0' }
    assert.equal(canTry(draft), true)
    assert.equal(canSave(draft), false)
    assert.equal(canSave({ ...draft, name: 'Hot' }), true)
    assert.equal(canTry({ ...draft, equipmentClass: null }), false)
    assert.equal(canTry({ ...draft, equipment: 'ast_1' }), false)
  })

  it('goes out with delays in µs and no empty clear condition', () => {
    const body = bodyOf({
      ...emptyDraft({ equipmentClass: 'cls_1', equipment: null }),
      name: ' Hot ',
      onDelay: 1.5,
      clearCondition: ' ',
    })
    assert.equal(body.name, 'Hot')
    assert.equal(body.onDelay, 1_500_000)
    assert.equal(body.clearCondition, null)
  })
})
