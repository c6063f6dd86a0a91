import type { SignalKind } from '@millwright/contracts'
import { ExpressionError } from './errors.ts'
import { formatMicros } from './format-micros.ts'
import type { Test } from './frame.ts'
import { type ASTNode, EXPRESSION_LIMITS } from './parse.ts'
import type { Item, SignalReference } from './pieces.ts'
import type { KindOf, Program } from './program.ts'
import { LONGEST_WINDOW, parseWindow, SHORTEST_WINDOW } from './window-literal.ts'

export type Figures = 'count' | 'sum' | 'deviation' | 'extremes' | 'median'

/** Collects what the expressions of one rule read while they are compiled, so that each thing is kept only once. */
export class Scope {
  readonly #kindOf: KindOf
  readonly #signals: string[] = []
  readonly #unknown = new Set<string>()
  readonly #windows: {
    signal: number
    length: number
    columns: { sum: boolean; deviation: boolean; extremes: boolean; median: boolean }
  }[] = []
  readonly #trueTimes: { length: number; condition: Test }[] = []
  readonly #silences: { signal: number; length: number }[] = []
  readonly #ages = new Set<number>()
  /** Names that macros have given to items, the innermost last. */
  readonly #bound: { name: string; item: Item }[] = []
  #spent = 0

  constructor(kindOf: KindOf) {
    this.#kindOf = kindOf
  }

  /** @returns the signal's index, and its kind (undefined when the equipment does not have it) */
  signal(name: string): { index: number; kind: SignalKind | undefined } {
    const kind = this.#kindOf(name)
    if (kind === undefined) this.#unknown.add(name)
    let index = this.#signals.indexOf(name)
    if (index < 0) index = this.#signals.push(name) - 1
    return { index, kind }
  }

  /** Counts what an evaluation costs: each closure that it may run, as often as it may. */
  spend(cost: number, at: ASTNode): void {
    this.#spent += cost
    if (this.#spent <= EXPRESSION_LIMITS.cost) return
    throw new ExpressionError(
      `The expression is too large: with its lists it takes more than ${EXPRESSION_LIMITS.cost} steps. Split it into several rules.`,
      at.start,
    )
  }

  get spent(): number {
    return this.#spent
  }

  /** Within `work`, the name stands for the item, whatever it stood for before. */
  bind<T>(name: string, item: Item, work: () => T): T {
    this.#bound.push({ name, item })
    try {
      return work()
    } finally {
      this.#bound.pop()
    }
  }

  /** The item that the name stands for. */
  bound(name: string): Item | undefined {
    return this.#bound.findLast((each) => each.name === name)?.item
  }

  /** The signal a node names: an identifier, or `signal("Any Name")`; undefined when it is neither. */
  named(node: ASTNode): SignalReference | undefined {
    if (node.op === 'id') {
      const item = this.bound(node.args)
      return item === undefined ? { name: node.args, ...this.signal(node.args) } : item.signal
    }
    const name = quotedSignal(node)
    return name === undefined ? undefined : { name, ...this.signal(name) }
  }

  window(signal: number, length: number, figures: Figures, at: ASTNode): number {
    let index = this.#windows.findIndex((window) => window.signal === signal && window.length === length)
    if (index < 0) {
      this.#room(at)
      index =
        this.#windows.push({
          signal,
          length,
          columns: { sum: false, deviation: false, extremes: false, median: false },
        }) - 1
    }
    const { columns } = this.#windows[index]!
    if (figures === 'sum' || figures === 'deviation') columns.sum = true
    if (figures === 'deviation') columns.deviation = true
    if (figures === 'extremes') columns.extremes = true
    if (figures === 'median') columns.median = true
    return index
  }

  trueTime(condition: Test, length: number, at: ASTNode): number {
    this.#room(at)
    return this.#trueTimes.push({ condition, length }) - 1
  }

  silence(signal: number, length: number, at: ASTNode): void {
    this.#room(at)
    this.#silences.push({ signal, length })
  }

  age(signal: number): void {
    this.#ages.add(signal)
  }

  /** The µs of a window argument: a text literal within bounds, so that what a rule keeps is known before it runs. */
  length(node: ASTNode | undefined, what: string): number {
    if (node?.op !== 'value' || typeof node.args !== 'string') {
      throw new ExpressionError(
        `${what} needs a time as a text literal here, as "30s", "1m" or "1h30m".`,
        node?.start ?? 0,
      )
    }
    const length = parseWindow(node.args)
    if (length === undefined) {
      throw new ExpressionError(
        `"${node.args}" is not a time: write it as "30s", "1m", "1h30m" or "250ms".`,
        node.start,
      )
    }
    if (length < SHORTEST_WINDOW || length > LONGEST_WINDOW) {
      throw new ExpressionError(
        `"${node.args}" is out of bounds: between ${formatMicros(SHORTEST_WINDOW)} and ${formatMicros(LONGEST_WINDOW)} is possible.`,
        node.start,
      )
    }
    return length
  }

  get unknown(): string[] {
    return [...this.#unknown]
  }

  program(condition: Test, clear: Test | undefined): Program {
    const lengths = [...this.#windows, ...this.#trueTimes, ...this.#silences].map(({ length }) => length)
    return {
      signals: this.#signals,
      windows: this.#windows,
      trueTimes: this.#trueTimes,
      silences: this.#silences,
      ages: [...this.#ages],
      condition,
      clear,
      reach: Math.max(0, ...lengths),
    }
  }

  #room(at: ASTNode): void {
    const used = this.#windows.length + this.#trueTimes.length + this.#silences.length
    if (used >= EXPRESSION_LIMITS.windows) {
      throw new ExpressionError(
        `A rule may use ${EXPRESSION_LIMITS.windows} different windows; this one needs more. Split it into several rules.`,
        at.start,
      )
    }
  }
}

function quotedSignal(node: ASTNode): string | undefined {
  if (node.op !== 'call' || node.args[0] !== 'signal') return undefined
  const [argument, ...more] = node.args[1]
  if (argument?.op !== 'value' || typeof argument.args !== 'string' || more.length > 0) {
    throw new ExpressionError('signal takes the name as a text literal, as signal("Volume Flow Rate").', node.start)
  }
  return argument.args
}
