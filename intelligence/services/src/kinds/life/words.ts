import { unitSymbol } from '@millwright/foundation'
import type { FailureLimit, Prognosis, StopAdvice } from '@millwright/methods/life'

/** The explanation while there is nothing to explain. */
export const NOTHING_TO_SAY = 'No wear seen'

const MINUTE_HOURS = 1 / 60
const SPANS = [
  [24 * 365.25, 'years'],
  [24, 'days'],
  [1, 'h'],
  [MINUTE_HOURS, 'min'],
] as const

/** Hours in the unit that a person would choose, as "9 ± 3 days": one unit for all of a sentence. */
export function spanUnit(hours: number): { readonly name: string; readonly hours: number } {
  for (const [length, name] of SPANS) if (hours >= 2 * length) return { name, hours: length }
  return { name: 's', hours: MINUTE_HOURS / 60 }
}

const figure = (value: number): string => String(Number(value.toPrecision(2)))

/** What makes the prediction, in a sentence or two, for an alarm as well. */
export function explained(
  found: Prognosis,
  limit: FailureLimit | undefined,
  unit: string,
  advice: StopAdvice | undefined,
): string {
  const { state, hours, low, high, basis, level, healthy, outside } = found
  if (state === 'failed')
    return limit === undefined
      ? 'Failed.'
      : `Failed: ${limit.signal} is beyond its limit of ${limit.value}${shown(unit)}.`
  if (state === 'learning') return 'Learning what healthy is.'
  const strange = outside.filter((name) => name !== '')
  const unlike =
    outside.length === 0
      ? ''
      : ` It is unlike the lives learnt from (${strange.length > 0 ? strange.slice(0, 3).join(', ') : 'run in a way not seen before'}).`
  if (state === 'healthy') return `${NOTHING_TO_SAY}${unlike === '' ? '' : `.${unlike}`}`
  const of = spanUnit(hours)
  const left = `${figure(hours / of.hours)} ${of.name} left (${figure(low / of.hours)} to ${figure(high / of.hours)})`
  const why =
    limit !== undefined && level !== undefined && healthy !== undefined
      ? `${limit.signal} is at ${figure(level)}${shown(unit)}, healthy ${figure(healthy)}, failed at ${limit.value}`
      : 'its signals look as they did before earlier failures'
  const from = basis === 'lives' ? ', as earlier lives went' : ''
  const stop = advice === undefined ? '' : ` ${stopWords(advice)}`
  return `Wear: ${left}${from}; ${why}.${unlike}${stop}`
}

function stopWords({ at }: StopAdvice): string {
  const of = spanUnit(at)
  return at / of.hours < 1 ? 'Stop it now.' : `Stop it within ${figure(at / of.hours)} ${of.name}.`
}

const shown = (unit: string): string => (unit === '1' ? '' : ` ${unitSymbol(unit)}`)
