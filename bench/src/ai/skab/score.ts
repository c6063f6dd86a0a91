/** The two scores of the benchmark, as its own code takes them (waico/SKAB, core/metrics.py, of the library tsad). */

/** Counts of rows, pooled over files. */
export interface Confusion {
  readonly truePositives: number
  readonly falsePositives: number
  readonly falseNegatives: number
  readonly trueNegatives: number
}

export function confusion(truth: readonly Uint8Array[], predicted: readonly Uint8Array[]): Confusion {
  let [truePositives, falsePositives, falseNegatives, trueNegatives] = [0, 0, 0, 0]
  truth.forEach((file, index) => {
    file.forEach((label, row) => {
      const found = predicted[index]![row] === 1
      if (label === 1) found ? truePositives++ : falseNegatives++
      else found ? falsePositives++ : trueNegatives++
    })
  })
  return { truePositives, falsePositives, falseNegatives, trueNegatives }
}

export const f1 = ({ truePositives, falsePositives, falseNegatives }: Confusion): number =>
  (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives)

/** Percent of the normal rows that were called anomalous. */
export const falseAlarmRate = ({ falsePositives, trueNegatives }: Confusion): number =>
  (100 * falsePositives) / (falsePositives + trueNegatives)

/** Percent of the anomalous rows that were missed. */
export const missedAlarmRate = ({ falseNegatives, truePositives }: Confusion): number =>
  (100 * falseNegatives) / (falseNegatives + truePositives)

const WINDOW = 60e6
const FALSE_POSITIVE = -0.11
const POINTS = 1000

/**
 * Change points, NAB's standard profile: the first prediction within 60 s after a change point earns 1 falling to -0.11 with its
 * delay, each prediction outside of all windows costs 0.11, a window without one costs 1; 0 is predicting nothing, 100 is perfect.
 * @param times microseconds, for each file
 */
export function changePointScore(
  times: readonly Float64Array[],
  truth: readonly Uint8Array[],
  predicted: readonly Uint8Array[],
): number {
  let score = 0
  let windows = 0
  times.forEach((file, index) => {
    const bounds = windowsOf(file, truth[index]!)
    windows += bounds.length
    const at = file.filter((_, row) => predicted[index]![row] === 1)
    score += FALSE_POSITIVE * at.filter((time) => !bounds.some(([from, to]) => time >= from && time <= to)).length
    for (const [from, to] of bounds) {
      const first = at.find((time) => time >= from && time <= to)
      score += first === undefined ? -1 : earned(from, first, to)
    }
  })
  return (100 * (score + windows)) / (2 * windows)
}

/** A window that would overlap the one before begins where that ends. */
function windowsOf(times: Float64Array, changePoint: Uint8Array): [number, number][] {
  const windows = [...times.filter((_, row) => changePoint[row] === 1)].map((time): [number, number] => [
    time,
    time + WINDOW,
  ])
  for (let i = 1; i < windows.length; i++) if (windows[i - 1]![1] >= windows[i]![0]) windows[i]![0] = windows[i - 1]![1]
  return windows
}

function earned(from: number, first: number, to: number): number {
  const place = Math.min(POINTS - 1, Math.trunc(((first - from) / (to - from)) * POINTS) || 0)
  const x = -Math.PI / 2 + (Math.PI * place) / (POINTS - 1)
  const half = (1 - FALSE_POSITIVE) / 2
  return half * (-Math.tanh(x) / Math.tanh(Math.PI / 2) + 1) + FALSE_POSITIVE
}
