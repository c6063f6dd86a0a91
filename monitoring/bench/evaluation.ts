/** What evaluation costs, as a share of one core: `node monitoring/bench/evaluation.ts`. Figures in docs/adr/0040. */
import { evaluationLoad } from '../src/testing/load.ts'

const rows = [
  { name: '20 class rules on 100 machines', machines: 100, hertz: 300, rulesEach: 20 },
  { name: '20 rules, one machine each', machines: 100, hertz: 300, rulesEach: 1, watched: 20 },
  { name: 'no rule', machines: 100, hertz: 300, rulesEach: 0 },
  { name: 'one class rule on 10,000 machines', machines: 10_000, hertz: 1, rulesEach: 1, signals: 2 },
]

console.table(
  rows.map(({ name, ...load }) => {
    const { points, evaluations, share, windowBytes } = evaluationLoad({ ...load, seconds: 5 })
    return {
      load: name,
      'points/s': Math.round(points),
      'evaluations/s': Math.round(evaluations),
      'share of a core': `${(share * 100).toFixed(1)} %`,
      windows: `${(windowBytes / 1e6).toFixed(1)} MB`,
    }
  }),
)
