import type { Micros } from '@millwright/foundation'
import type { Frame } from '@millwright/methods/series'
import type { Input } from '../kinds/kind.ts'

/** Fills each missing value with the last one of its signal, as long as that stands; in place. */
export function holdGaps({ times, columns }: Frame, step: Micros, inputs: readonly Pick<Input, 'hold'>[]): void {
  for (const [i, column] of columns.entries()) {
    const reach = (inputs[i]?.hold ?? 0) * step
    let value = Number.NaN
    let until = 0
    for (let row = 0; row < column.length; row++) {
      const now = column[row]!
      if (!Number.isNaN(now)) {
        value = now
        until = times[row]! + reach
      } else if (times[row]! <= until) column[row] = value
    }
  }
}
