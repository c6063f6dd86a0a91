/** Uses the test models of the methods: LightGBM's and scikit-learn's own answers stand beside them (see their `make.py`). */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { type MillwrightError, SECOND } from '@millwright/foundation'
import { eventually } from '@millwright/foundation/testing'
import fc from 'fast-check'
import { ended, levelStage, nowSecond, PATIENCE, scores, scoring } from '../../testing/level.ts'
import type { Stage } from '../../testing/stage.ts'
import { readManifest } from './manifest.ts'

const CASES = new URL('../../../../methods/src/learning/onnx/testcases/', import.meta.url)
const bytes = (name: string) => readFileSync(new URL(name, CASES))
const { rows, expected } = JSON.parse(bytes('lightgbm.json').toString()) as { rows: number[][]; expected: number[] }
const NAMES = ['speed', 'load', 'temperature'] as const
const inputs = NAMES.map((signal) => ({ signal, low: -5, high: 5 }))
const manifest = { inputs, outputs: [{ name: 'estimate', unit: 'kW' }] }

describe('a model made elsewhere', () => {
  let stage: Stage
  let equipment: string
  let keys: Readonly<Record<string, number>>
  before(async () => {
    stage = await levelStage()
    const at = { speed: () => 0, load: () => 0, temperature: () => 0, flow: () => 0 }
    const machine = await stage.machine('Press', at, nowSecond(), 0)
    equipment = machine.id
    keys = machine.keys
    const { id } = stage.plant.catalogue.ofEquipment(equipment).get('flow')!
    await stage.plant.signals.update(stage.engineer, id, { unit: 'm3/h' }, undefined)
  })
  after(() => stage.close())

  let made = 0
  const create = (settings: object = {}, more: object = {}) =>
    stage.call('createService', { body: { name: `Power ${++made}`, kind: 'model', equipment, settings, ...more } })
  const upload = async (id: string, file: Uint8Array, beside: unknown = manifest) => {
    const body = { manifest: beside, model: Buffer.from(file).toString('base64') }
    const { number } = await stage.call('uploadServiceVersion', { params: { id }, body })
    return ended(stage, id, number)
  }

  it('gives on live readings what it gave where it was made, with its outputs as signals', async () => {
    const alarm = { output: 'estimate', above: Math.max(...expected.slice(0, 40)) - 1e-6 }
    const { id } = await create({ alarm }, { alarm: { priority: 'low' } })
    const version = await upload(id, bytes('lightgbm.onnx'))
    assert.equal(version.state, 'ready', version.failure ?? '')
    assert.deepEqual(
      version.inputs.map(({ name }) => name),
      [...NAMES],
    )
    await stage.call('publishService', { params: { id } })
    const service = await scoring(stage, id)
    assert.deepEqual(
      service.outputs.map(({ name, kind, unit }) => [name, kind, unit]),
      [
        ['outside', 'boolean', '1'],
        ['estimate', 'number', 'kW'],
      ],
    )
    const from = nowSecond() + 5 * SECOND
    const used = rows.slice(0, 40)
    const column = (index: number) => (second: number) => used[second - from / SECOND]?.[index] ?? 99
    // The last three are outside of the range that the manifest tells of.
    await stage.write(keys, { speed: column(0), load: column(1), temperature: column(2) }, from, used.length + 3)
    const told = await eventually(async () => {
      const found = (await scores(stage, service, 'estimate')).filter(({ time }) => time > from)
      return found.length >= used.length ? found : undefined
    }, PATIENCE)
    for (const [i, value] of expected.slice(0, 40).entries())
      assert.ok(Math.abs((told[i]!.value as number) - value) < 1e-5, `${told[i]!.value} for ${value}`)
    const outside = await eventually(async () => {
      const found = (await scores(stage, service, 'outside')).filter(({ time }) => time > from)
      return found.length >= used.length + 2 ? found : undefined
    }, PATIENCE)
    assert.deepEqual(
      outside.slice(0, used.length + 2).map(({ value }) => value),
      [...used.map(() => false), true, true],
    )
    await eventually(async () => {
      await stage.monitoring.settled()
      const { items } = await stage.monitoring.alarms.list(stage.engineer, { state: 'all' })
      return items.some(({ message }) => message.startsWith('estimate is '))
    }, PATIENCE)
  })

  it('is refused in words that say why', async () => {
    const { id } = await create()
    const refused = async (file: Uint8Array, beside: unknown = manifest) => {
      const { state, failure } = await upload(id, file, beside)
      assert.equal(state, 'failed')
      return failure
    }
    assert.match((await refused(Buffer.from('no model'))) ?? '', /This is no ONNX model/)
    assert.match((await refused(bytes('lightgbm.onnx').subarray(0, 4000))) ?? '', /ONNX model/)
    assert.match((await refused(bytes('unknown-operator.onnx'))) ?? '', /operators that are not known here/)
    assert.match((await refused(bytes('external-data.onnx'))) ?? '', /keeps its weights in other files/)
    const other = (changes: object) => ({ ...manifest, ...changes })
    const named = inputs.map((input, i) => (i === 0 ? { ...input, signal: 'torque' } : input))
    assert.match((await refused(bytes('lightgbm.onnx'), other({ inputs: named }))) ?? '', /reads "torque"/)
    const hot = inputs.map((input, i) => (i === 0 ? { ...input, signal: 'flow', unit: 'Cel' } : input))
    assert.match(
      (await refused(bytes('lightgbm.onnx'), other({ inputs: hot }))) ?? '',
      /takes "flow" in Cel, and the signal is in m3\/h/,
    )
    assert.match((await refused(bytes('lightgbm.onnx'), other({ inputs: inputs.slice(1) }))) ?? '', /2 inputs/)
    assert.match((await refused(bytes('lightgbm.onnx'), { inputs })) ?? '', /"outputs" is missing/)
    await assert.rejects(
      stage.call('publishService', { params: { id } }),
      (error: MillwrightError) => error.code === 'MW-SERVICE-0016',
    )
    const body = { manifest, model: 'not*base64' }
    await stage.call('uploadServiceVersion', { params: { id }, body })
    await assert.rejects(
      stage.call('trainService', { params: { id } }),
      (error: MillwrightError) => error.code === 'MW-SERVICE-0008',
    )
  })

  it('has a manifest that is read strictly, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (given) => {
        assert.throws(() => readManifest(given), /The manifest/)
      }),
    )
    const odd = { ...manifest, window: 0 }
    assert.throws(() => readManifest(odd), /manifest\/window/)
    assert.throws(() => readManifest({ ...manifest, script: 'x' }), /no field "script"/)
    assert.throws(() => readManifest({ ...manifest, outputs: [{ name: 'outside' }] }), /written by the platform/)
  })
})
