import type { monitoringOperations, ReplyOf } from '@millwright/contracts'
import type { Micros } from '@millwright/foundation'

import type { Equipment, History } from '../ports.ts'
import { assembleMachine } from '../watch/assemble.ts'
import type { Machine, MachineObserver } from '../watch/machine.ts'
import { NO_LIMIT, Router } from '../watch/router.ts'
import { RuleRunner } from '../watch/rule-runner.ts'
import type { RuleWatch } from '../watch/rule-watch.ts'
import type { RunningRule } from '../watch/running-rule.ts'
import type { Turn } from '../watch/standing.ts'
import { WindowBudget } from '../watch/window-budget.ts'

export type DryRun = ReplyOf<typeof monitoringOperations.dryRun>['runs'][number]

const DRY_RUN_LIMITS = {
  machines: 25,
  /** Readings over all machines. */
  rows: 5_000_000,
  spans: 1000,
  evaluations: 10_000_000,
  /** ms of the platform's time. */
  duration: 10_000,
} as const

export type DryRunLimits = { readonly [K in keyof typeof DRY_RUN_LIMITS]: number }

const WINDOW_MEMORY = 64 * 1024 * 1024

/** Collects the spans in which the alarm would have stood. */
class Spans implements MachineObserver {
  readonly spans: { from: Micros; to: Micros | null; values: Record<string, unknown> }[] = []
  evaluations = 0
  failure: unknown
  readonly #from: Micros

  constructor(from: Micros) {
    this.#from = from
  }

  turned(_machine: Machine, watch: RuleWatch, turn: Turn, time: Micros): void {
    if (turn === 'raised') {
      const values = Object.fromEntries(watch.signals.map(({ name, shown }) => [name, shown]))
      this.spans.push({ from: time, to: null, values })
      return
    }
    const open = this.spans.at(-1)
    if (open !== undefined) open.to = time
    // What was over before the asked range is warm-up.
    if (open !== undefined && time <= this.#from) this.spans.pop()
  }

  failed(_machine: Machine, _watch: RuleWatch, error: unknown): void {
    this.failure = error
  }

  sampled(): boolean {
    this.evaluations++
    return false
  }

  clock(): Micros {
    return 0
  }

  /** The spans, those that began in the warm-up cut to the range. */
  within(): DryRun['spans'] {
    return this.spans.map((span) => ({ ...span, from: Math.max(span.from, this.#from) }))
  }
}

/**
 * When a rule would have fired between `from` and `to`: the very evaluation that runs on live data, over history.
 * Bounded; `truncated` says that a bound was met and something is left out. Gives the event loop a turn between batches.
 */
export async function dryRun(
  rule: RunningRule,
  equipment: readonly Equipment[],
  history: History,
  range: { readonly from: Micros; readonly to: Micros },
  signal: AbortSignal,
  limits: DryRunLimits = DRY_RUN_LIMITS,
): Promise<{ runs: DryRun[]; truncated: boolean }> {
  const runner = new RuleRunner(rule)
  const runs: DryRun[] = []
  const started = performance.now()
  let rows = 0
  let evaluations = 0
  const spent = () =>
    rows > limits.rows || evaluations > limits.evaluations || performance.now() - started > limits.duration

  let truncated = equipment.length > limits.machines
  for (const one of equipment.slice(0, limits.machines)) {
    const program = runner.fit(one, new Map(one.signals.map((held) => [held.name, held])))
    if (program === undefined) continue
    const spans = new Spans(range.from)
    const machine = assembleMachine(one, [{ runner, program }], range.from, 0, new WindowBudget(WINDOW_MEMORY), spans)
    const router = new Router()
    router.add(machine)
    const keys = [...router.keys]
    const from = range.from - machine.reach
    router.dispatch(await history.newest(keys, from, signal), NO_LIMIT, 0)
    let complete = true
    for await (const batch of history.raw(keys, from, range.to, signal)) {
      router.dispatch(batch, NO_LIMIT, 0)
      rows += batch.length + batch.wide.length
      await new Promise<void>((resolve) => setImmediate(resolve))
      signal.throwIfAborted()
      complete = !(spent() || spans.evaluations + evaluations > limits.evaluations || spans.spans.length > limits.spans)
      if (!complete) break
    }
    if (complete) machine.passTime(range.to - 1)
    evaluations += spans.evaluations
    if (spans.failure !== undefined) throw spans.failure
    runs.push({
      equipment: one.id,
      equipmentName: one.name,
      spans: spans.within().slice(0, limits.spans),
      signals: machine.watches.flatMap((watch) => watch.signals.map(({ id }) => id)),
      evaluations: spans.evaluations,
    })
    truncated ||= !complete
    if (!complete && spent()) break
  }
  return { runs, truncated }
}
