import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type NabStream, nabColumns, nabCorpus } from './corpus.ts'
import { type NabProfile, nabScore } from './scorer.ts'

const pack = resolve(import.meta.dirname, '../../../../../shared/data/nab')
const skip = existsSync(pack) ? false : `there is no ${pack}`

/**
 * The benchmark's own recorded runs: scores of each row as its detectors gave them, and what its scorer made of them.
 */
describe('the NAB scorer on the golden results of the benchmark', { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'nab-'))
  let streams: NabStream[]
  let profiles: Record<string, { CostMatrix: NabProfile }>
  before(() => {
    execFileSync('tar', ['xJf', join(pack, 'results_golden.tar.xz'), '-C', folder])
    streams = nabCorpus(pack)
    profiles = JSON.parse(readFileSync(join(pack, 'config', 'profiles.json'), 'utf8'))
  })
  after(() => rmSync(folder, { recursive: true }))

  const published = JSON.parse(
    skip ? '{}' : readFileSync(join(pack, 'results', 'final_results.json'), 'utf8'),
  ) as Record<string, Record<string, number>>
  for (const detector of ['windowedGaussian', 'relativeEntropy', 'null'])
    it(`scores ${detector} as published, to ten digits`, () => {
      const scores = streams.map(({ name }) => {
        const file = name.replace('/', `/${detector}_`)
        const rows = nabColumns(readFileSync(join(folder, 'results', detector, file), 'utf8'))
        return Float64Array.from(rows, (row) => Number(row[2]))
      })
      for (const [profile, { CostMatrix }] of Object.entries(profiles)) {
        const { score, raw } = nabScore(streams, scores, CostMatrix)
        const table = readFileSync(join(folder, 'results', detector, `${detector}_${profile}_scores.csv`), 'utf8')
        const total = nabColumns(table).at(-1)!
        assert.ok(Math.abs(score - published[detector]![profile]!) < 1e-9, `${profile}: ${score}`)
        assert.ok(Math.abs(raw - Number(total[4])) < 1e-9, `${profile}: ${raw} unscaled`)
      }
    })
})
