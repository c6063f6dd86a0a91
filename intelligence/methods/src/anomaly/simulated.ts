import { gaussian, seeded } from '../learning/random.ts'
import type { Frame } from '../series/frame.ts'

/** A pump of the tests: flow and current follow the speed, the temperature lags behind. One row a second, unit noise of its own. */
export function simulatedPump(rows: number, seed: number, start = 1_700_000_000_000_000): Frame {
  const random = seeded(seed)
  const normal = () => gaussian(random)
  const names = ['speed', 'flow', 'current', 'temperature', 'vibration']
  const columns = names.map(() => new Float64Array(rows))
  const times = new Float64Array(rows)
  let load = 0
  let heat = 0
  for (let row = 0; row < rows; row++) {
    load = 0.95 * load + 0.3 * normal()
    heat += 0.02 * (load - heat)
    times[row] = start + row * 1e6
    const values = [
      1450 + 10 * load,
      32 + 0.5 * load + 0.1 * normal(),
      12 + 0.4 * load + 0.1 * normal(),
      60 + 5 * heat + 0.1 * normal(),
      2 + 0.2 * normal(),
    ]
    values.forEach((value, j) => {
      columns[j]![row] = value
    })
  }
  return { times, names, columns }
}
