import { type StopAdvice, type Survival, survivalFromInterval, whenToStop } from '@millwright/methods/life'
import { costsOf, type LifeSettings, windowsOf } from './settings.ts'

/** Share of the interval, as training was asked for it. */
export const COVERAGE = 0.9
/** From this share of the look-ahead on, a remaining life means "at least that". */
const REACHED = 0.999

export interface Predicted {
  readonly hours: number
  readonly low: number
  readonly high: number
}

export const atLeast = (hours: number, horizon: number): boolean => hours >= REACHED * horizon

/** An upper end at the look-ahead is an open one: it is taken to lie as far above as the lower lies below. */
const survivalOf = ({ hours, low, high }: Predicted, horizon: number): Survival =>
  survivalFromInterval(hours, low, atLeast(high, horizon) ? Math.max(high, 2 * hours - low) : high, COVERAGE)

/**
 * When to stop, from what the service's own signals say, so that the page, the alarm and the signals never differ.
 * Undefined without costs, for what has failed, and where nothing limits the life.
 *
 * @param now µs; @param horizon hours; @param usualLife hours that training found
 */
export function adviceFor(
  settings: LifeSettings,
  predicted: Predicted,
  now: number,
  horizon: number,
  usualLife: number | undefined,
): StopAdvice | undefined {
  const costs = costsOf(settings, usualLife)
  if (costs === undefined || predicted.high <= 0 || atLeast(predicted.low, horizon)) return undefined
  return whenToStop(survivalOf(predicted, horizon), costs, windowsOf(settings, now, horizon), horizon)
}
