import assert from 'node:assert/strict'
import { test } from 'node:test'
import { betaQuantile, fisherQuantile } from '../../distributions/beta.ts'
import { noncentralChiSquare } from '../../distributions/noncentral.ts'
import { normalCdf, normalQuantile } from '../../distributions/normal.ts'
import { gaussian, seeded } from '../../learning/random.ts'
import type { Table } from '../../learning/table.ts'
import { contributions, learnNormalRows, phaseOneLimit, phaseTwoLimit, tSquare } from './hotelling.ts'
import { inControlRunLength, mewma, mewmaLimit } from './mewma.ts'

const close = (actual: number, expected: number, within: number) =>
  assert.ok(Math.abs(actual - expected) <= within, `${actual} is not ${expected}`)

/** Three signals, the third nearly the sum of the first two. */
function rows(count: number, seed: number, shift = 0): Table {
  const random = seeded(seed)
  const columns = [0, 1, 2].map(() => new Float64Array(count))
  for (let row = 0; row < count; row++) {
    const [a, b] = [gaussian(random), gaussian(random)]
    columns[0]![row] = 10 + a + shift
    columns[1]![row] = 500 + 40 * b
    columns[2]![row] = a + b + 0.3 * gaussian(random)
  }
  return { names: ['temperature', 'pressure', 'load'], columns }
}
const rowOf = ({ columns }: Table, row: number) => columns.map((column) => column[row]!)

test('quantiles are those of the tables', () => {
  close(normalQuantile(0.975), 1.959964, 1e-6)
  close(normalQuantile(0.01), -2.326348, 1e-6)
  close(fisherQuantile(0.95, 3, 20), 3.0984, 1e-4)
  close(fisherQuantile(0.99, 2, 23), 5.6637, 1e-4)
  close(betaQuantile(0.95, 1, 1), 0.95, 1e-9)
  close(betaQuantile(0.95, 2, 3), 0.7514, 1e-4)
  // With one degree of freedom it is the square of a shifted normal variable.
  for (const [x, shift] of [
    [2, 1],
    [9, 2],
    [30, 4],
  ] as const)
    close(
      noncentralChiSquare(x, 1, shift * shift),
      normalCdf(Math.sqrt(x) - shift) - normalCdf(-Math.sqrt(x) - shift),
      1e-9,
    )
})

test('phase I and phase II limits alarm as rarely as they say', () => {
  const [M, RUNS, ALARM] = [30, 400, 0.05]
  let [one, two] = [0, 0]
  for (let each = 0; each < RUNS; each++) {
    const table = rows(M, 1000 + each)
    const normal = learnNormalRows(table)
    const [first, second] = [phaseOneLimit(normal, ALARM), phaseTwoLimit(normal, ALARM)]
    for (let row = 0; row < M; row++) if (tSquare(normal, rowOf(table, row)) > first) one++
    const fresh = rows(M, 90_000 + each)
    for (let row = 0; row < M; row++) if (tSquare(normal, rowOf(fresh, row)) > second) two++
  }
  close(one / (RUNS * M), ALARM, 0.006)
  close(two / (RUNS * M), ALARM, 0.008)
})

test('a row whose signals do not fit together is far off though each alone is usual, and the odd one is named', () => {
  const normal = learnNormalRows(rows(300, 5))
  const odd = [10.8, 530, -1.6]
  assert.ok(tSquare(normal, odd) > phaseTwoLimit(normal, 0.001))
  const [first] = contributions(normal, odd)
  assert.equal(first!.name, 'load')
  assert.ok(first!.alone < 4, 'alone it is usual')
  close(first!.expected, 1.55, 0.2)
  // The conditional term is what T² loses without the signal (Mason, Young & Tracy 1995, eq. 2).
  const without = learnNormalRows({
    names: ['temperature', 'pressure'],
    columns: rows(300, 5).columns.slice(0, 2),
  })
  close(first!.conditional, tSquare(normal, odd) - tSquare(without, odd), 1e-6)
})

test('MEWMA: limits of Lowry et al. 1992 and Prabhu & Runger 1997 for a run length of 200', () => {
  close(mewmaLimit(2, 0.1, 200), 8.66, 0.08)
  close(mewmaLimit(4, 0.1, 200), 12.73, 0.12)
  // With weight 1 it is the chi-square chart.
  close(mewmaLimit(2, 1, 200), -2 * Math.log(1 / 200), 0.25)
  assert.ok(inControlRunLength(2, 0.1, 9) > 200)
})

test('MEWMA sees a small shift that lasts, which T² does not', () => {
  const normal = learnNormalRows(rows(500, 7))
  const shifted = rows(60, 8, 0.8)
  const { points, limit } = mewma(normal, shifted)
  const first = points.findIndex((point) => point > limit)
  assert.ok(first >= 0 && first < 40, `at ${first}`)
  const alone = rows(60, 8, 0.8).columns[0]!.filter((_, row) => tSquare(normal, rowOf(shifted, row)) > limit).length
  assert.ok(points.filter((point) => point > limit).length > alone)
})

test('bad input in words: stuck, twice the same, too few, missing', () => {
  const table = rows(60, 2)
  const named = (columns: Float64Array[]) => ({ names: table.names, columns })
  assert.throws(
    () => learnNormalRows(named([table.columns[0]!, table.columns[1]!, new Float64Array(60).fill(3)])),
    /"load" is 3 in every reading/,
  )
  assert.throws(
    () => learnNormalRows(named([table.columns[0]!, table.columns[1]!, table.columns[0]!.map((v) => 2 * v)])),
    /same thing twice/,
  )
  assert.throws(() => learnNormalRows(rows(6, 1)), /at least 10 are needed/)
  assert.throws(
    () => learnNormalRows(named([table.columns[0]!, table.columns[1]!, new Float64Array(60).fill(Number.NaN)])),
    /0 usable complete rows/,
  )
  assert.ok(Number.isNaN(tSquare(learnNormalRows(table), [1, Number.NaN, 2])))
})
