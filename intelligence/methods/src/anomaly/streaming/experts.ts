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
const SEASONS = [
  { cause: 'day', season: DAY, profile: 'days' },
  { cause: 'week', season: WEEK, profile: 'weeks' },
] as const
/** Values from which on more of them make a gap no surer: the bins of a memory could not resolve a smaller one. */
const CERTAIN = 8000
/** Part of the signal that the day or week has to explain before leaving it is strange. */
const RHYTHM = 0.5

/**
 * What each expert's novelty counts. All ask the same: how far is this from anything remembered? The value itself comes
 * first; what is derived from it is noisier, and speaks up only when it is much further out.
 */
const WEIGHTS = { value: 1, day: 0.35, week: 0.35, jump: 0.1, spread: 0.2, context: 0.1, stuck: 0.03 } as const

/**
 * `value`: none like it was seen. `day`, `week`: none was so far from what is usual at that hour. `jump`: the level
 * never moved so. `spread`: it was never so calm or so restless. `context`: the value is known, but not after the ones
 * before it. `stuck`: it was never unchanged for nearly so long.
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
 * The strongest of the experts. A distance of d ranges to the nearest of n remembered values counts d * sqrt(n / 1000):
 * among few values a gap is nothing, and the more were seen without one the more it tells.
 * @param into takes the amount and whose it is
 */
export function surprise(
  state: ExpertState,
  settings: StreamingSettings,
  time: number,
  value: number,
  into: Surprise,
): void {
  const { memory } = settings
  const { recent } = state
  into.amount = 0
  into.cause = 'value'
  hear(into, settings, 'value', state.value.count, novelty(state.value, value, memory))
  // a wild value is told by now, and must not upset what the others learn
  const tame = Math.min(Math.max(value, state.value.smallest), state.value.largest)
  for (const { cause, season, profile } of SEASONS) {
    const left = Number.isFinite(time) ? residual(state[profile], season, time, tame) : Number.NaN
    if (Number.isNaN(left)) continue
    const distance = novelty(state[cause], left, memory)
    if (explained(state[profile]) > RHYTHM) hear(into, settings, cause, state[cause].count, distance)
  }
  const earlier = valueBefore(recent)
  if (!Number.isNaN(earlier)) {
    const distance = contextNovelty(state.context, state.value, earlier, tame, memory)
    hear(into, settings, 'context', state.context.count, distance)
  }
  if (sticks(recent, tame)) hear(into, settings, 'stuck', state.value.count, 1)
  const moved = levelJump(recent, tame)
  if (Number.isNaN(moved)) return
  hear(into, settings, 'jump', state.jump.count, novelty(state.jump, moved, memory))
  hear(into, settings, 'spread', state.spread.count, novelty(state.spread, spread(recent), memory))
}

function hear(
  into: Surprise,
  { memory, warmUp }: StreamingSettings,
  cause: StreamingCause,
  count: number,
  distance: number,
): void {
  if (distance === 0 || count <= warmUp) return
  const amount = WEIGHTS[cause] * distance * Math.sqrt(Math.min(count, memory, CERTAIN) / 1000)
  if (amount <= into.amount) return
  into.amount = amount
  into.cause = cause
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
