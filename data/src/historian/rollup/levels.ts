import { DAY, HOUR, MINUTE, type Micros } from '@millwright/foundation'

/** Rollup levels, finest first; each is made from the one before, the first from the readings. */
export const LEVELS = [
  { resolution: '1m', table: 'rollup_1m', step: MINUTE },
  { resolution: '1h', table: 'rollup_1h', step: HOUR },
  { resolution: '1d', table: 'rollup_1d', step: DAY },
] as const

export interface Level {
  readonly resolution: '1m' | '1h' | '1d'
  readonly table: string
  readonly step: Micros
}

/** A reading that counts in sums and extremes. */
export const USABLE = 'quality < 0x80000000 and isFinite(value)'

/**
 * Aggregates over readings (columns value, quality, time), in the order in which queries read them: readings, usable,
 * sum, min, max, first, last, quality. Where no reading is usable the numbers are NaN, the sum is 0.
 */
export const FROM_READINGS = [
  'count()',
  `countIf(${USABLE})`,
  `sumIf(value, ${USABLE})`,
  `if(countIf(${USABLE}) = 0, nan, minIf(value, ${USABLE}))`,
  `if(countIf(${USABLE}) = 0, nan, maxIf(value, ${USABLE}))`,
  `if(countIf(${USABLE}) = 0, nan, argMinIf(value, time, ${USABLE}))`,
  `if(countIf(${USABLE}) = 0, nan, argMaxIf(value, time, ${USABLE}))`,
  'max(quality)',
] as const

/** The same over rollup rows. */
export const FROM_ROLLUP = [
  'sum(readings)',
  'sum(usable)',
  'sum(sum)',
  'if(sum(usable) = 0, nan, minIf(min, usable > 0))',
  'if(sum(usable) = 0, nan, maxIf(max, usable > 0))',
  'if(sum(usable) = 0, nan, argMinIf(first, time, usable > 0))',
  'if(sum(usable) = 0, nan, argMaxIf(last, time, usable > 0))',
  'max(quality)',
] as const
