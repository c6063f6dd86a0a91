import { type BlockSection, type MetricRows, ReadingBatch, ROW } from '@millwright/connectivity'
import { type AgentConfiguration, Rule, type SignalKind } from '@millwright/contracts'
import type { Clock, Log, Micros } from '@millwright/foundation'
import {
  assembleMachine,
  EvaluationClock,
  type Machine,
  type MachineObserver,
  Router,
  RuleRunner,
  type RunningRule,
  TimeKeeper,
  WindowBudget,
} from '@millwright/monitoring/engine'
import { Type } from 'typebox'
import { Value } from 'typebox/value'

export type AgentRules = AgentConfiguration['rules']

/** A condition turned: the alarm is on, or off. */
export interface AlarmTurn {
  readonly id: string
  readonly name: string
  readonly active: boolean
  /** Of the reading that turned it. */
  readonly time: Micros
}

/** A rule as it stands here, for people. */
export interface LocalRule {
  readonly id: string
  readonly name: string
  readonly priority: string
  readonly active: boolean
  readonly since: Micros | undefined
  /** Why it is not at work: signals that did not come yet, or what is wrong with it. */
  readonly trouble: string | undefined
}

export interface LocalRulesOptions {
  readonly clock: Clock
  readonly log: Log
  /** Rules whose alarm was on when the agent stopped. */
  readonly standing: ReadonlySet<string>
  readonly onTurn: (turn: AlarmTurn) => void
}

/** One signal of one rule. */
interface Watched {
  readonly name: string
  readonly key: number
  kind: SignalKind | undefined
  readonly watch: RuleAtWork
}

/** What the engine needs of a rule; a newer platform may say more of it. */
const KnownRule = Type.Pick(
  Rule,
  [
    'tenant',
    'name',
    'condition',
    'clearCondition',
    'onDelay',
    'offDelay',
    'priority',
    'latching',
    'message',
    'response',
    'version',
  ],
  { additionalProperties: true },
)

/** For windows of all rules together: an edge device has little. */
const WINDOW_BYTES = 8 * 1024 * 1024
const KINDS: readonly (SignalKind | undefined)[] = ['number', 'boolean', 'state', 'document', 'position', 'waveform']

class RuleAtWork {
  readonly definition: AgentRules[number]
  readonly running: RunningRule
  readonly runner: RuleRunner
  readonly signals: Watched[]
  machine: Machine | undefined
  active: boolean
  since: Micros | undefined
  trouble: string | undefined

  constructor(definition: AgentRules[number], running: RunningRule, key: () => number, active: boolean) {
    this.definition = definition
    this.running = running
    this.runner = new RuleRunner(running)
    this.trouble = this.runner.fault
    this.active = active
    this.signals = Object.keys(definition.signals).map((name) => ({ name, key: key(), kind: undefined, watch: this }))
  }
}

/**
 * The platform's rules on signals of this agent, evaluated here, with the same engine, whether the platform is there or
 * not. A rule begins when each of its signals has come once: only then their kinds are known.
 */
export class LocalRules implements MachineObserver {
  readonly #options: LocalRulesOptions
  readonly #rules = new Map<string, RuleAtWork>()
  readonly #routes = new Map<string, Map<string, Watched[]>>()
  readonly #machines = new Map<string, Machine>()
  readonly #router = new Router()
  readonly #budget = new WindowBudget(WINDOW_BYTES)
  readonly #batch = new ReadingBatch(256)
  readonly #time: TimeKeeper
  readonly #evaluation: EvaluationClock
  #keys = 1
  #samples = 0

  constructor(options: LocalRulesOptions) {
    this.#options = options
    this.#time = new TimeKeeper(options.clock, this.#machines, () => undefined)
    this.#evaluation = new EvaluationClock(options.clock)
  }

  /** Puts these rules to work; those that are the same go on as they are. */
  apply(rules: AgentRules): void {
    const wanted = new Map(rules.map((rule) => [placeOf(rule), rule]))
    for (const [place, rule] of this.#rules) {
      const next = wanted.get(place)
      if (next !== undefined && JSON.stringify(next) === JSON.stringify(rule.definition)) wanted.delete(place)
      else this.#remove(place, rule)
    }
    for (const [place, rule] of wanted) this.#add(place, rule)
  }

  get shown(): LocalRule[] {
    return [...this.#rules.values()].map((rule) => ({
      id: rule.definition.id,
      name: rule.definition.name,
      priority: rule.running.priority,
      active: rule.active,
      since: rule.since,
      trouble: rule.trouble ?? rule.runner.fault ?? missing(rule),
    }))
  }

  /** Rules whose alarm is on. */
  get active(): string[] {
    return [...this.#rules].filter(([, { active }]) => active).map(([place]) => place)
  }

  /** Looks at rows of one section; those that no rule watches cost a look-up. */
  take({ connection, device }: BlockSection, rows: MetricRows): void {
    const routes = this.#routes.get(`${connection}\n${device}`)
    if (routes === undefined) return
    const batch = this.#batch
    batch.clear()
    for (let row = 0; row < rows.length; row++) {
      for (const watched of routes.get(rows.name[row]!) ?? []) this.#collect(watched, rows, row)
    }
    if (batch.length + batch.wide.length === 0) return
    const { clock } = this.#options
    this.#time.expect(this.#router.dispatch(batch, this.#evaluation.latest(), clock.steady()))
  }

  stop(): void {
    this.#time.stop()
  }

  turned(machine: Machine, _watch: unknown, turn: 'raised' | 'returned', time: Micros): void {
    const rule = this.#rules.get(machine.equipment.id)
    if (rule === undefined) return
    rule.active = turn === 'raised'
    rule.since = time
    const { id, name } = rule.definition
    this.#options.onTurn({ id, name, active: rule.active, time })
  }

  failed(machine: Machine, { runner }: { runner: RuleRunner }, error: unknown): void {
    this.#options.log.error({ err: error, rule: machine.equipment.name, fault: runner.fault }, 'a rule is off')
  }

  sampled(): boolean {
    this.#samples = (this.#samples + 1) % 256
    return this.#samples === 0
  }

  clock(): Micros {
    return this.#options.clock.steady()
  }

  #add(place: string, definition: AgentRules[number]): void {
    if (!Value.Check(KnownRule, definition.rule)) {
      this.#options.log.warn({ rule: definition.name }, 'a rule is not understood here')
      return
    }
    const running: RunningRule = { ...definition.rule, id: definition.id, equipmentClass: null, equipment: null }
    const rule = new RuleAtWork(definition, running, () => this.#keys++, this.#options.standing.has(place))
    this.#rules.set(place, rule)
    for (const watched of rule.signals) {
      const { connection, device, metric } = definition.signals[watched.name]!
      const section = `${connection}\n${device ?? ''}`
      const routes = this.#routes.get(section) ?? new Map<string, Watched[]>()
      this.#routes.set(section, routes)
      routes.set(metric, [...(routes.get(metric) ?? []), watched])
    }
  }

  #remove(place: string, rule: RuleAtWork): void {
    this.#rules.delete(place)
    if (rule.machine !== undefined) {
      this.#router.remove(rule.machine)
      rule.machine.release()
      this.#machines.delete(place)
    }
    for (const routes of this.#routes.values()) {
      for (const [metric, watched] of routes) {
        const left = watched.filter(({ watch }) => watch !== rule)
        if (left.length === 0) routes.delete(metric)
        else routes.set(metric, left)
      }
    }
    // An alarm of a rule that is no more must not stand for ever.
    if (rule.active) {
      const { id, name } = rule.definition
      this.#options.onTurn({ id, name, active: false, time: this.#options.clock.now() })
    }
  }

  #collect(watched: Watched, rows: MetricRows, row: number): void {
    const kind = KINDS[rows.kind[row]!]
    if (watched.kind === undefined && kind !== undefined) {
      watched.kind = kind
      this.#assemble(watched.watch)
    }
    const { key } = watched
    const time = rows.time[row]!
    const quality = rows.quality[row]!
    const wide = rows.wide[row]
    if (kind === undefined || kind === 'number' || kind === 'boolean') {
      this.#batch.push(key, time, kind === undefined ? Number.NaN : rows.value[row]!, quality)
    } else if (wide !== undefined && rows.kind[row] !== ROW.none) {
      this.#batch.wide.push({ signal: key, time, quality, value: wide })
    }
  }

  /** Puts a rule to work when the kinds of its signals are known. */
  #assemble(rule: RuleAtWork): void {
    if (rule.machine !== undefined || rule.signals.some(({ kind }) => kind === undefined)) return
    const { clock } = this.#options
    const place = placeOf(rule.definition)
    const signals = rule.signals.map(({ name, key, kind }) => ({
      key,
      id: `${place}/${name}`,
      name,
      kind: kind!,
      unit: '1',
      simulated: false,
    }))
    const equipment = {
      tenant: rule.running.tenant,
      id: place,
      name: rule.definition.name,
      equipmentClass: null,
      path: [],
      names: [],
      signals,
    }
    const program = rule.runner.fit(equipment, new Map(signals.map((signal) => [signal.name, signal])))
    if (program === undefined) {
      rule.trouble = rule.runner.trouble ?? 'It does not fit these signals.'
      return
    }
    const fitted = [{ runner: rule.runner, program }]
    const machine = assembleMachine(equipment, fitted, clock.now(), clock.steady(), this.#budget, this)
    for (const watch of machine.watches) watch.standing.active = rule.active
    rule.machine = machine
    this.#machines.set(place, machine)
    this.#router.add(machine)
  }
}

/** The same rule may watch several machines: each by its own signals. */
const placeOf = ({ id, signals }: AgentRules[number]): string => {
  const first = Object.values(signals)[0]
  return first === undefined ? id : `${id} ${first.connection} ${first.device ?? ''} ${first.metric}`
}

function missing({ signals }: RuleAtWork): string | undefined {
  const names = signals.filter(({ kind }) => kind === undefined).map(({ name }) => `"${name}"`)
  return names.length === 0 ? undefined : `No reading of ${names.join(', ')} yet.`
}
