import { checkLifetimes, type Lifetimes } from './lifetimes.ts'

export interface SurvivalStep {
  readonly time: number
  readonly atRisk: number
  readonly failures: number
  /** From this time on. */
  readonly survival: number
  /** Greenwood's standard error. */
  readonly error: number
}

/** Product-limit estimate (Kaplan and Meier, JASA 53, 1958), a step for each time at which something failed. @throws MW-LIFE-0006 */
export function kaplanMeier(lifetimes: Lifetimes): SurvivalStep[] {
  checkLifetimes(lifetimes, 1)
  const { time, failed } = lifetimes
  const order = Int32Array.from(time.keys()).sort((a, b) => time[a]! - time[b]!)
  const steps: SurvivalStep[] = []
  let survival = 1
  let greenwood = 0
  for (let at = 0; at < order.length; ) {
    const now = time[order[at]!]!
    const atRisk = order.length - at
    let failures = 0
    for (; at < order.length && time[order[at]!] === now; at++) failures += failed[order[at]!]!
    if (failures === 0) continue
    survival *= 1 - failures / atRisk
    greenwood += failures / (atRisk * Math.max(1e-300, atRisk - failures))
    steps.push({ time: now, atRisk, failures, survival, error: survival > 0 ? survival * Math.sqrt(greenwood) : 0 })
  }
  return steps
}
