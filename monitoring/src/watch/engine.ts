import type { ReadingBatch } from '@millwright/connectivity'
import type { Clock, Log, Micros, Subscription } from '@millwright/foundation'
import type { Commits, Equipment, EquipmentDirectory, History, LatestValues } from '../ports.ts'
import type { RuleFault, RuleFaults } from '../rules/faults.ts'
import { EvaluationClock } from './evaluation-clock.ts'
import { lookOf } from './look.ts'
import type { Machine, MachineObserver } from './machine.ts'
import { Roster } from './roster.ts'
import { Router } from './router.ts'
import type { RuleRunner } from './rule-runner.ts'
import type { RuleWatch } from './rule-watch.ts'
import type { RunningRule } from './running-rule.ts'
import { TimeKeeper } from './time-keeper.ts'
import { type ConditionTurn, conditionTurn, type TurnSink, type WatchEnd, watchKey } from './turn.ts'
import { WindowBudget } from './window-budget.ts'
import { type Delivery, Workshop } from './workshop.ts'

/** Every how manyth evaluation is measured. */
const SAMPLE = 256

export interface EngineOptions {
  readonly directory: EquipmentDirectory
  readonly history: History
  readonly commits: Commits
  readonly latest: LatestValues
  readonly sink: TurnSink
  readonly faults: Pick<RuleFaults, 'note'>
  readonly clock: Clock
  readonly log: Log
  readonly budget?: WindowBudget
}

/** An alarm that stood when the platform stopped. */
export interface StandingAlarm {
  readonly tenant: string
  readonly rule: string
  readonly equipment: string
  /** Whether its condition stood, too. */
  readonly active: boolean
  readonly raisedAt: Micros
}

/**
 * Runs all rules on all machines. Readings come with each commit and are evaluated at once. When a rule or a machine
 * changes, the machine is put together anew beside the running one, warmed from history, and then takes its place.
 */
export class Engine implements MachineObserver {
  readonly #options: EngineOptions
  readonly #roster: Roster
  readonly #workshop: Workshop
  readonly #router = new Router()
  readonly #machines = new Map<string, Machine>()
  readonly #time: TimeKeeper
  readonly #clock: EvaluationClock
  /** Conditions that stand, with the data time they were raised at. */
  readonly #active = new Map<string, Micros>()
  /** The machine each signal hangs on. */
  readonly #homes = new Map<string, string>()
  /** Nodes whose machines below have yet to learn of a change. */
  readonly #moved = new Set<string>()
  #commits: Subscription | undefined
  #told: (ConditionTurn | WatchEnd)[] = []
  #count = 0

  constructor(options: EngineOptions) {
    this.#options = options
    this.#roster = new Roster(options.directory)
    this.#clock = new EvaluationClock(options.clock)
    this.#time = new TimeKeeper(options.clock, this.#machines, () => this.#flush())
    this.#workshop = new Workshop({
      ...options,
      budget: options.budget ?? new WindowBudget(),
      roster: this.#roster,
      observer: this,
      active: this.#active,
      machines: this.#machines,
      latest: () => this.#clock.latest(),
      deliver: (built) => this.#takeOver(built),
    })
  }

  /** Starts with these rules, their faults and standing alarms; resolves when every machine is warm. */
  async start(
    rules: readonly RunningRule[],
    failed: ReadonlyMap<string, RuleFault>,
    standing: readonly StandingAlarm[],
  ): Promise<void> {
    for (const { rule, equipment, active, raisedAt } of standing) {
      if (active) this.#active.set(watchKey(rule, equipment), raisedAt)
    }
    this.#commits = this.#options.commits.onCommit((batch) => {
      try {
        this.#take(batch)
      } catch (error) {
        // The readings are stored; those who wait for that must not pay for a mistake here.
        this.#options.log.error({ err: error }, 'readings could not be evaluated')
      }
    })
    for (const rule of rules) this.#workshop.order(rule.tenant, this.#roster.set(rule, failed.get(rule.id)))
    for (const { tenant, rule, equipment } of standing) {
      if (!this.#roster.watches(tenant, rule, equipment)) this.#end(tenant, rule, equipment)
    }
    this.#flush()
    await this.settled()
  }

  async stop(): Promise<void> {
    this.#commits?.cancel()
    this.#time.stop()
    await this.#workshop.stop()
  }

  /** A rule is new or changed. */
  setRule(rule: RunningRule): void {
    const before = this.#roster.equipmentOf(rule.id)
    const after = this.#roster.set(rule)
    this.#workshop.order(rule.tenant, [...before, ...after])
    this.#endLost(rule.tenant, rule.id, before)
  }

  /** A rule is disabled or deleted: it falls silent at once, and its alarms end for this reason. */
  removeRule(tenant: string, rule: string, reason: string): void {
    const before = this.#roster.equipmentOf(rule)
    this.#roster.remove(rule)
    this.#workshop.order(tenant, before)
    this.#endLost(tenant, rule, before, reason)
  }

  /** A node of the asset tree changed, moved or went. */
  equipmentChanged(tenant: string, id: string): void {
    const { directory } = this.#options
    const equipment = directory.one(tenant, id)
    const machine = this.#machines.get(id)
    const runners = this.#roster.rulesFor(tenant, equipment)
    if (
      machine !== undefined &&
      equipment !== undefined &&
      lookOf(machine.equipment, runners) === lookOf(equipment, runners)
    ) {
      this.#adopt(machine, equipment)
    } else if (machine !== undefined || runners.length > 0) {
      this.#workshop.order(tenant, [id])
    } else if (equipment === undefined) {
      // Gone, and no rule runs on it now; but one may have, before its signals went.
      this.#endAll(tenant, id)
    }
    // Machines below carry this node's name and path. Events come by the thousand when a plant is imported.
    if (this.#moved.size === 0) setImmediate(() => this.#refreshBelow())
    this.#moved.add(id)
  }

  /** A signal is new, changed or moved: `equipment` has it now. */
  signalChanged(tenant: string, signal: string, equipment: string | null): void {
    const had = this.#homes.get(signal)
    if (had !== undefined && had !== equipment) this.#workshop.order(tenant, [had])
    if (equipment !== null) this.equipmentChanged(tenant, equipment)
  }

  /** The rule's runner, for what it watches and what troubles it. */
  runner(rule: string): RuleRunner | undefined {
    return this.#roster.runner(rule)
  }

  /** How many machines the rule watches as soon as they are put together. */
  fits(rule: string): number {
    return this.#roster.fits(rule)
  }

  /** Resolves when no machine waits to be put together. */
  settled(): Promise<void> {
    return this.#workshop.settled()
  }

  turned(machine: Machine, watch: RuleWatch, turn: 'raised' | 'returned', time: Micros): void {
    if (this.#workshop.isWarming(machine)) return
    const key = watchKey(watch.runner.rule.id, machine.equipment.id)
    if (turn === 'raised') this.#active.set(key, time)
    else this.#active.delete(key)
    this.#told.push(conditionTurn(machine, watch, turn, time + machine.lag, this.#options.latest))
  }

  failed(machine: Machine, { runner }: RuleWatch, error: unknown): void {
    const { id, tenant } = runner.rule
    const { log, faults, clock } = this.#options
    runner.faultSince = clock.now()
    if (runner.failed !== undefined) faults.note(runner.rule, runner.failed)
    log.error({ err: error, rule: id, tenant, equipment: machine.equipment.id, fault: runner.fault }, 'a rule is off')
  }

  sampled(): boolean {
    this.#count = (this.#count + 1) % SAMPLE
    return this.#count === 0
  }

  clock(): Micros {
    return this.#options.clock.steady()
  }

  #take(batch: ReadingBatch): void {
    const latest = this.#clock.latest()
    this.#workshop.hear(batch)
    const touched = this.#router.dispatch(batch, latest, this.#options.clock.steady())
    for (const { equipment } of this.#clock.leftBehind(touched, batch)) {
      this.#workshop.order(equipment.tenant, [equipment.id])
    }
    this.#flush()
    this.#time.expect(touched)
  }

  #flush(): void {
    if (this.#told.length === 0) return
    const told = this.#told
    this.#told = []
    this.#options.sink.tell(told)
  }

  #end(
    tenant: string,
    rule: string,
    equipment: string,
    reason = 'The rule does not watch this equipment any more.',
  ): void {
    this.#active.delete(watchKey(rule, equipment))
    this.#told.push({ turn: 'ended', tenant, rule, equipment, reason })
  }

  /** Ends the alarms on machines that the rule watched before and does not now. */
  #endLost(tenant: string, rule: string, before: readonly string[], reason?: string): void {
    for (const equipment of before) {
      if (!this.#roster.watches(tenant, rule, equipment)) this.#end(tenant, rule, equipment, reason)
    }
    this.#flush()
  }

  #endAll(tenant: string, equipment: string): void {
    for (const rule of this.#roster.ofTenant(tenant)) this.#end(tenant, rule, equipment, 'The equipment is gone.')
    this.#flush()
  }

  /** Puts machines to work in the place of those that were there. */
  #takeOver(built: Delivery): void {
    for (const [id, machine] of built) {
      this.#endGone(this.#machines.get(id))
      this.#exchange(id, machine)
    }
    this.#flush()
    this.#time.expect([...built.values()].filter((machine) => machine !== undefined))
  }

  /** Takes up a newer description of the same machine. */
  #adopt(machine: Machine, equipment: Equipment): void {
    machine.equipment = equipment
    for (const { id } of equipment.signals) this.#homes.set(id, equipment.id)
  }

  #refreshBelow(): void {
    for (const machine of this.#machines.values()) {
      const { id, tenant, path } = machine.equipment
      if (!path.some((node) => node !== id && this.#moved.has(node))) continue
      const equipment = this.#options.directory.one(tenant, id)
      if (equipment !== undefined) this.#adopt(machine, equipment)
    }
    this.#moved.clear()
  }

  #exchange(id: string, machine: Machine | undefined): void {
    const before = this.#machines.get(id)
    if (before !== undefined) {
      for (const signal of before.equipment.signals) this.#homes.delete(signal.id)
      this.#router.remove(before)
      before.release()
      for (const { runner } of before.watches) runner.watching--
      this.#machines.delete(id)
    }
    if (machine === undefined) return
    this.#machines.set(id, machine)
    this.#adopt(machine, machine.equipment)
    this.#router.add(machine)
    for (const watch of machine.watches) {
      watch.runner.watching++
      const { rule, stopped } = watch.runner
      const active = this.#active.has(watchKey(rule.id, id))
      if (!stopped && watch.standing.active !== active) {
        this.turned(machine, watch, watch.standing.active ? 'raised' : 'returned', machine.now)
      }
    }
  }

  /** Ends the alarms of rules that watched this machine and are not meant for it any more. */
  #endGone(before: Machine | undefined): void {
    if (before === undefined) return
    const { tenant, id } = before.equipment
    for (const { runner } of before.watches) {
      if (!runner.stopped && !this.#roster.watches(tenant, runner.rule.id, id)) this.#end(tenant, runner.rule.id, id)
    }
  }
}
