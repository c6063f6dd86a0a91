import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LimitTrend, quantileOf, weibayes, weibullRemaining } from '@millwright/methods/life'
import type { AiResult, AiScenario, Score } from './scenario.ts'

const BEARINGS = ['Bearing1_2', 'Bearing2_2', 'Bearing3_1']
const SAMPLES = 2560
/** Between two recordings. */
const SECONDS = 10
const HOUR = 3600
/** Shares of a life after which the remaining life is asked for. */
const ASKED = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98]
const SETTINGS = {
  indicator: 'RMS of acceleration',
  limit: "geometric mean of the others' last 2 % over their healthy level",
  ageing: { distribution: 'Weibayes of the others’ lives', shape: 1.5 },
  stepSeconds: SECONDS,
}

interface Life {
  readonly name: string
  /** In the unit of the files: only ratios count. */
  readonly rms: Float64Array
}

export const femto: AiScenario = {
  name: 'femto',
  about: 'bearings run to failure (PRONOSTIA), each predicted without labels of its own',
  pack: 'femto',
  run: async ({ data, log }) => {
    const lives = BEARINGS.map((name): Life => {
      log(name)
      return { name, rms: recordings(readFileSync(join(data, 'femto', `Learning_set_${name}_h.f32`))) }
    })
    const results = lives.map((life) =>
      predicted(
        life,
        lives.filter((other) => other !== life),
      ),
    )
    return {
      configuration: SETTINGS,
      scores: [
        ...results.flatMap((each) => each.scores),
        {
          measure: `mean challenge score after ${ASKED.map((share) => 100 * share).join(', ')} % of life`,
          ours: mean(results.map((each) => each.score)),
          others: 'winner of the challenge about 0.31, on other bearings and one point each [memory]',
        },
        {
          measure: `truths in the 90 % interval, % of ${ASKED.length * results.length} points`,
          ours: 100 * mean(results.map((each) => each.covered)),
        },
      ],
      notes: [
        'three bearings under three loads: what an earlier life says of another is little, and two of three show their wear only minutes before the end',
        ...results.map((each) => each.note),
      ],
    } satisfies AiResult
  },
}

function recordings(bytes: Buffer): Float64Array {
  const samples = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
  return Float64Array.from({ length: Math.floor(samples.length / SAMPLES) }, (_, row) => {
    const part = samples.subarray(row * SAMPLES, (row + 1) * SAMPLES)
    const middle = mean(part)
    return Math.sqrt(part.reduce((sum, each) => sum + (each - middle) ** 2, 0) / SAMPLES)
  })
}

/** Row by row as it would have come: the trend of the bearing itself, and the ageing of the others. */
function predicted({ name, rms }: Life, others: readonly Life[]) {
  const lives = Float64Array.from(others, (other) => (other.rms.length * SECONDS) / HOUR)
  const ageing = weibayes({ time: lives, failed: new Uint8Array(lives.length).fill(1) }, SETTINGS.ageing.shape)
  const ratio = Math.exp(mean(others.map((other) => Math.log(endRatio(other.rms)))))
  const horizon = mean(lives)
  const early = lowest(rms.subarray(0, 60))
  const trend = new LimitTrend({ limit: ratio * early, direction: 'rises', stepHours: SECONDS / HOUR, horizon })
  const asked = ASKED.map((share) => Math.floor(share * rms.length))
  const said: { truth: number; middle: number; low: number; high: number }[] = []
  let since: number | undefined
  rms.forEach((value, row) => {
    const age = ((row + 1) * SECONDS) / HOUR
    trend.push(age, value)
    const state = trend.state()
    since = state?.since
    if (!asked.includes(row) && row !== rms.length - 1) return
    const survival = (hours: number) => (state?.survival(hours) ?? 1) * weibullRemaining(ageing, age, hours)
    const [middle, low, high] = [0.5, 0.05, 0.95].map((p) => HOUR * quantileOf(survival, p, 4 * horizon))
    said.push({ truth: (rms.length - 1 - row) * SECONDS, middle: middle!, low: low!, high: high! })
  })
  const end = said.pop()!
  const score = mean(said.map(({ middle, truth }) => challengeScore(middle, truth)))
  const points = said.map(({ truth, middle, low, high }) =>
    [truth, ': ', middle.toFixed(0), ' (', low.toFixed(0), ' to ', high.toFixed(0), ')'].join(''),
  )
  return {
    score,
    covered: mean(said.map(({ truth, low, high }) => (truth >= low && truth <= high ? 1 : 0))),
    note: `${name}, seconds that remained: predicted (90 %): ${points.join(', ')}; failed at ${ratio.toFixed(1)} times healthy as the others did`,
    scores: [
      { measure: `${name} error at its end, s`, ours: Math.round(end.middle) },
      {
        measure: `${name} lead time of its wear, s of ${rms.length * SECONDS}`,
        ours: since === undefined ? 0 : Math.round(rms.length * SECONDS - since * HOUR),
      },
      { measure: `${name} challenge score`, ours: score },
    ] satisfies Score[],
  }
}

function endRatio(rms: Float64Array): number {
  return mean(rms.subarray(Math.floor(0.98 * rms.length))) / lowest(rms)
}

/** The lowest mean of twenty recordings: the healthy bearing, after its run-in. */
const lowest = (rms: Float64Array): number =>
  Math.min(...Array.from({ length: rms.length - 19 }, (_, at) => mean(rms.subarray(at, at + 20))))

/** PHM 2012 challenge (Nectoux et al. 2012): 1 is right, late predictions cost more than early ones. */
function challengeScore(predictedSeconds: number, truth: number): number {
  const error = (100 * (truth - predictedSeconds)) / truth
  return error <= 0 ? 2 ** (error / 5) : 2 ** (-error / 20)
}

const mean = (values: Float64Array | Float32Array | readonly number[]): number => {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}
