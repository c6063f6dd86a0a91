import type { Frame } from '../series/frame.ts'
import { pickRows, scoreRows } from './detector.ts'
import { detectors, type MethodName } from './methods/index.ts'
import { type Preparation, preparedRows } from './normal/preparation.ts'
import type { AnomalySettings } from './settings.ts'

/** Pieces of time that the history is cut into: each is scored by what was fitted to the others. */
export const PIECES = 4
/** Rows before a part that are shown to a method so that it has warmed up. */
const CONTEXT = 120

export interface HeldOut {
  readonly method: MethodName
  /** One for each row of the history: raw scores; NaN where the method warms up. */
  readonly raw: Float64Array
}

/** What is held fixed over all parts. */
export interface Split {
  readonly frame: Frame
  /** 1 for rows of normal running: only these are learned from. */
  readonly normal: Uint8Array
  readonly preparation: Preparation
  readonly settings: AnomalySettings
}

/**
 * Validation by blocks of time (Bergmeir & Benitez, Inf. Sci. 191 (2012) 192): no row is scored by a model that has seen it or its
 * neighbours. What drift does after the history is no matter of this: signals that wander are scaled for it.
 */
export function heldOutScores(split: Split, done: (fraction: number) => void): readonly HeldOut[] {
  const { frame, normal, preparation, settings } = split
  const rows = frame.times.length
  // Prepared once, as live: the level of a signal that drifts is that of the rows just before, whichever piece they are in.
  const prepared = preparedRows(preparation, frame)
  const all = Int32Array.from({ length: rows }, (_, row) => row)
  const results = settings.methods.map((method) => ({ method, raw: new Float64Array(rows).fill(Number.NaN) }))
  for (let piece = 0; piece < PIECES; piece++) {
    const from = Math.floor((piece * rows) / PIECES)
    const end = Math.floor(((piece + 1) * rows) / PIECES)
    const others = all.filter((row) => (row < from || row >= end) && normal[row] === 1)
    const fitted = pickRows(prepared, others)
    const first = Math.max(0, from - CONTEXT)
    const scored = pickRows(prepared, all.subarray(first, end))
    results.forEach(({ method, raw }, index) => {
      const detector = detectors[method]
      if (fitted.count < detector.least(fitted.width)) return
      const model = detector.fit(fitted, settings)
      if (model === undefined) return
      const scorer = detector.scorer(model, fitted.width)
      raw.set(scoreRows(scorer, scored).subarray(from - first), from)
      done((piece + (index + 1) / results.length) / PIECES)
    })
  }
  return results
}
