import type { Micros } from '@millwright/foundation'
import type { Series } from '@millwright/methods/forecast'
import type { Frame } from '@millwright/methods/series'

/** The first column of a grid with a place for every step: those without a row are missing. Rows' times are ends of steps. */
export function onSteps({ times, columns }: Frame, step: Micros): Series {
  if (times.length === 0) return { start: 0, step, values: new Float64Array(0) }
  const first = Math.round(times[0]! / step)
  const count = Math.round(times.at(-1)! / step) - first + 1
  const values = new Float64Array(count).fill(Number.NaN)
  times.forEach((time, row) => {
    values[Math.round(time / step) - first] = columns[0]![row]!
  })
  return { start: (first - 1) * step, step, values }
}
