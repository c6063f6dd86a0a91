import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MillwrightError } from '@millwright/foundation'
import fc from 'fast-check'
import { type ModelData, readModel, writeModel } from './model-file.ts'

const refused = (error: unknown) => error instanceof MillwrightError && error.code === 'MW-MODEL-0001'

const arrays = fc.oneof(
  fc.float64Array({ maxLength: 20 }),
  fc.float32Array({ maxLength: 20 }),
  fc.int32Array({ maxLength: 20 }),
  fc.uint16Array({ maxLength: 20 }),
  fc.uint8Array({ maxLength: 20 }),
)
const model = fc.letrec<{ data: ModelData }>((tie) => ({
  data: fc.oneof(
    { maxDepth: 4 },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    arrays,
    fc.array(tie('data'), { maxLength: 4 }),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tie('data'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).data

describe('a model file', () => {
  it('gives back what was written, arrays bit by bit', () => {
    fc.assert(fc.property(model, (data) => assert.deepStrictEqual(readModel(writeModel(data)), data)))
  })

  it('refuses numbers that JSON would lose', () => {
    assert.throws(() => writeModel({ threshold: Number.NaN }), TypeError)
  })

  it('is refused in a sentence wherever it is cut', () => {
    const whole = writeModel({ weights: new Float64Array([1, 2, 3]), name: 'pump' })
    for (let length = 0; length < whole.length; length++)
      assert.throws(() => readModel(whole.subarray(0, length)), refused)
  })

  it('is read or refused, never anything else, whatever its bytes', () => {
    const whole = writeModel({ weights: new Float64Array([1, 2, 3]), bias: [1, 2], name: 'pump' })
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, value) => {
        const bent = whole.slice()
        bent[at] = value
        try {
          readModel(bent)
        } catch (error) {
          assert.ok(refused(error), String(error))
        }
      }),
    )
  })
})
