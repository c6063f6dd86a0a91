/** Ends and ticks of an axis that reaches at least to `most`, at round numbers, `count` or a few more of them. */
export function ticks(most: number, count: number): number[] {
  if (!(most > 0)) return [0]
  const rough = most / count
  const size = 10 ** Math.floor(Math.log10(rough))
  const step = size * ([1, 2, 5, 10].find((each) => each * size >= rough) ?? 10)
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, n) => n * step)
}

/** The highest of several lines for each pixel column, so that no line is lost between two. */
export function outline(amplitude: readonly number[], columns: number, from = 0, to = amplitude.length): number[] {
  const count = Math.max(1, Math.min(columns, to - from))
  return Array.from({ length: count }, (_, n) => {
    const first = from + Math.floor((n * (to - from)) / count)
    const last = Math.max(first + 1, from + Math.floor(((n + 1) * (to - from)) / count))
    let most = 0
    for (let k = first; k < last; k++) most = Math.max(most, amplitude[k] ?? 0)
    return most
  })
}
