import { AFFINE, APART, BASES, METRIC, PLAIN, PREFIXES } from './atoms.ts'
import { inverse, ONE, power, type Rational, rational, times, toNumber } from './rational.ts'

/** What a unit is: `value in base units = factor * value + zero`. */
export interface Unit {
  readonly factor: Rational
  /** Exponents of the base units (and of units that stand apart), by code; none of them 0. */
  readonly dimension: ReadonlyMap<string, number>
  /** The scale's zero in base units, for temperatures; 0 otherwise. */
  readonly zero: number
}

const MAX_LENGTH = 64
const MAX_EXPONENT = 99
const MAX_DEPTH = 8
const NUMBER: Unit = { factor: ONE, dimension: new Map(), zero: 0 }

/**
 * Parses a UCUM code, case-sensitive (ucum.org, §§ 2-12): terms of `.` and `/` from left to right, exponents, prefixes,
 * parentheses, annotations in braces. A temperature scale keeps its zero only when it stands alone: in `Cel/min` it is
 * an interval. @returns undefined when the text is not a code
 */
export function parseCode(code: string): Unit | undefined {
  if (code.length === 0 || code.length > MAX_LENGTH) return undefined
  const reader = new Reader(code)
  const unit = reader.term(0)
  return reader.done ? unit : undefined
}

/** Recursive descent over the grammar's `term`; a failure is `undefined` all the way up. */
class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  get done(): boolean {
    return this.#at === this.#text.length
  }

  term(depth: number): Unit | undefined {
    if (depth > MAX_DEPTH) return undefined
    let unit: Unit | undefined
    if (this.#take('/')) {
      const first = this.#component(depth)
      unit = first && raised(first, -1)
    } else unit = this.#component(depth)
    while (unit !== undefined) {
      const divide = this.#take('/')
      if (!divide && !this.#take('.')) break
      const next = this.#component(depth)
      unit = next && product(unit, divide ? raised(next, -1) : next)
    }
    return unit
  }

  #component(depth: number): Unit | undefined {
    if (this.#take('(')) {
      const inner = this.term(depth + 1)
      return inner !== undefined && this.#take(')') ? inner : undefined
    }
    if (this.#annotation()) return NUMBER
    const symbol = this.#match(/(?:10[*^]|\[[^\]{}()\s]*\]|[^\d./(){}+\-\s[\]]|\[[^\]]*\]|_(?=\[))+/y)
    if (symbol === undefined) {
      const digits = this.#match(/\d{1,15}/y)
      if (digits === undefined || Number(digits) === 0) return undefined
      this.#annotation()
      return { ...NUMBER, factor: rational(digits) }
    }
    const unit = simpleUnit(symbol)
    const exponent = this.#match(/[+-]?\d+/y)
    this.#annotation()
    if (unit === undefined || exponent === undefined) return unit
    return Math.abs(Number(exponent)) > MAX_EXPONENT || Number(exponent) === 0
      ? undefined
      : raised(unit, Number(exponent))
  }

  #annotation(): boolean {
    return this.#match(/\{[\x21-\x7a|~]*\}/y) !== undefined
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false
    this.#at++
    return true
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    if (found !== undefined) this.#at += found.length
    return found
  }
}

/** An atom, or a prefix and a metric atom. An atom wins over a prefix: `cd` is the candela, `min` the minute. */
function simpleUnit(symbol: string): Unit | undefined {
  const whole = atom(symbol, true)
  if (whole !== undefined) return whole
  for (const length of [1, 2]) {
    const prefix = PREFIXES[symbol.slice(0, length)]
    const unit = prefix && atom(symbol.slice(length), false)
    if (unit === undefined || prefix === undefined) continue
    const scale = power(rational(String(prefix[0])), prefix[1])
    return { ...unit, factor: times(scale, unit.factor) }
  }
  return undefined
}

const known = new Map<string, Unit>()

function atom(code: string, plain: boolean): Unit | undefined {
  const before = known.get(code)
  if (before !== undefined) return plain || !Object.hasOwn(PLAIN, code) ? before : undefined
  const unit = defined(code)
  if (unit !== undefined) known.set(code, unit)
  return plain || !Object.hasOwn(PLAIN, code) ? unit : undefined
}

function defined(code: string): Unit | undefined {
  if ((BASES as readonly string[]).includes(code) || (APART as readonly string[]).includes(code)) {
    return { ...NUMBER, dimension: new Map([[code, 1]]) }
  }
  if (Object.hasOwn(AFFINE, code)) {
    const [value, unit, zero] = AFFINE[code]!
    const degree = product({ ...NUMBER, factor: rational(value) }, parseCode(unit)!)
    return { ...degree, zero: toNumber(times(degree.factor, rational(zero))) }
  }
  const table = Object.hasOwn(METRIC, code) ? METRIC : Object.hasOwn(PLAIN, code) ? PLAIN : undefined
  if (table === undefined) return undefined
  const [value, unit] = table[code]!
  const factor = value === 'pi' ? rational('1', 1) : rational(value)
  return product({ ...NUMBER, factor }, parseCode(unit)!)
}

function product(a: Unit, b: Unit): Unit {
  const dimension = new Map(a.dimension)
  for (const [base, exponent] of b.dimension) {
    const sum = (dimension.get(base) ?? 0) + exponent
    if (sum === 0) dimension.delete(base)
    else dimension.set(base, sum)
  }
  return { factor: times(a.factor, b.factor), dimension, zero: 0 }
}

function raised(unit: Unit, exponent: number): Unit {
  const dimension = new Map([...unit.dimension].map(([base, own]) => [base, own * exponent]))
  const factor = exponent === -1 ? inverse(unit.factor) : power(unit.factor, exponent)
  return { factor, dimension, zero: exponent === 1 ? unit.zero : 0 }
}
