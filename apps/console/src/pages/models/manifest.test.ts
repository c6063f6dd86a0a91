import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { faultsOf } from '../../components/schema-form/faults.ts'
import { emptyManifest, manifestSchema, placeOf } from './manifest.ts'

const manifest = { inputs: [{ signal: 'speed' }, { signal: 'flow' }], outputs: [{ name: 'estimate', tensor: 'y' }] }

describe('the manifest of a model', () => {
  it('says at its own place what the platform refused', () => {
    assert.equal(
      placeOf('The manifest cannot be used: in manifest/inputs/1/low, "low" must be number.', manifest),
      '/inputs/1/low',
    )
    assert.equal(placeOf('The model takes "flow" in Cel, and the signal is in m3/h.', manifest), '/inputs/1/signal')
    assert.equal(placeOf('The model has no output named "y".', manifest), '/outputs/0/tensor')
    assert.equal(placeOf('The manifest names 2 inputs, and the model takes 3.', manifest), '/inputs')
    assert.equal(placeOf('This is no ONNX model: it ends after 4000 bytes.', manifest), 'file')
  })

  it('begins with what says no more than what is missing', () => {
    const faults = [
      ...faultsOf(
        manifestSchema((key) => key),
        emptyManifest,
        new Set(),
      ),
    ]
    assert.deepEqual(faults, [['/inputs/0/signal', { what: 'missing' }]])
    assert.equal(
      faultsOf(
        manifestSchema((key) => key),
        manifest,
        new Set(),
      ).size,
      0,
    )
  })
})
