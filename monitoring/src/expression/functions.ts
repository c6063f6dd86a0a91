import type { Window } from '../watch/window.ts'
import { constant, whole } from './arithmetic.ts'
import { ExpressionError } from './errors.ts'
import type { Quantity } from './frame.ts'
import { sizeOf } from './macros.ts'
import type { ASTNode } from './parse.ts'
import { asQuantity, asTest, asWord, type Piece, type SignalReference, truth } from './pieces.ts'
import type { Figures, Scope } from './scope.ts'

/** What a function's compilation may ask of its surroundings. */
export interface Calling {
  readonly name: string
  readonly node: ASTNode
  readonly args: readonly ASTNode[]
  readonly scope: Scope
  compile(node: ASTNode): Piece
  /** The argument as a signal: a name, or `signal("…")`. */
  signal(node: ASTNode | undefined): SignalReference
}

export interface RuleFunction {
  /** As the reference writes it: `avg(signal, "1m")`. */
  readonly usage: string
  compile(call: Calling): Piece
}

/** A figure over a window of a number signal; `count` over any signal. */
function windowed(
  usage: string,
  figures: Figures,
  read: (window: Window) => number,
  type: 'int' | 'double' = 'double',
): RuleFunction {
  return {
    usage,
    compile({ name, node, args, scope, signal }) {
      expectArguments(name, usage, args, 2, 2, node)
      const reference = signal(args[0])
      if (figures !== 'count') expectNumber(name, reference, args[0]!)
      const at = scope.window(reference.index, scope.length(args[1], name), figures, node)
      const quantity: Quantity = (frame) => {
        const window = frame.windows[at]!
        window.evict(frame.now)
        return read(window)
      }
      return { type, quantity }
    },
  }
}

/** `delta` and `rate`: over a window, or from one reading to the next. */
function change(usage: string, overWindow: (window: Window) => number, perSecond: boolean): RuleFunction {
  const inWindow = windowed(usage, 'count', overWindow)
  return {
    usage,
    compile(call) {
      expectArguments(call.name, usage, call.args, 1, 2, call.node)
      const reference = call.signal(call.args[0])
      expectNumber(call.name, reference, call.args[0]!)
      if (call.args.length === 2) return inWindow.compile(call)
      const { index } = reference
      const quantity: Quantity = ({ signals }) => {
        const signal = signals[index]!
        const delta = signal.value - signal.valueBefore
        return perSecond ? (delta * 1e6) / (signal.time - signal.timeBefore) : delta
      }
      return { type: 'double', quantity }
    },
  }
}

const noData: RuleFunction = {
  usage: 'noData(signal, "30s")',
  compile({ name, node, args, scope, signal }) {
    expectArguments(name, noData.usage, args, 2, 2, node)
    const { index } = signal(args[0])
    const length = scope.length(args[1], name)
    scope.silence(index, length, node)
    return {
      type: 'bool',
      test: (frame) => truth(frame.now - Math.max(frame.signals[index]!.time, frame.since) >= length),
    }
  },
}

const age: RuleFunction = {
  usage: 'age(signal)',
  compile({ name, node, args, scope, signal }) {
    expectArguments(name, age.usage, args, 1, 1, node)
    const { index } = signal(args[0])
    scope.age(index)
    return {
      type: 'double',
      quantity: (frame) => {
        const { time } = frame.signals[index]!
        return time === Number.NEGATIVE_INFINITY ? Number.NaN : (frame.now - time) / 1e6
      },
    }
  },
}

const quality: RuleFunction = {
  usage: 'quality(signal)',
  compile({ name, node, args, signal }) {
    expectArguments(name, quality.usage, args, 1, 1, node)
    const { index } = signal(args[0])
    return { type: 'string', word: (frame) => frame.signals[index]!.qualityWord }
  },
}

const trueFor: RuleFunction = {
  usage: 'trueFor(condition, "10m")',
  compile({ name, node, args, scope, compile }) {
    expectArguments(name, trueFor.usage, args, 2, 2, node)
    const condition = asTest(compile(args[0]!), args[0]!, name)
    const at = scope.trueTime(condition, scope.length(args[1], name), node)
    return { type: 'double', quantity: (frame) => frame.trueTimes[at]!.total(frame.now) / 1e6 }
  },
}

/** Items of a list, or characters of a text: `size(x)` and `x.size()`. */
export function size(piece: Piece, at: ASTNode): Piece {
  if (piece.type === 'list') return { type: 'int', quantity: sizeOf(piece.items) }
  const word = asWord(piece, at, 'size')
  return {
    type: 'int',
    quantity: (frame) => {
      const text = word(frame)
      return text === undefined ? Number.NaN : [...text].length
    },
  }
}

const sized: RuleFunction = {
  usage: 'size(list)',
  compile({ name, node, args, compile }) {
    expectArguments(name, sized.usage, args, 1, 1, node)
    return size(compile(args[0]!), args[0]!)
  },
}

function converted(type: 'int' | 'double', convert: (value: number) => number): RuleFunction {
  const usage = `${type}(number)`
  return {
    usage,
    compile({ name, node, args, compile }) {
      expectArguments(name, usage, args, 1, 1, node)
      const piece = compile(args[0]!)
      const quantity = asQuantity(piece, args[0]!, name)
      if ('constant' in piece && piece.constant !== undefined) return constant(type, convert(piece.constant))
      return { type, quantity: (frame) => convert(quantity(frame)) }
    },
  }
}

/** Every function of the rule language, by its name. */
export const RULE_FUNCTIONS: ReadonlyMap<string, RuleFunction> = new Map([
  ['avg', windowed('avg(signal, "1m")', 'sum', (window) => window.mean)],
  ['sum', windowed('sum(signal, "1m")', 'sum', (window) => window.sum)],
  ['min', windowed('min(signal, "1m")', 'extremes', (window) => window.min)],
  ['max', windowed('max(signal, "1m")', 'extremes', (window) => window.max)],
  ['count', windowed('count(signal, "1m")', 'count', (window) => window.count, 'int')],
  ['stddev', windowed('stddev(signal, "1m")', 'deviation', (window) => window.deviation)],
  ['median', windowed('median(signal, "1m")', 'median', (window) => window.median)],
  ['first', windowed('first(signal, "1m")', 'count', (window) => window.first)],
  ['last', windowed('last(signal, "1m")', 'count', (window) => window.last)],
  ['delta', change('delta(signal, "1m")', (window) => window.delta, false)],
  ['rate', change('rate(signal, "1m")', (window) => window.rate, true)],
  ['trueFor', trueFor],
  ['noData', noData],
  ['age', age],
  ['quality', quality],
  ['size', sized],
  ['int', converted('int', (value) => whole(Math.trunc(value)))],
  ['double', converted('double', (value) => value)],
])

function expectArguments(
  name: string,
  usage: string,
  args: readonly ASTNode[],
  least: number,
  most: number,
  at: ASTNode,
): void {
  if (args.length < least || args.length > most) {
    throw new ExpressionError(`${name} is written as ${usage}; this has ${args.length} arguments.`, at.start)
  }
}

function expectNumber(name: string, { kind, name: signal }: SignalReference, at: ASTNode): void {
  if (kind === undefined || kind === 'number') return
  const instead = kind === 'boolean' ? ' Use trueFor to ask how long it was true.' : ''
  throw new ExpressionError(`${name} needs a number signal, but "${signal}" is a ${kind} signal.${instead}`, at.start)
}
