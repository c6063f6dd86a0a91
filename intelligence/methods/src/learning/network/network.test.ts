import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MillwrightError } from '@millwright/foundation'
import { networkRunner, readNetwork, seeded, trainNetwork, writeNetwork } from '../index.ts'

const refusedAs = (code: string) => (error: unknown) => error instanceof MillwrightError && error.code === code

const random = seeded(1)
const [a, b] = [0, 1].map(() => Float64Array.from({ length: 1200 }, () => 4 * random() - 2))
const product = { names: ['p'], columns: [a!.map((value, row) => value * b![row]!)] }
const table = { names: ['a', 'b'], columns: [a!, b!] }

describe('a small network', () => {
  const validation = Int32Array.from({ length: 200 }, (_, at) => 1000 + at)
  const settings = { hidden: [24], activation: 'tanh' as const, epochs: 150, learningRate: 5e-3 }
  const { model, report } = trainNetwork(table, product, settings, { validation })
  const run = networkRunner(model)

  it('learns a product, which no line can, on rows it has not seen', () => {
    assert.ok(report.validationLoss! < 0.02, `${report.validationLoss} of a variance of 1`)
    const into = new Float64Array(1)
    run([1, -1], into)
    assert.ok(Math.abs(into[0]! + 1) < 0.25, `${into[0]} for -1`)
  })

  it('is the same from the same seed and after a file, and does not hide a missing input', () => {
    assert.deepEqual(trainNetwork(table, product, settings, { validation }).model, model)
    const [one, other] = [new Float64Array(1), new Float64Array(1)]
    run([0.3, 0.7], one)
    networkRunner(readNetwork(writeNetwork(model)))([0.3, 0.7], other)
    assert.deepEqual(one, other)
    const relu = networkRunner(trainNetwork(table, product, { hidden: [4], epochs: 2 }).model)
    relu([Number.NaN, 1], one)
    assert.ok(Number.isNaN(one[0]))
  })

  it('as an autoencoder gives back what lies on the curve it knows, and not what lies off it', () => {
    const x = a!.map((value) => value / 2)
    const curve = { names: ['x', 'y', 'z'], columns: [x, x.map((value) => value ** 2), x.map((value) => -value)] }
    const auto = networkRunner(
      trainNetwork(curve, curve, { hidden: [16, 2, 16], activation: 'tanh', epochs: 60, learningRate: 5e-3 }).model,
    )
    const error = (row: number[]) => {
      const back = new Float64Array(3)
      auto(row, back)
      return Math.hypot(...row.map((value, at) => value - back[at]!))
    }
    assert.ok(error([0.5, 0.25, -0.5]) < 0.1)
    assert.ok(error([0.5, 0.25, 0.5]) > 0.3)
  })

  it('refuses in a sentence what it cannot learn from', () => {
    const empty = { names: ['a', 'b'], columns: [a!.map(() => Number.NaN), b!] }
    assert.throws(() => trainNetwork(empty, product), refusedAs('MW-LEARN-0001'))
    assert.throws(
      () => trainNetwork({ names: ['s'], columns: [new Float64Array(1200)] }, product),
      refusedAs('MW-LEARN-0002'),
    )
    assert.throws(
      () => trainNetwork(table, { names: ['s'], columns: [new Float64Array(1200)] }),
      refusedAs('MW-LEARN-0004'),
    )
    assert.throws(() => trainNetwork(table, product, { hidden: [0] }), refusedAs('MW-LEARN-0007'))
  })
})
