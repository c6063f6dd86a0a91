import type { Micros } from '@millwright/foundation'
import type { Program } from '../expression/program.ts'
import { type CompiledRule, compileRule, RuleExpressionError } from '../expression/rule-program.ts'
import type { Equipment, WatchedSignal } from '../ports.ts'
import type { RuleFault } from '../rules/faults.ts'
import { placesOf } from '../rules/message-places.ts'
import type { RunningRule } from './running-rule.ts'

/** µs that one evaluation may take on average: a hundred times what the largest rule we accept needs. */
const COST_LIMIT = 500
const COST_SAMPLES = 20

/** One version of one rule at work: its programs, what it watches, and what keeps it from running. */
export class RuleRunner {
  readonly rule: RunningRule
  /** Names of the signals it reads; empty when the rule is not well formed (then there is a fault). */
  readonly names: readonly string[] = []
  /** Names of the signals that only its message names. */
  readonly mentions: readonly string[] = []
  /** What ended it, in words: it does not run until it is changed. */
  fault: string | undefined
  /** Since when, in the platform's time; undefined when it never ran. */
  faultSince: Micros | undefined
  /** Replaced, disabled or deleted: its watches are silent until their machines are put together anew. */
  stopped = false
  /** Machines it watches now. */
  watching = 0
  /** Why it does not watch a machine that it should, by the machine's id. */
  readonly misfits = new Map<string, string>()
  readonly #byKinds = new Map<string, CompiledRule>()
  #samples = 0
  #cost = 0

  /** @param failed what ended this version of it before */
  constructor(rule: RunningRule, failed?: RuleFault) {
    this.rule = rule
    this.fault = failed?.words
    this.faultSince = failed?.since
    try {
      this.names = compileRule(rule, () => undefined).program.signals
      this.mentions = [...placesOf(rule.message).difference(new Set(this.names))]
    } catch (error) {
      if (!(error instanceof RuleExpressionError)) throw error
      this.fault = error.message
    }
  }

  /** Its program for this machine; undefined when it does not fit (then `misfits` says why). Compiled once for each mix of kinds. */
  fit(equipment: Equipment, signals: ReadonlyMap<string, WatchedSignal>): Program | undefined {
    this.misfits.delete(equipment.id)
    if (this.fault !== undefined) return undefined
    const missing = this.names.filter((name) => !signals.has(name))
    if (missing.length > 0) {
      this.misfits.set(equipment.id, `${equipment.name} has no signal named ${missing.map(quoted).join(', ')}.`)
      return undefined
    }
    try {
      const kinds = this.names.map((name) => signals.get(name)!.kind).join()
      const compiled = this.#byKinds.get(kinds) ?? compileRule(this.rule, (name) => signals.get(name)?.kind)
      this.#byKinds.set(kinds, compiled)
      return compiled.program
    } catch (error) {
      if (!(error instanceof RuleExpressionError)) throw error
      this.misfits.set(equipment.id, `${equipment.name}: ${error.message}`)
      return undefined
    }
  }

  /** The run-time fault, if there is one. */
  get failed(): RuleFault | undefined {
    const { fault, faultSince } = this
    return fault === undefined || faultSince === undefined ? undefined : { words: fault, since: faultSince }
  }

  /** What keeps it from watching, for people; null when it runs. */
  get trouble(): string | null {
    if (this.fault !== undefined) return this.fault
    if (this.watching > 0) return null
    const [first] = this.misfits.values()
    if (first === undefined) return null
    return this.misfits.size === 1 ? first : `${first} (${this.misfits.size} machines like this.)`
  }

  /** Notes what a sampled evaluation took. @returns true when the rule is too slow on average: it has ended then */
  tooSlow(time: Micros): boolean {
    this.#samples++
    this.#cost += time
    if (this.#samples < COST_SAMPLES) return false
    const mean = this.#cost / this.#samples
    this.#samples = 0
    this.#cost = 0
    if (mean <= COST_LIMIT) return false
    this.fault = `An evaluation took ${Math.round(mean)} µs on average, and ${COST_LIMIT} µs are allowed: make the rule simpler.`
    return true
  }
}

const quoted = (name: string): string => `"${name}"`
