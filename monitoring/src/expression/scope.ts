import type { SignalKind } from '@millwright/contracts'
import { ExpressionError } from './errors.ts'
import { formatMicros } from './format-micros.ts'
import type { Test } from './frame.ts'
import { type ASTNode, EXPRESSION_LIMITS } from './parse.ts'
import type { KindOf, Program } from './program.ts'
import { LONGEST_WINDOW, parseWindow, SHORTEST_WINDOW } from './window-literal.ts'

type Figures = 'count' | 'sum' | 'deviation' | 'extremes'

/** Collects what the expressions of one rule read while they are compiled, so that each thing is kept only once. */
export class Scope {
  readonly #kindOf: KindOf
  readonly #signals: string[] = []
  readonly #unknown = new Set<string>()
  readonly #windows: {
    signal: number
    length: number
    columns: { sum: boolean; deviation: boolean; extremes: boolean }
  }[] = []
  readonly #trueTimes: { length: number; condition: Test }[] = []
  readonly #silences: { signal: number; length: number }[] = []
  readonly #ages = new Set<number>()

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

  window(signal: number, length: number, figures: Figures, at: ASTNode): number {
    let index = this.#windows.findIndex((window) => window.signal === signal && window.length === length)
    if (index < 0) {
      this.#room(at)
      index = this.#windows.push({ signal, length, columns: { sum: false, deviation: false, extremes: false } }) - 1
    }
    const { columns } = this.#windows[index]!
    if (figures === 'sum' || figures === 'deviation') columns.sum = true
    if (figures === 'deviation') columns.deviation = true
    if (figures === 'extremes') columns.extremes = true
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
