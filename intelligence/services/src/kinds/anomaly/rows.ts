import { unitSymbol } from '@millwright/foundation'
import {
  type AnomalyModel,
  type AnomalyScores,
  type Episode,
  episodeTracker,
  explain,
  explanationSentence,
} from '@millwright/methods/anomaly'
import type { Frame } from '@millwright/methods/series'
import type { EpisodeFact, Plan, Scores } from '../kind.ts'
import { NORMAL } from './settings.ts'

/** Signals kept of an episode. */
const KEPT = 20
/** While something is abnormal its explanation follows the peak: a score this much higher brings new words. */
const HIGHER = 0.02

type Row = Scores['rows'][number]

/** Turns scores into the rows of the service's signals, with words where something changes, and into episodes. */
export class AnomalyRows {
  readonly #model: AnomalyModel
  readonly #units: Readonly<Record<string, string>>
  readonly #tracker
  #said = ''
  /** Of what is abnormal now. */
  #peak: { score: number; words: string } | undefined
  /** What the episode that is open was last explained by. */
  #words = ''

  constructor(model: AnomalyModel, { inputs }: Plan) {
    this.#model = model
    this.#units = Object.fromEntries(
      inputs.flatMap(({ name, unit }) => (unit === '1' ? [] : [[name, unitSymbol(unit)]])),
    )
    this.#tracker = episodeTracker(model.signals.length)
  }

  take(scores: AnomalyScores, frame: Frame): Scores {
    const rows: Row[] = []
    const words = new Map<number, string>()
    for (let row = 0; row < scores.times.length; row++) {
      const time = scores.times[row]!
      rows.push(
        { output: 0, time, value: scores.score[row]! },
        { output: 1, time, value: scores.alarm[row]! },
        { output: 2, time, value: scores.confidence[row]! },
        { output: 3, time, value: scores.outside[row]! },
      )
      const say = this.#sentence(scores, frame, row)
      if (say !== NORMAL) words.set(time, say)
      if (say !== this.#said) rows.push({ output: 4, time, value: say })
      this.#said = say
    }
    const episodes = this.#tracker.take(scores).map((episode) => this.#told(episode, words))
    return { rows, episodes }
  }

  #sentence(scores: AnomalyScores, frame: Frame, row: number): string {
    const score = scores.score[row]!
    if (scores.alarm[row] !== 1) this.#peak = undefined
    else if (this.#peak === undefined || score > this.#peak.score + HIGHER) {
      this.#peak = { score, words: explanationSentence(explain(this.#model, scores, frame, row), this.#units) }
    }
    return this.#peak?.words ?? NORMAL
  }

  #told({ from, to, open, peak, shares }: Episode, words: ReadonlyMap<number, string>): EpisodeFact {
    // The last words of these rows that belong to it: those of its peak so far.
    const own = [...words].findLast(([time]) => time >= from && time <= to)?.[1]
    this.#words = own ?? this.#words
    const signals = Array.from(shares.keys())
      .sort((a, b) => shares[b]! - shares[a]!)
      .slice(0, KEPT)
      .map((i) => ({ name: this.#model.signals[i]!, share: shares[i]! }))
      .filter(({ share }) => share > 0)
    return {
      from,
      to: open ? null : Math.max(to, from + 1),
      peak: peak.score,
      peakAt: peak.time,
      explanation: this.#words,
      signals,
    }
  }
}
