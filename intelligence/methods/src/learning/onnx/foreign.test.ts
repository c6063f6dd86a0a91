import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { MillwrightError } from '@millwright/foundation'
import fc from 'fast-check'
import { inspectOnnx, ONNX_LIMIT, type OnnxManifest, openForeignOnnx } from '../index.ts'

const refusedAs =
  (code: string, holds = '') =>
  (error: unknown) =>
    error instanceof MillwrightError && error.code === code && error.message.includes(holds)

const file = (name: string) => new Uint8Array(readFileSync(join(import.meta.dirname, 'testcases', name)))
const inputs = ['speed', 'load', 'temperature'].map((signal) => ({ signal, low: -5, high: 5 }))
const three: OnnxManifest = { inputs, outputs: [{ name: 'estimate' }] }

describe('an ONNX model that was made elsewhere', () => {
  for (const [name, outputs] of [
    ['sklearn-forest', [{ name: 'bad', tensor: 'probabilities', column: 1 }]],
    ['sklearn-network', [{ name: 'estimate' }]],
    ['lightgbm', [{ name: 'estimate' }]],
  ] as const)
    it(`gives what ${name} said where it was made`, async () => {
      const { rows, expected } = JSON.parse(
        readFileSync(join(import.meta.dirname, 'testcases', `${name}.json`), 'utf8'),
      )
      const model = await openForeignOnnx(file(`${name}.onnx`), { inputs, outputs })
      const {
        outputs: [values],
        outside,
      } = await model.run(Float64Array.from(rows.flat()), rows.length)
      values!.forEach(
        (value, row) => void assert.ok(Math.abs(value - expected[row]) < 1e-5, `${value} for ${expected[row]}`),
      )
      assert.ok(outside.every((flag) => flag === 0))
    })

  it('takes a window of readings, oldest first', async () => {
    const model = await openForeignOnnx(file('window.onnx'), {
      inputs: inputs.slice(0, 2),
      window: 4,
      outputs: three.outputs,
    })
    const {
      outputs: [value],
    } = await model.run(Float64Array.of(1, 1, 1, 1, 1, 1, 1, 2, 0, 0, 0, 0, 0, 0, 0, 1), 2)
    assert.deepEqual([...value!], [(36 + 8) / 8, 1])
  })

  it('says when a row lies outside of what it was trained on, or has a gap', async () => {
    const model = await openForeignOnnx(file('lightgbm.onnx'), three)
    const { outside } = await model.run(Float64Array.of(0, 0, 0, 99, 0, 0, 0, Number.NaN, 0), 3)
    assert.deepEqual([...outside], [0, 1, 1])
  })

  it('is refused in a sentence that says why', async () => {
    const open = (name: string, manifest = three) => openForeignOnnx(file(`${name}.onnx`), manifest)
    await assert.rejects(open('external-data'), refusedAs('MW-ONNX-0004', '(w)'))
    await assert.rejects(open('unknown-domain'), refusedAs('MW-ONNX-0003', 'com.example.Frobnicate'))
    await assert.rejects(open('unknown-operator'), refusedAs('MW-ONNX-0003', 'Frobnicate'))
    await assert.rejects(
      open('sklearn-zipmap', { inputs, outputs: [{ name: 'bad', tensor: 'output_probability' }] }),
      refusedAs('MW-ONNX-0006', 'zipmap=False'),
    )
    await assert.rejects(
      open('lightgbm', { inputs, outputs: [{ name: 'x', tensor: 'nothing' }] }),
      refusedAs('MW-ONNX-0006', 'variable'),
    )
    await assert.rejects(
      open('lightgbm', { inputs, outputs: [{ name: 'x', column: 4 }] }),
      refusedAs('MW-ONNX-0006', 'no column 4'),
    )
    await assert.rejects(open('lightgbm', { ...three, inputs: inputs.slice(1) }), refusedAs('MW-ONNX-0005', '2 inputs'))
    await assert.rejects(open('window', { ...three, window: 4 }), refusedAs('MW-ONNX-0005'))
    await assert.rejects(
      open('lightgbm', { ...three, inputs: [...inputs, inputs[0]!] }),
      refusedAs('MW-ONNX-0007', 'twice'),
    )
    await assert.rejects(open('lightgbm', { ...three, window: 0 }), refusedAs('MW-ONNX-0007'))
    assert.throws(() => inspectOnnx(new Uint8Array(ONNX_LIMIT + 1)), refusedAs('MW-ONNX-0002'))
    assert.throws(() => inspectOnnx(new TextEncoder().encode('not a model at all')), refusedAs('MW-ONNX-0001'))
    assert.throws(() => inspectOnnx(new Uint8Array(0)), refusedAs('MW-ONNX-0001'))
  })

  it('is opened or refused, never anything else, whatever its bytes', async () => {
    const whole = file('sklearn-network.onnx')
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), fc.boolean(), async (at, value, cut) => {
        const bent = cut ? whole.slice(0, at) : whole.with(at, value)
        try {
          await openForeignOnnx(bent, three)
        } catch (error) {
          assert.ok(error instanceof MillwrightError && error.code.startsWith('MW-ONNX'), String(error))
        }
      }),
      { numRuns: 150 },
    )
  })
})
