import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gaugeStudy, type Measurement } from './gauge.ts'

/** AIAG, Measurement Systems Analysis, 4th edition, figure III-B 15: ten parts, three appraisers, three trials. */
const AIAG: Record<string, readonly (readonly number[])[]> = {
  A: [
    [0.29, -0.56, 1.34, 0.47, -0.8, 0.02, 0.59, -0.31, 2.26, -1.36],
    [0.41, -0.68, 1.17, 0.5, -0.92, -0.11, 0.75, -0.2, 1.99, -1.25],
    [0.64, -0.58, 1.27, 0.64, -0.84, -0.21, 0.66, -0.17, 2.01, -1.31],
  ],
  B: [
    [0.08, -0.47, 1.19, 0.01, -0.56, -0.2, 0.47, -0.63, 1.8, -1.68],
    [0.25, -1.22, 0.94, 1.03, -1.2, 0.22, 0.55, 0.08, 2.12, -1.62],
    [0.07, -0.68, 1.34, 0.2, -1.28, 0.06, 0.83, -0.34, 2.19, -1.5],
  ],
  C: [
    [0.04, -1.38, 0.88, 0.14, -1.46, -0.29, 0.02, -0.46, 1.77, -1.49],
    [-0.11, -1.13, 1.09, 0.2, -1.07, -0.67, 0.01, -0.56, 1.45, -1.77],
    [-0.15, -0.96, 0.67, 0.11, -1.45, -0.49, 0.21, -0.49, 1.87, -2.16],
  ],
}
const measurements: Measurement[] = Object.entries(AIAG).flatMap(([appraiser, trials]) =>
  trials.flatMap((values) => values.map((value, part) => ({ part: `${part + 1}`, appraiser, value }))),
)
const close = (actual: number | undefined, expected: number, within: number) =>
  assert.ok(Math.abs(actual! - expected) <= within, `${actual} is not ${expected}`)

test('the study of the AIAG manual: its ANOVA table and its components', () => {
  const study = gaugeStudy(measurements)
  const row = (source: string) => study.table.find((each) => each.source === source)!
  close(row('appraisers').squares, 3.1673, 1e-4)
  close(row('parts').squares, 88.3619, 1e-4)
  close(row('appraisers by parts').squares, 0.359, 1e-4)
  close(row('repeatability').squares, 2.7589, 1e-4)
  close(row('total').squares, 94.6471, 1e-4)
  close(row('appraisers by parts').f, 0.4337, 1e-3)
  assert.equal(study.interaction, false, 'it is pooled')
  const of = (name: string) => study.components.find((each) => each.name === name)!
  close(of('repeatability').sigma, 0.199933, 1e-5)
  close(of('reproducibility').sigma, 0.226838, 1e-5)
  close(of('gauge').sigma, 0.302373, 1e-5)
  close(of('parts').sigma, 1.042327, 1e-5)
  close(of('total').sigma, 1.0853, 1e-4)
  close(of('repeatability').study, 0.184, 1e-3)
  close(of('gauge').study, 0.279, 1e-3)
  close(of('parts').study, 0.96, 1e-3)
  assert.equal(study.categories, 4)
  assert.equal(study.verdict, 'marginal')
})

test('an appraiser who measures some parts differently is kept as interaction', () => {
  const odd = measurements.map((each) =>
    each.appraiser === 'C' && Number(each.part) % 2 === 0 ? { ...each, value: each.value + 1.5 } : each,
  )
  const study = gaugeStudy(odd, 10)
  assert.equal(study.interaction, true)
  const of = (name: string) => study.components.find((each) => each.name === name)!
  assert.ok(of('reproducibility').sigma > 2 * 0.226838)
  close(of('gauge').tolerance, (6 * of('gauge').sigma) / 10, 1e-12)
  close(of('gauge').contribution + of('parts').contribution, 1, 1e-9)
})

test('one appraiser, a gauge without error, and bad studies', () => {
  assert.equal(gaugeStudy(measurements.filter(({ appraiser }) => appraiser === 'A')).table[0]!.freedom, 0)
  const exact = ['1', '2', '3'].flatMap((part) =>
    ['A', 'B'].flatMap((appraiser) => [1, 2].map(() => ({ part, appraiser, value: Number(part) }))),
  )
  assert.equal(gaugeStudy(exact).categories, 1000)
  assert.throws(() => gaugeStudy(measurements.slice(1)), /Part 1 was measured .* every part equally often/s)
  assert.throws(() => gaugeStudy(measurements.map((each) => ({ ...each, value: 3 }))), /3 in every reading/)
  assert.throws(() => gaugeStudy([]), /0 usable parts/)
  assert.throws(() => gaugeStudy([{ part: '1', appraiser: 'A', value: Number.NaN }]), /no number/)
})
