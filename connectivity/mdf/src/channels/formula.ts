/** A formula of one variable. */
export type Formula = (x: number) => number

const MAX_LENGTH = 1000
const MAX_DEPTH = 64
const TOKEN = /\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*)|(\*\*|[-+*/^(),]))/y
const FUNCTIONS: Readonly<Record<string, (...values: number[]) => number>> = {
  abs: Math.abs,
  acos: Math.acos,
  asin: Math.asin,
  atan: Math.atan,
  atan2: Math.atan2,
  ceil: Math.ceil,
  cos: Math.cos,
  cosh: Math.cosh,
  exp: Math.exp,
  floor: Math.floor,
  log: Math.log,
  ln: Math.log,
  log10: Math.log10,
  pow: Math.pow,
  sin: Math.sin,
  sinh: Math.sinh,
  sqrt: Math.sqrt,
  tan: Math.tan,
  tanh: Math.tanh,
}

/**
 * An algebraic conversion: numbers, X (or X1), + - * / ^, parentheses and the functions above; nothing of it is run as a
 * program. undefined: it holds anything else.
 */
export function parseFormula(text: string): Formula | undefined {
  const tokens = tokensOf(text)
  if (tokens === undefined) return undefined
  const parser = new Parser(tokens)
  const formula = parser.sum(0)
  return parser.isDone ? formula : undefined
}

type Token = number | string

function tokensOf(text: string): Token[] | undefined {
  if (text.length > MAX_LENGTH) return undefined
  const tokens: Token[] = []
  const trimmed = text.trimEnd()
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < trimmed.length; ) {
    const match = TOKEN.exec(trimmed)
    if (match === null) return undefined
    tokens.push(match[1] !== undefined ? Number(match[1]) : (match[2] ?? match[3]!))
  }
  return tokens
}

/** Each level gives undefined when the formula cannot be read. */
class Parser {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  get isDone(): boolean {
    return this.#at === this.#tokens.length
  }

  sum(depth: number): Formula | undefined {
    if (depth > MAX_DEPTH) return undefined
    let left = this.#product(depth)
    while (left !== undefined && (this.#is('+') || this.#is('-'))) {
      const minus = this.#tokens[this.#at++] === '-'
      const [a, b] = [left, this.#product(depth)]
      left = b && (minus ? (x) => a(x) - b(x) : (x) => a(x) + b(x))
    }
    return left
  }

  #product(depth: number): Formula | undefined {
    let left = this.#signed(depth)
    while (left !== undefined && (this.#is('*') || this.#is('/'))) {
      const divide = this.#tokens[this.#at++] === '/'
      const [a, b] = [left, this.#signed(depth)]
      left = b && (divide ? (x) => a(x) / b(x) : (x) => a(x) * b(x))
    }
    return left
  }

  /** `-2^2` is -4, and `2^-1` a half. */
  #signed(depth: number): Formula | undefined {
    if (depth > MAX_DEPTH) return undefined
    if (this.#is('-') || this.#is('+')) {
      const minus = this.#tokens[this.#at++] === '-'
      const value = this.#signed(depth + 1)
      return value && (minus ? (x) => -value(x) : value)
    }
    const base = this.#atom(depth)
    if (base === undefined || !(this.#is('^') || this.#is('**'))) return base
    this.#at++
    const exponent = this.#signed(depth + 1)
    return exponent && ((x) => base(x) ** exponent(x))
  }

  #atom(depth: number): Formula | undefined {
    const token = this.#tokens[this.#at++]
    if (typeof token === 'number') return () => token
    if (token === '(') {
      const inner = this.sum(depth + 1)
      return this.#take(')') ? inner : undefined
    }
    if (token === 'X' || token === 'x' || token === 'X1') return (x) => x
    if (token === 'pi' || token === 'PI') return () => Math.PI
    const name = String(token).toLowerCase()
    return Object.hasOwn(FUNCTIONS, name) && this.#take('(') ? this.#call(FUNCTIONS[name]!, depth) : undefined
  }

  #call(work: (...values: number[]) => number, depth: number): Formula | undefined {
    const values: Formula[] = []
    do {
      const value = this.sum(depth + 1)
      if (value === undefined) return undefined
      values.push(value)
    } while (this.#take(','))
    const [first, second] = values
    if (!this.#take(')') || first === undefined || values.length !== work.length) return undefined
    return second === undefined ? (x) => work(first(x)) : (x) => work(first(x), second(x))
  }

  #is(sign: string): boolean {
    return this.#tokens[this.#at] === sign
  }

  #take(sign: string): boolean {
    if (!this.#is(sign)) return false
    this.#at++
    return true
  }
}
