import { gaussian, seeded } from '../../learning/random.ts'
import { HOUR, type Run } from '../run.ts'

/**
 * Machines that wear exponentially, run in two modes that shift every signal; for tests. Signals: load (the mode), two that wear, one
 * that only follows the load, one that is constant.
 */
export function simulatedRuns(count: number, seed: number, ended: Run['ended'] = 'failure'): Run[] {
  const random = seeded(seed)
  return Array.from({ length: count }, (_, at) => {
    const life = 120 + Math.floor(120 * random())
    const rows = ended === 'failure' ? life : Math.floor(life * (0.3 + 0.6 * random()))
    const load = Float64Array.from({ length: rows }, () => (random() < 0.5 ? 20 : 80) + 0.1 * gaussian(random))
    const wear = Float64Array.from({ length: rows }, (_, row) => Math.exp((5 * (row - life)) / life))
    const signal = (perLoad: number, perWear: number, noise: number) =>
      wear.map((worn, row) => perLoad * load[row]! + perWear * worn + noise * gaussian(random))
    return {
      unit: `machine ${at + 1}`,
      ended,
      frame: {
        times: Float64Array.from({ length: rows }, (_, row) => row * HOUR),
        names: ['load', 'vibration', 'temperature', 'power', 'setting'],
        columns: [load, signal(0.05, 2, 0.1), signal(0.4, 10, 1), signal(1, 0, 0.5), new Float64Array(rows).fill(7)],
      },
    }
  })
}
