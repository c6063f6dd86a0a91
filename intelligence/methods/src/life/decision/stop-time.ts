import { lifeErrors } from '../errors.ts'
import type { Survival } from './remaining-life.ts'

export interface StopCosts {
  /** Of a failure in service, everything counted: repair, damage, lost production. */
  readonly failure: number
  /** Of a stop that was planned, at any time outside of the windows. */
  readonly planned: number
  /** Hours that a renewal lasts as a rule: an hour that is not used of it costs planned / life. */
  readonly life: number
}

/** A time in which a stop is cheaper: a weekend, a shutdown, a change of product. */
export interface StopWindow {
  /** Hours from now. */
  readonly from: number
  readonly to: number
  readonly planned: number
}

export interface StopAdvice {
  /** Hours from now. */
  readonly at: number
  /** Expected cost of stopping then: planned stop and failure before it, each with its probability. */
  readonly cost: number
  /** P(it fails before). */
  readonly failureBefore: number
  /** Hours between which the total is at most `TOLERANCE` of the planned cost above its least: when within them does not matter. */
  readonly from: number
  readonly to: number
  /** Expected cost of not stopping at all within the time that is looked at. */
  readonly waiting: number
  readonly curve: readonly StopPoint[]
}

export interface StopPoint {
  readonly at: number
  /** Expected money spent: planned stop then, or failure before. */
  readonly cost: number
  /** `cost` less what the hours run until then are worth: what is minimised. */
  readonly total: number
  readonly failureBefore: number
}

const POINTS = 240
const TOLERANCE = 0.05

/**
 * When to stop a machine whose remaining life is uncertain: each hour that it runs puts off the next renewal, which is worth
 * planned / life, and may end in a failure, which costs failure - planned more. The condition-based form of the age replacement of Barlow and
 * Proschan (1965), with the distribution of what remains in place of that of new machines; stops in a window cost what they cost there.
 *
 * @param ahead hours that are looked at
 * @throws MW-LIFE-0005 for costs that are no numbers above 0
 */
export function whenToStop(
  survival: Survival,
  costs: StopCosts,
  windows: readonly StopWindow[],
  ahead: number,
): StopAdvice {
  for (const [name, value] of Object.entries({ ...costs, ahead }))
    if (!(value > 0 && Number.isFinite(value)))
      throw lifeErrors.setting({ name, value, reason: 'it is a number above 0' })
  const hourly = Math.min(...windows.map((window) => window.planned), costs.planned) / costs.life
  const times = [...new Set([...grid(ahead), ...windows.flatMap(({ from, to }) => [Math.max(0, from), to])])]
    .filter((at) => at >= 0 && at <= ahead)
    .sort((a, b) => a - b)
  let run = 0
  let last = 0
  let before = 1
  const curve = times.map((at): StopPoint => {
    const alive = survival(at)
    run += ((before + alive) / 2) * (at - last)
    last = at
    before = alive
    const planned = windows.reduce(
      (least, window) => (at >= window.from && at <= window.to ? Math.min(least, window.planned) : least),
      costs.planned,
    )
    const cost = planned * alive + costs.failure * (1 - alive)
    return { at, cost, total: cost - hourly * run, failureBefore: 1 - alive }
  })
  const best = curve.reduce((least, point) => (point.total < least.total - 1e-12 ? point : least))
  const near = curve.filter(({ total }) => total <= best.total + TOLERANCE * costs.planned)
  const failed = 1 - survival(ahead)
  return {
    at: best.at,
    cost: best.cost,
    failureBefore: best.failureBefore,
    from: near[0]!.at,
    to: near[near.length - 1]!.at,
    waiting: costs.failure * failed + costs.planned * (1 - failed),
    curve,
  }
}

/** Finer at first, where it matters. */
const grid = (ahead: number): number[] => Array.from({ length: POINTS + 1 }, (_, at) => ahead * (at / POINTS) ** 1.5)
