/** An evaluation by our closures and by the CEL library's evaluator: `node monitoring/bench/expressions.ts`. */
import { Environment } from '@marcbachmann/cel-js'
import type { Frame } from '../src/expression/frame.ts'
import { compileRule } from '../src/expression/rule-program.ts'
import { SignalState } from '../src/watch/signal-state.ts'

const cel = new Environment().registerVariable('temperature', 'double').registerVariable('rpm', 'double')
const signals = ['temperature', 'rpm'].map(
  (name, key) => new SignalState({ key, id: name, name, kind: 'number', unit: '1' }),
)
const frame: Frame = { now: 0, since: 0, signals, windows: [], trueTimes: [] }

/** ns a call, the best of five. */
function nanoseconds(times: number, work: (i: number) => void): number {
  const runs = Array.from({ length: 5 }, () => {
    const start = performance.now()
    for (let i = 0; i < times; i++) work(i)
    return ((performance.now() - start) * 1e6) / times
  })
  return Math.round(Math.min(...runs))
}

const ROWS = [
  { condition: 'temperature > 80.0 && rpm > 1000.0', missing: false },
  { condition: 'temperature > 80 && rpm > 1000 && temperature - rpm < 5.0', missing: false },
  { condition: 'rpm > 5000.0 || temperature > 80.0', missing: true },
]

console.table(
  ROWS.map(({ condition, missing }) => {
    const { program } = compileRule({ condition, clearCondition: null }, () => 'number')
    const states = program.signals.map((name) => signals.find((signal) => signal.name === name)!)
    const ours = nanoseconds(2_000_000, (i) => {
      for (const signal of states) signal.value = signal.name === 'rpm' ? 2000 : missing ? Number.NaN : i % 100
      program.condition({ ...frame, signals: states })
    })
    const parsed = cel.parse(condition)
    const context: Record<string, number> = { rpm: 2000 }
    const library = nanoseconds(missing ? 50_000 : 2_000_000, (i) => {
      if (!missing) context.temperature = i % 100
      try {
        parsed(context)
      } catch {
        // A missing variable is an error in CEL.
      }
    })
    return { condition, value: missing ? 'one is missing' : 'all there', 'ours, ns': ours, 'library, ns': library }
  }),
)
