import { type Prognosis, type StopAdvice, whenToStop } from '@millwright/methods/life'
import { costsOf, type LifeSettings, windowsOf } from './settings.ts'

/** When to stop; undefined without costs, and for what has failed or is not known. @param now µs; @param usualLife hours that training found */
export function adviceFor(
  settings: LifeSettings,
  { state, basis, survival }: Pick<Prognosis, 'state' | 'basis' | 'survival'>,
  now: number,
  horizon: number,
  usualLife: number | undefined,
): StopAdvice | undefined {
  const costs = costsOf(settings, usualLife)
  if (costs === undefined || state === 'failed' || state === 'learning' || basis === 'nothing') return undefined
  return whenToStop(survival, costs, windowsOf(settings, now, horizon), horizon)
}
