import { ReadingBatch } from '@millwright/connectivity'
import { type Clock, type Log, type Micros, SECOND } from '@millwright/foundation'
import type { Equipment, EquipmentDirectory, History } from '../ports.ts'
import { assembleMachine, type Fitted } from './assemble.ts'
import type { Machine, MachineObserver } from './machine.ts'
import type { Roster } from './roster.ts'
import { Router } from './router.ts'
import { watchKey } from './turn.ts'
import { copyWhere, warmUp } from './warm-up.ts'
import type { WindowBudget } from './window-budget.ts'

/** Machines put together in one go, and read from history in one query. */
const TOGETHER = 500
/** How often history is asked before machines run without it. */
const TRIES = 3

/** What was ordered, by the equipment's id; undefined: no rule runs there (any more). */
export type Delivery = ReadonlyMap<string, Machine | undefined>

export interface WorkshopOptions {
  readonly directory: EquipmentDirectory
  readonly history: History
  readonly roster: Roster
  readonly budget: WindowBudget
  readonly observer: MachineObserver
  readonly clock: Clock
  readonly log: Log
  /** Conditions that stand, with the data time they were raised at, by `watchKey`. */
  readonly active: ReadonlyMap<string, Micros>
  /** Machines at work. */
  readonly machines: ReadonlyMap<string, Machine>
  /** Of a machine's readings, by its equipment: those dated later are left out. */
  latest(): (equipment: string) => Micros
  /** Takes machines over; no commit comes between the last reading they have seen and this call. */
  deliver(built: Delivery): void
}

/**
 * Puts machines together, warmed from history: after a start, and whenever a rule or a machine changes. What is
 * committed meanwhile is kept and taken in last, so that the new machine has seen all that the old one has.
 */
export class Workshop {
  readonly #options: WorkshopOptions
  /** Equipment to be put together, with its tenant. */
  readonly #orders = new Map<string, string>()
  readonly #warming = new Set<Machine>()
  /** Readings that came while machines are being warmed. */
  #tail: { keys: Set<number>; batch: ReadingBatch } | undefined
  #work: Promise<void> | undefined
  readonly #stopping = new AbortController()

  constructor(options: WorkshopOptions) {
    this.#options = options
  }

  order(tenant: string, equipment: Iterable<string>): void {
    for (const id of equipment) this.#orders.set(id, tenant)
    this.#begin()
  }

  /** What a machine tells while it is warmed is past. */
  isWarming(machine: Machine): boolean {
    return this.#warming.has(machine)
  }

  /** Readings were committed. */
  hear(batch: ReadingBatch): void {
    const tail = this.#tail
    if (tail !== undefined) copyWhere(batch, tail.batch, (key) => tail.keys.has(key))
  }

  /** Resolves when everything ordered is delivered. */
  async settled(): Promise<void> {
    while (this.#work !== undefined) await this.#work
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#work
  }

  #begin(): void {
    if (this.#orders.size === 0 || this.#stopping.signal.aborted) return
    this.#work ??= this.#run()
      .catch((error: unknown) => this.#options.log.error({ err: error }, 'machines could not be put to work'))
      .finally(() => {
        this.#work = undefined
        // What was ordered after the last look.
        this.#begin()
      })
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping
    // Changes come in bursts: let the rest of this one arrive.
    await new Promise<void>((resolve) => setImmediate(resolve))
    while (this.#orders.size > 0 && !signal.aborted) {
      const some = [...this.#orders].slice(0, TOGETHER)
      for (const [id] of some) this.#orders.delete(id)
      for (let left = TRIES; left >= 0; left--) {
        if (await this.#build(some, left > 0)) break
        await this.#pause(SECOND)
        if (signal.aborted) return
      }
    }
  }

  /** @returns false when history did not answer */
  async #build(some: readonly (readonly [id: string, tenant: string])[], warm: boolean): Promise<boolean> {
    const { directory, roster, clock, log, latest } = this.#options
    const now = clock.now()
    const built = new Map<string, Machine | undefined>()
    for (const [id, tenant] of some) {
      const equipment = directory.one(tenant, id)
      if (equipment === undefined) roster.forget(id)
      built.set(id, equipment === undefined ? undefined : this.#assemble(equipment, now))
    }
    const machines = [...built.values()].filter((machine) => machine !== undefined)
    const router = new Router()
    for (const machine of machines) {
      router.add(machine)
      this.#warming.add(machine)
    }
    this.#tail = { keys: new Set(router.keys), batch: new ReadingBatch(256) }
    try {
      if (warm) await this.#warm(machines)
      else log.error({ machines: machines.length }, 'history does not answer; rules begin with what comes from now on')
      // From here on nothing is awaited: no commit comes between the tail and the delivery.
      for (const machine of machines) this.#beginHearing(machine)
      router.dispatch(this.#tail.batch, latest(), clock.steady())
      for (const machine of machines) this.#restore(machine)
    } catch (error) {
      for (const machine of machines) machine.release()
      if (!this.#stopping.signal.aborted) log.error({ err: error }, 'machines could not be warmed from history')
      return false
    } finally {
      this.#tail = undefined
      for (const machine of machines) this.#warming.delete(machine)
    }
    this.#options.deliver(built)
    return true
  }

  #assemble(equipment: Equipment, now: Micros): Machine | undefined {
    const { roster, budget, observer, active } = this.#options
    const signals = new Map(equipment.signals.map((signal) => [signal.name, signal]))
    const fitted: Fitted[] = []
    for (const runner of roster.rulesFor(equipment.tenant, equipment)) {
      const program = runner.fit(equipment, signals)
      if (program !== undefined) fitted.push({ runner, program })
    }
    if (fitted.length === 0) return undefined
    const machine = assembleMachine(equipment, fitted, now, this.#options.clock.steady(), budget, observer)
    for (const { runner, program, standing, frame } of machine.watches) {
      const raisedAt = active.get(watchKey(runner.rule.id, equipment.id))
      if (raisedAt === undefined) continue
      standing.active = true
      // A signal that has never sent anything was silent before the alarm, too.
      frame.since = Math.min(frame.since, raisedAt - program.reach - runner.rule.onDelay)
    }
    return machine
  }

  /** Those that follow a clock that was set back are read up to another time. */
  async #warm(machines: readonly Machine[]): Promise<void> {
    const latest = this.#options.latest()
    const groups = Map.groupBy(machines, ({ equipment }) => latest(equipment.id))
    for (const [until, group] of groups) await warmUp(group, this.#options.history, until, this.#stopping.signal)
  }

  /** After warming: what was read is the past; what the platform has not heard since then is no silence. */
  #beginHearing(machine: Machine): void {
    const before = this.#before(machine)
    if (before !== undefined) {
      machine.goOnHearing(before)
      return
    }
    this.#reachAlarms(machine)
    machine.beginHearing(this.#options.clock.now())
  }

  /** Evaluates the machine at the time it has reached. One that runs already keeps its time. */
  #restore(machine: Machine): void {
    const before = this.#before(machine)
    if (before !== undefined) this.#reachAlarms(machine)
    machine.reachedAt =
      before === undefined ? this.#options.clock.steady() : before.reachedAt + (machine.now - before.now)
    machine.evaluateAll()
  }

  /** The machine at work whose place it takes, unless the clock was set back behind that one. */
  #before({ equipment }: Machine): Machine | undefined {
    const before = this.#options.machines.get(equipment.id)
    return before !== undefined && before.now <= this.#options.latest()(equipment.id) ? before : undefined
  }

  /** Brings the machine to the time its alarms were raised at, so that what was silent then is so now. */
  #reachAlarms(machine: Machine): void {
    const { equipment, watches } = machine
    const latest = this.#options.latest()(equipment.id)
    const raised = watches
      .map(({ runner }) => this.#options.active.get(watchKey(runner.rule.id, equipment.id)))
      .filter((time) => time !== undefined)
    machine.passTime(Math.max(machine.now, ...raised.filter((time) => time <= latest)))
  }

  /** Waits, unless the platform stops. */
  async #pause(time: Micros): Promise<void> {
    const { signal } = this.#stopping
    if (signal.aborted) return
    await new Promise<void>((resolve) => {
      const timer = this.#options.clock.after(time, resolve)
      const stop = () => {
        timer.cancel()
        resolve()
      }
      signal.addEventListener('abort', stop, { once: true })
    })
  }
}
