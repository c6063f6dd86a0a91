import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gaussian, seeded } from '../../learning/random.ts'
import type { Table } from '../../learning/table.ts'
import { causeDefaults, rankCauses } from './causes.ts'
import { falseDiscovery, mannWhitney, spearman } from './differences.ts'
import { readPartModel, writePartModel } from './model.ts'
import { partPredictor } from './predictor.ts'
import { fillRecent } from './recent.ts'
import { trainParts } from './train.ts'
import { partSentence } from './words.ts'

/**
 * Parts whose diameter depends on temperature, and on whether they slipped: then power is low for the wear of the tool, though
 * neither is unusual alone. Noise has no influence.
 */
function parts(
  count: number,
  seed: number,
  slips = 0.06,
): { features: Table; diameter: Float64Array; bad: Float64Array } {
  const random = seeded(seed)
  const names = ['OP10 power mean', 'OP10 tool_wear mean', 'OP10 temperature mean', 'OP10 noise mean']
  const columns = names.map(() => new Float64Array(count))
  const diameter = new Float64Array(count)
  for (let row = 0; row < count; row++) {
    const wear = (row * 7) % 100
    const slip = random() < slips
    const temperature = 47 + 2 * gaussian(random)
    columns[0]![row] = (3 + 0.02 * wear) * (slip ? 0.75 : 1) + 0.02 * gaussian(random)
    columns[1]![row] = wear
    columns[2]![row] = temperature
    columns[3]![row] = gaussian(random)
    diameter[row] = 40 - 0.002 * (temperature - 47) + (slip ? 0.05 : 0) + 0.004 * gaussian(random)
  }
  return {
    features: { names, columns },
    diameter,
    bad: diameter.map((value) => (Math.abs(value - 40) > 0.025 ? 1 : 0)),
  }
}
const rowOf = ({ columns }: Table, row: number) => columns.map((column) => column[row]!)
const limits = { lower: 39.975, upper: 40.025 }
const costs = { miss: 50, falseReject: 5 }

const value = (() => {
  const { features, diameter } = parts(420, 1)
  return trainParts(features, { task: 'value', results: diameter, limits, costs })
})()

test('virtual metrology: the value with its interval, and parts are taken out by several signals together', () => {
  const { model, report } = value
  assert.ok(report.trial!.rmse! < 0.012, `${report.trial!.rmse}`)
  assert.ok(report.trial!.covered! > 0.8)
  assert.ok(report.trial!.caught >= 0.7 * report.trial!.bad && report.trial!.bad >= 3)
  assert.ok(report.trial!.cost < 0.5 * report.trial!.costWithout)
  assert.equal(report.table.split, 'time')
  const predictor = partPredictor(readPartModel(writePartModel(model)))
  const fresh = parts(400, 77)
  let [caught, bad, rejected, covered] = [0, 0, 0, 0]
  for (let row = 0; row < 400; row++) {
    const found = predictor.row(rowOf(fresh.features, row))
    const [low, high] = found.interval!
    if (fresh.diameter[row]! >= low && fresh.diameter[row]! <= high) covered++
    if (fresh.bad[row] === 1) bad++
    if (found.divert && fresh.bad[row] === 1) caught++
    if (found.divert && fresh.bad[row] === 0) rejected++
  }
  assert.ok(caught / bad > 0.85, `${caught} of ${bad} caught`)
  assert.ok(rejected < 12, `${rejected} good parts rejected`)
  assert.ok(covered > 330, `${covered} of 400 within the interval`)
})

test('why: the inputs that speak for a reject, in words with what good parts have', () => {
  const predictor = partPredictor(value.model)
  const slipped = [(3 + 0.02 * 60) * 0.75, 60, 47, 0]
  const found = predictor.row(slipped)
  const reasons = predictor.why(slipped, 5)
  assert.equal(found.divert, true)
  assert.match(reasons[0]!.name, /power|wear/)
  assert.equal(reasons[0]!.towardsFailing, true)
  const said = partSentence(found, reasons, { result: 'diameter', unit: 'mm' })
  assert.match(said, /^diameter 40\.0\d+ \(.*\) mm expected; .*\d+ % probability of a reject, taken out\. Why: /)
  assert.match(said, /power mean is 3\.15 where the other readings lead to expect 4\.\d+/)
  const strange = predictor.row([9, 60, 90, 0])
  assert.ok(strange.strange > 1)
  assert.match(partSentence(strange, [], { result: 'diameter', unit: 'mm' }), /Unlike the parts learnt from/)
})

test('pass or fail: the threshold follows the costs', () => {
  const { features, bad } = parts(420, 3, 0.1)
  const train = (miss: number, falseReject: number) =>
    trainParts(features, { task: 'verdict', results: bad, limits: {}, costs: { miss, falseReject } })
  const careful = train(100, 1)
  const generous = train(1, 10)
  assert.ok(careful.model.threshold <= generous.model.threshold)
  const predictor = partPredictor(readPartModel(writePartModel(careful.model)))
  const fresh = parts(300, 78, 0.1)
  const caught = Array.from(fresh.bad.keys()).filter(
    (row) => fresh.bad[row] === 1 && predictor.row(rowOf(fresh.features, row)).divert,
  )
  const all = fresh.bad.reduce((sum, each) => sum + each, 0)
  assert.ok(caught.length / all > 0.85, `${caught.length} of ${all}`)
})

test('causes: what drives the diameter stands first and is confirmed, noise is not', () => {
  const { features, diameter } = parts(420, 1)
  const causes = rankCauses(value.model, features, diameter)
  assert.equal(causes[0]!.name, 'OP10 power mean')
  assert.equal(causes[0]!.confirmed, true)
  const noise = causes.find(({ name }) => name.includes('noise'))!
  assert.equal(noise.confirmed, false)
  assert.ok(noise.share < 0.1)
  assert.ok(Math.abs(causes.reduce((sum, { share }) => sum + share, 0) - 1) < 1e-9)
  assert.equal(causeDefaults.falseDiscovery, 0.05)
})

test('tests of difference: published and computed elsewhere', () => {
  // Mann & Whitney by hand: of 3 and 4 values U = 0, exact p = 2/35.
  const p = mannWhitney(Float64Array.of(1, 2, 3), Float64Array.of(4, 5, 6, 7))
  assert.ok(Math.abs(p - 0.0518) < 0.001, `${p}`)
  assert.ok(Number.isNaN(mannWhitney(Float64Array.of(1, 2), Float64Array.of(4, 5, 6, 7))))
  const { correlation } = spearman(Float64Array.of(1, 2, 3, 4, 5), Float64Array.of(5, 6, 7, 8, 7))
  assert.ok(Math.abs(correlation - 0.8208) < 1e-4, 'the example of scipy.stats.spearmanr')
  // Benjamini & Hochberg 1995, section 3.2: of these fifteen four are kept at 0.05.
  const given = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
  ]
  assert.equal(falseDiscovery(given).filter((q) => q <= 0.05).length, 4)
})

test('earlier results never look ahead', () => {
  const into = new Float64Array(1)
  const results = [1, 2, 3, 4, 5, 6, 7].map((at) => ({ time: at * 10, value: at }))
  fillRecent(results, 65, into, 0)
  assert.equal(into[0], 4)
  fillRecent(results, 5, into, 0)
  assert.ok(Number.isNaN(into[0]!))
})

test('bad input in words: no labels, one result, nothing that varies, damaged file', () => {
  const { features, diameter, bad } = parts(100, 5)
  const given = { task: 'value', results: diameter, limits, costs } as const
  assert.throws(
    () => trainParts(features, { ...given, results: new Float64Array(100).fill(Number.NaN) }),
    /Only 0 parts .* serial numbers/,
  )
  assert.throws(
    () => trainParts(features, { ...given, task: 'verdict', results: bad.map(() => 0) }),
    /All 100 parts are good/,
  )
  assert.throws(() => trainParts(features, { ...given, limits: {} }), /at least one is needed/)
  assert.throws(() => trainParts(features, { ...given, costs: { miss: 0, falseReject: 1 } }), /both are above 0/)
  assert.throws(() => trainParts(features, { ...given, results: new Float64Array(100).fill(40) }), /40 in every row/)
  const still = { names: features.names, columns: features.columns.map((column) => column.map(() => 1)) }
  assert.throws(() => trainParts(still, given), /constant or missing/)
  assert.throws(() => readPartModel(new Uint8Array(100)), /cannot be|not|model/i)
})
