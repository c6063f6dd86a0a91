import { unitSymbol } from '@millwright/foundation'
import type { PartPrediction, PartReason } from './predictor.ts'

/** What a person at the line reads beside the decision. */
export function partSentence(
  { failing, divert, value, interval, strange, outside }: PartPrediction,
  reasons: readonly PartReason[],
  { result, unit }: { readonly result: string; readonly unit: string },
): string {
  const percent =
    failing > 0 && failing < 0.01
      ? 'under 1'
      : failing > 0.99 && failing < 1
        ? 'over 99'
        : `${Math.round(failing * 100)}`
  const said =
    value === undefined
      ? ''
      : `${result} ${digits(value)}${interval === undefined ? '' : ` (${digits(interval[0])} to ${digits(interval[1])})`}${unit === '1' ? '' : ` ${unitSymbol(unit)}`} expected; `
  const head = `${said}${percent} % probability of a reject${divert ? ', taken out' : ''}`
  const unlike =
    strange <= 1
      ? ''
      : outside.length === 0
        ? ' Its readings together are unlike those of any part learnt from, so this is uncertain.'
        : ` Unlike the parts learnt from (${outside[0]!.name} is ${digits(outside[0]!.value)}, they had ${digits(outside[0]!.low)} to ${digits(outside[0]!.high)}), so this is uncertain.`
  const why = reasons
    .filter(({ towardsFailing, value: its }) => (towardsFailing || !divert) && Number.isFinite(its))
    .slice(0, 3)
    .map(({ name, value: its, low, high, expected }) => {
      const is = `${name} is ${digits(its)}`
      if (expected !== undefined) return `${is} where the other readings lead to expect ${digits(expected)}`
      return Number.isFinite(low) && (its < low || its > high)
        ? `${is}, good parts have ${digits(low)} to ${digits(high)}`
        : is
    })
  return `${head}.${divert && why.length > 0 ? ` Why: ${why.join('; ')}.` : ''}${unlike}`
}

const digits = (value: number): string => String(Number(value.toPrecision(5)))
