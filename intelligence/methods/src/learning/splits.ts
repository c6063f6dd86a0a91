import { seeded, shuffled } from './random.ts'

export interface Fold {
  /** Row numbers, ascending. */
  readonly train: Int32Array
  readonly test: Int32Array
}

/** Each fold holds the same share of each class; only for rows that have no time and no machine. */
export function stratifiedFolds(classes: ArrayLike<number>, folds: number, seed: number): Fold[] {
  const place = new Int32Array(classes.length)
  const dealt = new Map<number, number>()
  for (const row of shuffled(classes.length, seeded(seed))) {
    const count = dealt.get(classes[row]!) ?? dealt.size
    place[row] = count % folds
    dealt.set(classes[row]!, count + 1)
  }
  return byPlace(place, folds)
}

/** All rows of a group (a machine, a run, a part) are in the same fold: one fold for each group, in the order they first occur. */
export function groupFolds(groups: ArrayLike<number | string>): Fold[] {
  const known = new Map<number | string, number>()
  const place = Int32Array.from({ length: groups.length }, (_, row) => {
    const group = groups[row]!
    if (!known.has(group)) known.set(group, known.size)
    return known.get(group)!
  })
  return byPlace(place, known.size)
}

/** Groups dealt to `folds` folds so that they hold about equally many rows, the largest first. */
export function groupedFolds(groups: ArrayLike<number | string>, folds: number): Fold[] {
  const sizes = new Map<number | string, number>()
  for (let row = 0; row < groups.length; row++) sizes.set(groups[row]!, (sizes.get(groups[row]!) ?? 0) + 1)
  const filled = new Int32Array(Math.min(folds, sizes.size))
  const foldOf = new Map<number | string, number>()
  for (const [group, size] of [...sizes].sort((a, b) => b[1] - a[1])) {
    const least = filled.indexOf(Math.min(...filled))
    filled[least]! += size
    foldOf.set(group, least)
  }
  return byPlace(
    Int32Array.from({ length: groups.length }, (_, row) => foldOf.get(groups[row]!)!),
    filled.length,
  )
}

/**
 * Rows in the order of time, cut into blocks: each fold tests one block and trains on the others, but for `gap` rows on either side of it, which
 * resemble their neighbours too much.
 */
export function blockFolds(rows: number, folds: number, gap: number): Fold[] {
  return Array.from({ length: Math.min(folds, rows) }, (_, fold) => {
    const [from, to] = [Math.floor((fold * rows) / folds), Math.floor(((fold + 1) * rows) / folds)]
    const all = Int32Array.from({ length: rows }, (_, row) => row)
    return {
      train: all.filter((row) => row < from - gap || row >= to + gap),
      test: all.subarray(from, to),
    }
  })
}

/** Trains on the past and tests on the last share of the rows, `gap` rows left out between. */
export function lastPart(rows: number, share: number, gap: number): Fold {
  const from = rows - Math.round(rows * share)
  const all = Int32Array.from({ length: rows }, (_, row) => row)
  return { train: all.subarray(0, Math.max(0, from - gap)), test: all.subarray(from) }
}

function byPlace(place: Int32Array, folds: number): Fold[] {
  const rows = Int32Array.from(place.keys())
  return Array.from({ length: folds }, (_, fold) => ({
    train: rows.filter((row) => place[row] !== fold),
    test: rows.filter((row) => place[row] === fold),
  }))
}
