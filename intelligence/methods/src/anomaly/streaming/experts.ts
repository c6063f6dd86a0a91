import { record, type Shape } from '../../model-file/shape.ts'
import { type ContextMemory, contextMemory, contextMemoryShape, contextNovelty } from './context-memory.ts'
import {
  levelJump,
  type RecentValues,
  recentValues,
  recentValuesShape,
  spread,
  sticks,
  valueBefore,
} from './recent-values.ts'
import {
  explained,
  residual,
  type Season,
  type SeasonalProfile,
  seasonalProfile,
  seasonalProfileShape,
} from './seasonal-profile.ts'
import type { StreamingSettings } from './settings.ts'
import { novelty, type ValueMemory, valueMemory, valueMemoryShape } from './value-memory.ts'

const DAY: Season = { period: 86_400_000_000, slots: 24 }
const WEEK: Season = { period: 7 * DAY.period, slots: 7 * 24 }
/** Values from which on more of them make a gap no surer: the bins of a memory could not resolve a smaller one. */
const CERTAIN = 8000
/** Part of the signal that the day or week has to explain before leaving it is strange. */
const RHYTHM = 0.5

/**
 * What each expert's novelty counts. All ask the same: how far is this from anything remembered? The value itself comes first;
 * what is derived from it is noisier, and speaks up only when it is much further out.
 */
const WEIGHTS = { value: 1, day: 0.35, week: 0.35, jump: 0.1, spread: 0.2, context: 0.1, stuck: 0.03 } as const

/**
 * `value`: none like it was seen. `day`, `week`: none was so far from what is usual at that hour. `jump`: the level never moved so. `spread`: it was
 * never so calm or so restless. `context`: the value is known, but not after the ones before it.
 * `stuck`: it was never unchanged for nearly so long.
 */
export type StreamingCause = keyof typeof WEIGHTS

export type ExpertState = {
  readonly recent: RecentValues
  readonly days: SeasonalProfile
  readonly weeks: SeasonalProfile
  readonly value: ValueMemory
  readonly day: ValueMemory
  readonly week: ValueMemory
  readonly jump: ValueMemory
  readonly spread: ValueMemory
  readonly context: ContextMemory
}

export interface Surprise {
  amount: number
  cause: StreamingCause
}

export const expertState = (): ExpertState => ({
  recent: recentValues(),
  days: seasonalProfile(DAY),
  weeks: seasonalProfile(WEEK),
  value: valueMemory(),
  day: valueMemory(),
  week: valueMemory(),
  jump: valueMemory(),
  spread: valueMemory(),
  context: contextMemory(),
})

/**
 * The strongest of the experts. A distance of d ranges to the nearest of n remembered values counts d * sqrt(n / 1000): among few
 * values a gap is nothing, and the more were seen without one the more it tells.
 * @param into takes the amount and whose it is
 */
export function surprise(state: ExpertState, settings: StreamingSettings, time: number, value: number, into: Surprise) {
  const { memory, warmUp } = settings
  const { recent } = state
  into.amount = 0
  into.cause = 'value'
  const hear = (cause: StreamingCause, { count }: { readonly count: number }, distance: number) => {
    if (count <= warmUp) return
    const amount = WEIGHTS[cause] * distance * Math.sqrt(Math.min(count, memory, CERTAIN) / 1000)
    if (amount <= into.amount) return
    into.amount = amount
    into.cause = cause
  }
  hear('value', state.value, novelty(state.value, value, memory))
  if (Number.isFinite(time)) {
    for (const [cause, season, profile] of [
      ['day', DAY, state.days],
      ['week', WEEK, state.weeks],
    ] as const) {
      const left = residual(profile, season, time, value)
      if (Number.isNaN(left)) continue
      const distance = novelty(state[cause], left, memory)
      if (explained(profile) > RHYTHM) hear(cause, state[cause], distance)
    }
  }
  const earlier = valueBefore(recent)
  if (!Number.isNaN(earlier)) hear('context', state.context, contextNovelty(state.context, earlier, value, memory))
  if (sticks(recent, value)) hear('stuck', state.value, 1)
  const moved = levelJump(recent, value)
  if (!Number.isNaN(moved)) {
    hear('jump', state.jump, novelty(state.jump, moved, memory))
    hear('spread', state.spread, novelty(state.spread, spread(recent), memory))
  }
}

/** @throws MW-MODEL-0001 when it is no such state */
export const expertStateShape: Shape<ExpertState> = record({
  recent: recentValuesShape,
  days: seasonalProfileShape(DAY),
  weeks: seasonalProfileShape(WEEK),
  value: valueMemoryShape,
  day: valueMemoryShape,
  week: valueMemoryShape,
  jump: valueMemoryShape,
  spread: valueMemoryShape,
  context: contextMemoryShape,
})
