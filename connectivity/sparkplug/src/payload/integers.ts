import { INTEGER_RANGE, TYPE } from './types.ts'

const HIGH = 4_294_967_296

/**
 * The integer that 64 sent bits mean as `type`, or undefined when they do not fit it. Clients write negative numbers of
 * 8 and 16 bits as 8, 16, 32 or 64 bits; all of them are understood. Beyond 2^53 the nearest double.
 */
export function integerOf(type: number, low: number, high: number): number | undefined {
  if (type === TYPE.Int64) return (high | 0) * HIGH + low
  if (type === TYPE.UInt64 || type === TYPE.DateTime) return high * HIGH + low
  const range = INTEGER_RANGE[type]
  if (range === undefined) return undefined
  const [least, greatest] = range
  if (least === 0) return high === 0 && low <= greatest ? low : undefined
  if (high !== 0 && high !== 0xffff_ffff) return undefined
  const signed = low | 0
  if (signed >= least && signed <= greatest) return signed
  // 0xFF for -1, as a careless 8-bit sender writes it.
  const narrow = signed - (greatest - least + 1)
  return high === 0 && narrow >= least && narrow < 0 ? narrow : undefined
}

/** For documents: a number where a double is exact, else its decimal digits. */
export function exactInteger(type: number, low: number, high: number): number | string {
  const value = integerOf(type, low, high)
  if (value !== undefined && Number.isSafeInteger(value)) return value
  const whole = (BigInt(high) << 32n) | BigInt(low)
  return (type === TYPE.Int64 ? BigInt.asIntN(64, whole) : whole).toString()
}
