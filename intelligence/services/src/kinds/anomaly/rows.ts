import type { AnomalyScores } from '@millwright/methods/anomaly'
import type { Frame } from '@millwright/methods/series'
import type { EpisodeFact, Scores } from '../kind.ts'
import { NORMAL } from './settings.ts'

/** Signals named in a sentence. */
const NAMED = 3
/** Signals kept of an episode. */
const KEPT = 20

type Row = Scores['rows'][number]

interface Running {
  readonly from: number
  peak: number
  peakAt: number
  explanation: string
  readonly sums: Float64Array
  weight: number
}

/** Turns scores into the rows of the service's signals, with words where something changes, and into episodes. */
export class AnomalyRows {
  readonly #signals: readonly string[]
  #said = ''
  #episode: Running | undefined

  constructor(signals: readonly string[]) {
    this.#signals = signals
  }

  take(scores: AnomalyScores, frame: Frame): Scores {
    const rows: Row[] = []
    const episodes = new Map<number, EpisodeFact>()
    const width = this.#signals.length
    for (let row = 0; row < scores.times.length; row++) {
      const time = scores.times[row]!
      const score = scores.score[row]!
      const alarm = scores.alarm[row]!
      const shares = scores.contributions.subarray(row * width, (row + 1) * width)
      rows.push(
        { output: 0, time, value: score },
        { output: 1, time, value: alarm },
        { output: 2, time, value: scores.confidence[row]! },
        { output: 3, time, value: scores.outside[row]! },
      )
      const words = alarm === 1 ? this.#words(shares, frame, row, scores.outside[row] === 1) : NORMAL
      const running = this.#episode
      if (alarm === 1) {
        const told = this.#add(time, score, shares, words)
        episodes.set(told.from, told)
      } else if (running !== undefined) {
        episodes.set(running.from, this.#fact(running, time))
        this.#episode = undefined
      }
      // While it is abnormal the words follow its peak: not a new sentence with every step.
      const say = alarm === 1 ? (this.#episode?.explanation ?? words) : words
      if (say !== this.#said) {
        this.#said = say
        rows.push({ output: 4, time, value: say })
      }
    }
    return { rows, episodes: [...episodes.values()] }
  }

  #add(time: number, score: number, shares: Float32Array, words: string): EpisodeFact {
    this.#episode ??= {
      from: time,
      peak: Number.NEGATIVE_INFINITY,
      peakAt: time,
      explanation: words,
      sums: new Float64Array(this.#signals.length),
      weight: 0,
    }
    const running = this.#episode
    // Only what is clearly higher brings new words.
    if (score > running.peak + 0.02) running.explanation = words
    if (score > running.peak) {
      running.peak = score
      running.peakAt = time
    }
    for (let i = 0; i < shares.length; i++) running.sums[i]! += shares[i]! * score
    running.weight += score
    return this.#fact(running, null)
  }

  #fact({ from, peak, peakAt, explanation, sums, weight }: Running, to: number | null): EpisodeFact {
    const signals = largest(sums, KEPT)
      .map((i) => ({ name: this.#signals[i]!, share: weight > 0 ? sums[i]! / weight : 0 }))
      .filter(({ share }) => share > 0)
    return { from, to, peak, peakAt, explanation, signals }
  }

  #words(shares: Float32Array, frame: Frame, row: number, outside: boolean): string {
    const named = largest(shares, NAMED)
      .filter((i, rank) => rank === 0 || shares[i]! >= 0.1)
      .map((i) => {
        const name = this.#signals[i]!
        const value = frame.columns[frame.names.indexOf(name)]?.[row]
        const now = value === undefined || Number.isNaN(value) ? '' : `, now ${Number(value.toPrecision(4))}`
        return `${name} (${Math.round(shares[i]! * 100)} %${now})`
      })
    return `Unusual: mostly ${named.join(', ')}.${outside ? ' It is outside of what was learnt.' : ''}`
  }
}

const largest = (values: Float32Array | Float64Array, count: number): number[] =>
  Array.from(values.keys())
    .sort((a, b) => values[b]! - values[a]!)
    .slice(0, count)
