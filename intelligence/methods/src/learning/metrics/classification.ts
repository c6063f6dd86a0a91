/** counts[truth * classes + predicted]. Classes are whole numbers from 0. */
export function confusion(truth: ArrayLike<number>, predicted: ArrayLike<number>, classes: number): Int32Array {
  const counts = new Int32Array(classes * classes)
  for (let row = 0; row < truth.length; row++) counts[truth[row]! * classes + predicted[row]!]!++
  return counts
}

export interface ClassMeasures {
  readonly precision: number
  readonly recall: number
  readonly f1: number
  /** Rows of the class. */
  readonly rows: number
}

/** Of one class against all others; 0 where a share would be of nothing. */
export function classMeasures(counts: Int32Array, of: number): ClassMeasures {
  const classes = Math.sqrt(counts.length)
  let [said, rows] = [0, 0]
  for (let other = 0; other < classes; other++) {
    said += counts[other * classes + of]!
    rows += counts[of * classes + other]!
  }
  const hits = counts[of * classes + of]!
  return {
    precision: said === 0 ? 0 : hits / said,
    recall: rows === 0 ? 0 : hits / rows,
    f1: said + rows === 0 ? 0 : (2 * hits) / (said + rows),
    rows,
  }
}

/** Mean F1 of the classes that occur. */
export function macroF1(counts: Int32Array): number {
  const measures = Array.from({ length: Math.sqrt(counts.length) }, (_, of) => classMeasures(counts, of))
  const present = measures.filter(({ rows }) => rows > 0)
  return present.reduce((sum, { f1 }) => sum + f1, 0) / present.length
}

export function accuracy(counts: Int32Array): number {
  const classes = Math.sqrt(counts.length)
  let hits = 0
  for (let of = 0; of < classes; of++) hits += counts[of * classes + of]!
  return hits / counts.reduce((sum, each) => sum + each, 0)
}

/** Area under the ROC curve: how often a row of class 1 scores above one of class 0, ties half (Mann and Whitney 1947). */
export function rocArea(truth: ArrayLike<number>, score: ArrayLike<number>): number {
  const order = Int32Array.from({ length: truth.length }, (_, at) => at).sort((a, b) => score[a]! - score[b]!)
  let [ranks, ones] = [0, 0]
  for (let first = 0; first < order.length; ) {
    let end = first
    while (end < order.length && score[order[end]!] === score[order[first]!]) end++
    for (let at = first; at < end; at++)
      if (truth[order[at]!] === 1) {
        ranks += (first + end + 1) / 2
        ones++
      }
    first = end
  }
  return (ranks - (ones * (ones + 1)) / 2) / (ones * (order.length - ones))
}
