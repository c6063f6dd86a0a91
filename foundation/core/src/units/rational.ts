/**
 * Exact fractions: an inch is 2.54 cm, not 2.5400000000000002. Unit factors are multiplied as fractions and become a
 * double once, at the end. π is kept apart as an exponent (degrees, revolutions).
 */
export interface Rational {
  readonly over: bigint
  readonly under: bigint
  /** The power of π it is multiplied by. */
  readonly pi: number
}

export const ONE: Rational = { over: 1n, under: 1n, pi: 0 }

/** From a decimal literal: `0.45359237`, `6.02214076e23`. */
export function rational(text: string, pi = 0): Rational {
  const match = /^(\d+)(?:\.(\d+))?(?:e(-?\d+))?$/.exec(text)
  if (match === null) throw new Error(`not a decimal literal: ${text}`)
  const digits = match[2] ?? ''
  const exponent = Number(match[3] ?? 0) - digits.length
  const over = BigInt(match[1]! + digits)
  return exponent >= 0
    ? { over: over * 10n ** BigInt(exponent), under: 1n, pi }
    : reduced(over, 10n ** BigInt(-exponent), pi)
}

export const times = (a: Rational, b: Rational): Rational => reduced(a.over * b.over, a.under * b.under, a.pi + b.pi)

export const inverse = (a: Rational): Rational => ({ over: a.under, under: a.over, pi: -a.pi })

export function power(a: Rational, exponent: number): Rational {
  const base = exponent < 0 ? inverse(a) : a
  const n = BigInt(Math.abs(exponent))
  return { over: base.over ** n, under: base.under ** n, pi: base.pi * Math.abs(exponent) }
}

/** The nearest double, as far as π allows. */
export function toNumber({ over, under, pi }: Rational): number {
  return quotient(over, under) * Math.PI ** pi
}

const EXACT = 2n ** 53n

function quotient(over: bigint, under: bigint): number {
  if (over < EXACT && under < EXACT) return Number(over) / Number(under)
  // Decimal digits beyond a double's, then parsed: correctly rounded, and no overflow on the way.
  const shift = over.toString().length - under.toString().length - 25
  const digits = shift < 0 ? (over * 10n ** BigInt(-shift)) / under : over / (under * 10n ** BigInt(shift))
  return Number(`${digits}e${shift}`)
}

function reduced(over: bigint, under: bigint, pi: number): Rational {
  let a = over
  let b = under
  while (b !== 0n) [a, b] = [b, a % b]
  return a <= 1n ? { over, under, pi } : { over: over / a, under: under / a, pi }
}
