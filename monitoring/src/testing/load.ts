/** A synthetic load on the evaluation alone: no engine, no database, commits of 50 ms as the historian makes them. */
import { ReadingBatch } from '@millwright/connectivity'
import { assembleMachine } from '../watch/assemble.ts'
import type { MachineObserver } from '../watch/machine.ts'
import { NO_LIMIT, Router } from '../watch/router.ts'
import { RuleRunner } from '../watch/rule-runner.ts'
import { WindowBudget } from '../watch/window-budget.ts'
import { MemoryPlant, runningRule } from './plant.ts'

/** Of every kind there is, and false almost always, as rules are. */
const LOAD_RULES = [
  'avg(s0, "1m") > 80.0 && s1 > 1000.0',
  's0 > 99.9',
  'max(s3, "10s") - min(s3, "10s") > 200.0',
  'noData(s4, "30s")',
  'rate(s5, "10s") > 1000.0',
  's6 > 80.0 && s7 > 80.0 && s8 > 80.0 && s9 > 99.0',
  'stddev(s1, "1m") > 100.0',
  's2 * 2 + s3 > 500',
  'avg(s0, "5m") > 99.0',
  'count(s9, "1m") < 1',
  'trueFor(s0 > 50.0, "1m") > 70.0',
  's8 > 200.0 || s9 > 200.0',
  'delta(s7) > 200.0',
  'min(s6, "1m") > 80.0',
  'avg(s4, "10s") > avg(s4, "5m") * 2',
  'age(s0) > 30.0',
  's5 > 101.0',
  's3 > 101.0',
  'quality(s2) == "bad"',
  's1 > 101.0 && s1 < 1.0',
] as const

/** A second. */
const COMMITS = 20

export interface Load {
  readonly machines: number
  /** Messages a second and machine, each with a reading of every signal. */
  readonly hertz: number
  readonly rulesEach: number
  /** Machines that have rules at all; default: all. */
  readonly watched?: number
  readonly signals?: number
  readonly seconds: number
}

/**
 * @returns points and evaluations a second, and the share of one core once warm, in time of the processor:
 * what others run beside it does not count
 */
export function evaluationLoad({ machines, hertz, rulesEach, watched = machines, signals = 10, seconds }: Load) {
  const start = Date.UTC(2026, 0, 1) * 1000
  const plant = new MemoryPlant()
  const router = new Router()
  const budget = new WindowBudget()
  let evaluations = 0
  const observer: MachineObserver = {
    turned() {},
    failed(_machine, { runner }, error) {
      throw new Error(runner.fault, { cause: error })
    },
    sampled() {
      evaluations++
      return false
    },
    clock: () => 0,
  }
  const runners = LOAD_RULES.slice(0, rulesEach).map((condition) => new RuleRunner(runningRule({ condition })))
  const kinds = Object.fromEntries(Array.from({ length: signals }, (_, i) => [`s${i}`, 'number' as const]))
  const keys: number[][] = []
  for (let m = 0; m < machines; m++) {
    const machine = plant.addMachine(`M-${m}`, kinds)
    keys.push(machine.signals.map(({ key }) => key))
    if (rulesEach === 0 || m >= watched) continue
    const byName = new Map(machine.signals.map((signal) => [signal.name, signal]))
    const fitted = runners.map((runner) => ({ runner, program: runner.fit(machine, byName)! }))
    router.add(assembleMachine(machine, fitted, start, start, budget, observer))
  }

  const interval = 1_000_000 / hertz
  const next = Array.from({ length: machines }, (_, m) => start + (m / machines) * interval)
  const commits = Array.from({ length: COMMITS }, () => new ReadingBatch(1 << 15))
  const ends: number[] = []
  const spent: number[] = []
  let points = 0
  let time = start
  for (let second = 0; second < seconds; second++) {
    for (const [i, batch] of commits.entries()) {
      batch.clear()
      time += 1_000_000 / COMMITS
      ends[i] = time
      for (let m = 0; m < machines; m++) {
        for (; next[m]! < time; next[m]! += interval) {
          for (const key of keys[m]!) batch.push(key, Math.round(next[m]!), Math.random() * 100, 0)
        }
      }
      points += batch.length
    }
    const before = process.threadCpuUsage()
    for (const [i, batch] of commits.entries()) router.dispatch(batch, NO_LIMIT, ends[i]!)
    const { user, system } = process.threadCpuUsage(before)
    spent.push(user + system)
  }
  return {
    points: points / seconds,
    evaluations: evaluations / seconds,
    share: mean(spent.slice(Math.floor(seconds / 2))) / 1_000_000,
    windowBytes: budget.used,
  }
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length
