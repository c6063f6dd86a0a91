import type { PlainKey } from '../../messages/index.tsx'

export interface RuleFunction {
  /** What is put in; `|` is where the caret goes. */
  readonly insert: string
  /** As the reference writes it. */
  readonly usage: string
  readonly help: PlainKey
}

/** The functions of the rule language (see monitoring's reference), as the editor completes and explains them. */
export const FUNCTIONS: readonly RuleFunction[] = [
  { insert: 'avg(|, "1m")', usage: 'avg(x, "1m")', help: 'ruleFunction.avg' },
  { insert: 'min(|, "1m")', usage: 'min(x, "1m")', help: 'ruleFunction.min' },
  { insert: 'max(|, "1m")', usage: 'max(x, "1m")', help: 'ruleFunction.max' },
  { insert: 'median(|, "1m")', usage: 'median(x, "1m")', help: 'ruleFunction.median' },
  { insert: 'stddev(|, "1m")', usage: 'stddev(x, "1m")', help: 'ruleFunction.stddev' },
  { insert: 'sum(|, "1m")', usage: 'sum(x, "1m")', help: 'ruleFunction.sum' },
  { insert: 'count(|, "1m")', usage: 'count(x, "1m")', help: 'ruleFunction.count' },
  { insert: 'first(|, "1m")', usage: 'first(x, "1m")', help: 'ruleFunction.first' },
  { insert: 'last(|, "1m")', usage: 'last(x, "1m")', help: 'ruleFunction.last' },
  { insert: 'delta(|, "1m")', usage: 'delta(x, "1m")', help: 'ruleFunction.delta' },
  { insert: 'rate(|, "1m")', usage: 'rate(x, "1m")', help: 'ruleFunction.rate' },
  { insert: 'trueFor(|, "10m")', usage: 'trueFor(x > 1.0, "10m")', help: 'ruleFunction.trueFor' },
  { insert: 'noData(|, "30s")', usage: 'noData(x, "30s")', help: 'ruleFunction.noData' },
  { insert: 'age(|)', usage: 'age(x)', help: 'ruleFunction.age' },
  { insert: 'quality(|)', usage: 'quality(x)', help: 'ruleFunction.quality' },
  { insert: 'signal("|")', usage: 'signal("Any Name")', help: 'ruleFunction.signal' },
  { insert: 'math.abs(|)', usage: 'math.abs(x)', help: 'ruleFunction.abs' },
  // What is called on a list or text is put in behind its point.
  { insert: 'exists(v, |)', usage: '[a, b].exists(v, v > 80.0)', help: 'ruleFunction.exists' },
  { insert: 'all(v, |)', usage: '[a, b].all(v, v > 80.0)', help: 'ruleFunction.all' },
  { insert: 'filter(v, |)', usage: '[a, b].filter(v, v > 80.0)', help: 'ruleFunction.filter' },
  { insert: 'map(v, |)', usage: '[a, b].map(v, v * 2.0)', help: 'ruleFunction.map' },
  { insert: 'size(|)', usage: 'size(x)', help: 'ruleFunction.size' },
  { insert: 'matches("|")', usage: 'x.matches("^run")', help: 'ruleFunction.matches' },
]
