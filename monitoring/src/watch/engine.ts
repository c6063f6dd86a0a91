import { ReadingBatch } from '@millwright/connectivity'
import { type Clock, type Log, MINUTE, type Micros, SECOND, type Subscription } from '@millwright/foundation'
import type { Commits, Equipment, EquipmentDirectory, History } from '../ports.ts'
import { assembleMachine, type Fitted } from './assemble.ts'
import type { Machine, MachineObserver } from './machine.ts'
import { Roster } from './roster.ts'
import { Router } from './router.ts'
import type { RuleRunner } from './rule-runner.ts'
import type { RuleWatch } from './rule-watch.ts'
import type { RunningRule } from './running-rule.ts'
import { TimeKeeper } from './time-keeper.ts'
import { type ConditionTurn, conditionTurn, type TurnSink, type WatchEnd, watchKey } from './turn.ts'
import { copyWhere, warmUp } from './warm-up.ts'
import { WindowBudget } from './window-budget.ts'

/** Readings stamped further ahead than this are not evaluated: one wrong clock would make all others late. */
const AHEAD = MINUTE
/** Machines put together in one go, and read from history in one query. */
const TOGETHER = 500
/** Every how manyth evaluation is measured. */
const SAMPLE = 256

export interface EngineOptions {
  readonly directory: EquipmentDirectory
  readonly history: History
  readonly commits: Commits
  readonly sink: TurnSink
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
  readonly #budget: WindowBudget
  readonly #roster: Roster
  readonly #router = new Router()
  readonly #machines = new Map<string, Machine>()
  readonly #time: TimeKeeper
  /** Conditions that stand, with the data time they were raised at. */
  readonly #active = new Map<string, Micros>()
  readonly #warming = new Set<Machine>()
  /** Machines to be put together anew, by id, with their tenant. */
  readonly #dirty = new Map<string, string>()
  /** Readings that came while machines are being warmed. */
  #tail: { keys: Set<number>; batch: ReadingBatch } | undefined
  #work: Promise<void> | undefined
  #commits: Subscription | undefined
  readonly #stopping = new AbortController()
  /** The machine each signal hangs on. */
  readonly #homes = new Map<string, string>()
  /** Nodes whose machines below have yet to learn of a change. */
  readonly #moved = new Set<string>()
  #told: (ConditionTurn | WatchEnd)[] = []
  #count = 0

  constructor(options: EngineOptions) {
    this.#options = options
    this.#budget = options.budget ?? new WindowBudget()
    this.#roster = new Roster(options.directory)
    this.#time = new TimeKeeper(options.clock, this.#machines, () => this.#flush())
  }

  /** Starts with these rules and standing alarms; resolves when every machine is warm. */
  async start(rules: readonly RunningRule[], standing: readonly StandingAlarm[]): Promise<void> {
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
    for (const rule of rules) this.#soil(rule.tenant, this.#roster.set(rule))
    for (const { tenant, rule, equipment } of standing) {
      if (!this.#roster.watches(tenant, rule, equipment)) this.#end(tenant, rule, equipment)
    }
    this.#flush()
    await this.settled()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#commits?.cancel()
    this.#time.stop()
    await this.#work?.catch(() => {})
  }

  /** A rule is new or changed. */
  setRule(rule: RunningRule): void {
    const before = this.#roster.equipmentOf(rule.id)
    const after = this.#roster.set(rule)
    this.#soil(rule.tenant, [...before, ...after])
    this.#endLost(rule.tenant, rule.id, before)
  }

  /** A rule is disabled or deleted: it falls silent at once, and its alarms end for this reason. */
  removeRule(tenant: string, rule: string, reason: string): void {
    const before = this.#roster.equipmentOf(rule)
    this.#roster.remove(rule)
    this.#soil(tenant, before)
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
      this.#soil(tenant, [id])
    }
    // Machines below carry this node's name and path. Events come by the thousand when a plant is imported.
    if (this.#moved.size === 0) setImmediate(() => this.#refreshBelow())
    this.#moved.add(id)
  }

  /** A signal is new, changed or moved: `equipment` has it now. */
  signalChanged(tenant: string, signal: string, equipment: string | null): void {
    const had = this.#homes.get(signal)
    if (had !== undefined && had !== equipment) this.#soil(tenant, [had])
    if (equipment !== null) this.equipmentChanged(tenant, equipment)
  }

  /** The rule's runner, for what it watches and what troubles it. */
  runner(rule: string): RuleRunner | undefined {
    return this.#roster.runner(rule)
  }

  /** Resolves when no machine waits to be put together. */
  async settled(): Promise<void> {
    while (this.#work !== undefined) await this.#work
  }

  turned(machine: Machine, watch: RuleWatch, turn: 'raised' | 'returned', time: Micros): void {
    if (this.#warming.has(machine)) return
    const key = watchKey(watch.runner.rule.id, machine.equipment.id)
    if (turn === 'raised') this.#active.set(key, time)
    else this.#active.delete(key)
    this.#told.push(conditionTurn(machine, watch, turn, time))
  }

  failed(machine: Machine, watch: RuleWatch, error: unknown): void {
    const { id, tenant } = watch.runner.rule
    this.#options.log.error(
      { err: error, rule: id, tenant, equipment: machine.equipment.id },
      'a rule failed and is off',
    )
  }

  sampled(): boolean {
    this.#count = (this.#count + 1) % SAMPLE
    return this.#count === 0
  }

  clock(): Micros {
    return this.#options.clock.now()
  }

  #take(batch: ReadingBatch): void {
    const now = this.#options.clock.now()
    const tail = this.#tail
    if (tail !== undefined) copyWhere(batch, tail.batch, (key) => tail.keys.has(key))
    const touched = this.#router.dispatch(batch, now + AHEAD, now)
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

  #soil(tenant: string, equipment: Iterable<string>): void {
    for (const id of equipment) this.#dirty.set(id, tenant)
    if (this.#dirty.size > 0 && this.#work === undefined && !this.#stopping.signal.aborted) {
      this.#work = this.#clean().finally(() => {
        this.#work = undefined
      })
    }
  }

  async #clean(): Promise<void> {
    // Changes come in bursts: let the rest of this one arrive.
    await new Promise<void>((resolve) => setImmediate(resolve))
    while (this.#dirty.size > 0 && !this.#stopping.signal.aborted) {
      const some = [...this.#dirty].slice(0, TOGETHER)
      for (const [id] of some) this.#dirty.delete(id)
      try {
        await this.#rebuild(some)
      } catch (error) {
        if (this.#stopping.signal.aborted) return
        this.#options.log.error(
          { err: error, machines: some.length },
          'machines could not be warmed from history; trying again',
        )
        await this.#pause(SECOND)
        for (const [id, tenant] of some) this.#dirty.set(id, tenant)
      }
    }
  }

  /** Waits, unless the platform stops. */
  async #pause(time: Micros): Promise<void> {
    const { signal } = this.#stopping
    await new Promise<void>((resolve) => {
      const timer = this.#options.clock.after(time, resolve)
      signal.addEventListener('abort', () => {
        timer.cancel()
        resolve()
      })
    })
  }

  async #rebuild(some: readonly (readonly [string, string])[]): Promise<void> {
    const { directory, history, clock } = this.#options
    const now = clock.now()
    const fresh = new Map<string, Machine | undefined>()
    for (const [id, tenant] of some) {
      const equipment = directory.one(tenant, id)
      this.#endGone(tenant, id, equipment)
      if (equipment === undefined) this.#roster.forget(id)
      fresh.set(id, equipment === undefined ? undefined : this.#assemble(equipment, now))
    }
    const machines = [...fresh.values()].filter((machine) => machine !== undefined)
    const keys = new Set(machines.flatMap((machine) => [...machine.signals].map(({ key }) => key)))
    for (const machine of machines) this.#warming.add(machine)
    this.#tail = { keys, batch: new ReadingBatch(256) }
    try {
      await warmUp(machines, history, now + AHEAD, this.#stopping.signal)
      // From here on nothing is awaited: no commit comes between the tail and the exchange.
      const router = new Router()
      for (const machine of machines) router.add(machine)
      router.dispatch(this.#tail.batch, clock.now() + AHEAD, clock.now())
      for (const machine of machines) this.#restore(machine)
    } finally {
      this.#tail = undefined
      for (const machine of machines) this.#warming.delete(machine)
    }
    for (const [id, machine] of fresh) this.#exchange(id, machine)
    this.#flush()
    this.#time.expect(machines)
  }

  #assemble(equipment: Equipment, now: Micros): Machine | undefined {
    const signals = new Map(equipment.signals.map((signal) => [signal.name, signal]))
    const fitted: Fitted[] = []
    for (const runner of this.#roster.rulesFor(equipment.tenant, equipment)) {
      const program = runner.fit(equipment, signals)
      if (program !== undefined) fitted.push({ runner, program })
    }
    if (fitted.length === 0) return undefined
    const machine = assembleMachine(equipment, fitted, now, now, this.#budget, this)
    for (const { runner, standing } of machine.watches) {
      standing.active = this.#active.has(watchKey(runner.rule.id, equipment.id))
    }
    return machine
  }

  /** After warming: brings the machine to the time its alarms were raised at, so that a silence then is one now. */
  #restore(machine: Machine): void {
    let reached = machine.now
    for (const { runner, program, frame } of machine.watches) {
      const raisedAt = this.#active.get(watchKey(runner.rule.id, machine.equipment.id))
      if (raisedAt === undefined) continue
      reached = Math.max(reached, raisedAt)
      frame.since = Math.min(frame.since, raisedAt - program.reach)
    }
    machine.passTime(reached)
    const before = this.#machines.get(machine.equipment.id)
    const now = this.#options.clock.now()
    // A machine that runs already keeps its time; after a restart, silence counts from the start of the platform.
    machine.reachedAt = before === undefined ? now : before.reachedAt + (machine.now - before.now)
    machine.evaluateAll()
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

  /** The alarms of rules that watched this machine and do not any more. */
  #endGone(tenant: string, id: string, equipment: Equipment | undefined): void {
    const now = new Set(this.#roster.rulesFor(tenant, equipment).map(({ rule }) => rule.id))
    for (const { runner } of this.#machines.get(id)?.watches ?? []) {
      if (!now.has(runner.rule.id) && !runner.stopped) this.#end(tenant, runner.rule.id, id)
    }
  }
}

/** What these rules see of a piece of equipment: while it stays the same, the machine need not be put together anew. */
function lookOf(equipment: Equipment, runners: readonly RuleRunner[]): string {
  const signals = new Map(equipment.signals.map((signal) => [signal.name, signal]))
  return JSON.stringify([
    equipment.equipmentClass,
    runners.map(({ rule, names }) => [
      rule.id,
      rule.version,
      names.map((name) => [signals.get(name)?.key, signals.get(name)?.kind, signals.get(name)?.unit]),
    ]),
  ])
}
