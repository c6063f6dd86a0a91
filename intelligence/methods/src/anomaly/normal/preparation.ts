import { f64s, fits, record, type Shaped } from '../../model-file/shape.ts'
import type { Frame } from '../../series/frame.ts'
import type { Rows } from '../detector.ts'
import { fitModes, modeOf, modesShape, soundModes } from './modes.ts'
import { robustLevel } from './statistics.ts'
import { wandering } from './wander.ts'

/** Microseconds between rows beyond which they no longer follow each other, in periods. */
const GAP = 10
/** Rows for which the last reading stands in for a missing one; then the centre of the mode does. */
const HOLD = 30
/** Gain of the level of a signal that does nothing but wander: it follows within about 25 rows. */
const FOLLOW = 0.04
/** Standard deviations that a level may be followed from that of training, and that a row counts for at most. */
const FARTHEST = 3
/** Share of its variance from which a signal is one that drifts: its level in training says little of its level later. */
const DRIFTER = 0.35
/** Gain of the level of such a signal: it follows within about 50 rows, and an episode is seen before it is absorbed. */
const DRIFTER_FOLLOW = 0.02
/** Standard deviations from its level beyond which a signal has leapt: that is no drift, and not followed. */
const LEAPT = 6
/** How far beyond the range of training a signal may go, as a share of that range, before the row is a stranger. */
const MARGIN = 0.5

/**
 * How a row of readings becomes what the detectors see: its operating mode, then centred and scaled as that mode was in training.
 * `centre` and `scale` are
 * modes x signals; `wander` is the share of each signal's variance that is slow drift to be expected; `drifter` is 1 for a signal that did little
 * else in training; `low` and `high` the range each signal had in training.
 */
export const preparationShape = record({
  period: f64s,
  centre: f64s,
  scale: f64s,
  wander: f64s,
  drifter: f64s,
  low: f64s,
  high: f64s,
  modes: modesShape,
})
export type Preparation = Shaped<typeof preparationShape>

export function fitPreparation(
  frame: Frame,
  operating: readonly number[],
  mostModes: number,
  seed: number,
): Preparation {
  const { columns, times } = frame
  const modes = fitModes(columns, operating, mostModes, seed)
  const width = columns.length
  const count = modes.count[0]!
  const centre = new Float64Array(count * width)
  const scale = new Float64Array(count * width)
  const wander = new Float64Array(width)
  const drifter = new Float64Array(width)
  const low = new Float64Array(width)
  const high = new Float64Array(width)
  const row = new Float64Array(width)
  const assigned = Int32Array.from(times, (_, at) => {
    for (let j = 0; j < width; j++) row[j] = columns[j]![at]!
    return modeOf(modes, row)
  })
  columns.forEach((column, j) => {
    const all = robustLevel(column)
    const levels = Array.from({ length: count }, (_, mode) =>
      count === 1 ? all : robustLevel(column.filter((_, at) => assigned[at] === mode)),
    )
    // A signal that rests in one mode is not infinitely precise there, and one that was never seen in it is not unknown.
    const least = 0.01 * all.scale
    const known = levels.map(({ centre, scale }) =>
      Number.isFinite(centre) ? { centre, scale: Math.max(scale, least) } : all,
    )
    const within = column.map((value, at) => value - known[assigned[at]!]!.centre)
    const { deviation: drift, share } = wandering(within)
    wander[j] = drift ** 2 / (drift ** 2 + robustLevel(within).scale ** 2 || 1)
    drifter[j] = share > DRIFTER ? 1 : 0
    known.forEach((level, mode) => {
      centre[mode * width + j] = level.centre
      scale[mode * width + j] = Math.hypot(level.scale, drift)
    })
    low[j] = Number.POSITIVE_INFINITY
    high[j] = Number.NEGATIVE_INFINITY
    for (const value of column) {
      if (value < low[j]!) low[j] = value
      if (value > high[j]!) high[j] = value
    }
  })
  return { period: Float64Array.of(medianPeriod(times)), centre, scale, wander, drifter, low, high, modes }
}

export function medianPeriod(times: Float64Array): number {
  if (times.length < 2) return 1e6
  const steps = new Float64Array(times.length - 1)
  for (let row = 1; row < times.length; row++) steps[row - 1] = times[row]! - times[row - 1]!
  return steps.sort()[steps.length >> 1]!
}

const within = (value: number, bound: number): number => Math.max(-bound, Math.min(bound, value))

/** Makes rows of readings into rows for the detectors, one after the other; remembers the last readings. */
export class Preparer {
  readonly width: number
  /** The last row: robust standard deviations from the centre of its mode. */
  readonly values: Float64Array
  mode = 0
  /** Share of the signals that had a reading. */
  present = 1
  /** Whether the row follows on the one before. */
  starts = true
  /** Signals beyond the range of training, by a margin. */
  outside = 0
  readonly #preparation: Preparation
  readonly #row: Float64Array
  readonly #age: Int32Array
  readonly #offset: Float64Array
  #time = Number.NEGATIVE_INFINITY

  constructor(preparation: Preparation, width: number) {
    const { centre, scale, wander, drifter, low, high, modes, period } = preparation
    fits(soundModes(modes, width), 'modes', `for ${width} signals`)
    const cells = modes.count[0]! * width
    const whole =
      centre.length === cells &&
      scale.length === cells &&
      low.length === width &&
      high.length === width &&
      wander.length === width &&
      drifter.length === width
    const sound = scale.every((each) => each > 0) && wander.every((each) => each >= 0) && period[0]! > 0
    fits(whole && sound && period.length === 1, 'preparation', `for ${width} signals`)
    this.#preparation = preparation
    this.width = width
    this.values = new Float64Array(width)
    this.#row = new Float64Array(width).fill(Number.NaN)
    this.#age = new Int32Array(width)
    this.#offset = new Float64Array(width)
  }

  /**
   * Lets the level of signals that wander follow the last row, slowly: a local level model (Harvey, Forecasting, Structural Time Series Models,
   * 1989, 4.1) with a gain far below its best one. Signals that did little but drift in training are followed whatever happens, except over a
   * leap: only how fast they move says something, and what they did while the others were strange is no fault afterwards. All others are
   * followed in calm, and bounded, so that a slow fault is not learned as normal.
   */
  follow(calm: boolean): void {
    const { wander, drifter } = this.#preparation
    for (let j = 0; j < this.width; j++) {
      const value = this.values[j]!
      const step = within(value, FARTHEST)
      if (drifter[j] === 1) this.#offset[j]! += Math.abs(value) > LEAPT ? 0 : DRIFTER_FOLLOW * step
      else if (calm) this.#offset[j] = within(this.#offset[j]! + FOLLOW * wander[j]! * step, FARTHEST)
    }
  }

  /** @param columns one for each signal, in the order of training; undefined where the signal is not given at all */
  take(time: number, columns: readonly (Float64Array | undefined)[], at: number): void {
    const { centre, scale, low, high, modes, period } = this.#preparation
    const { width, values } = this
    const row = this.#row
    this.starts = time - this.#time > GAP * period[0]!
    this.#time = time
    let present = 0
    let outside = 0
    for (let j = 0; j < width; j++) {
      const value = columns[j]?.[at] ?? Number.NaN
      if (Number.isFinite(value)) {
        row[j] = value
        this.#age[j] = 0
        present++
        const margin = MARGIN * (high[j]! - low[j]!)
        if (value < low[j]! - margin || value > high[j]! + margin) outside++
      } else if (this.starts || ++this.#age[j]! > HOLD) row[j] = Number.NaN
    }
    this.present = present / width
    this.outside = outside
    this.mode = modeOf(modes, row)
    const base = this.mode * width
    for (let j = 0; j < width; j++) {
      const value = row[j]!
      values[j] = Number.isNaN(value) ? 0 : (value - centre[base + j]!) / scale[base + j]! - this.#offset[j]!
    }
  }
}

/** The rows of a frame as the detectors see them. */
export function preparedRows(preparation: Preparation, frame: Frame): Rows {
  const width = frame.columns.length
  const preparer = new Preparer(preparation, width)
  const count = frame.times.length
  const values = new Float64Array(count * width)
  const starts = new Uint8Array(count)
  for (let row = 0; row < count; row++) {
    preparer.take(frame.times[row]!, frame.columns, row)
    values.set(preparer.values, row * width)
    starts[row] = preparer.starts ? 1 : 0
    preparer.follow(false)
  }
  return { count, width, values, starts, times: frame.times, wander: preparation.wander }
}
