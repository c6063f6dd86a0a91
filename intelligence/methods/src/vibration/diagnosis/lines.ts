import type { Spectrum } from '../signal/spectrum.ts'

/** A line that was looked for: what is there, and what the spectrum holds around it without it. */
export interface Line {
  /** `1×`, `BPFO`, `2×BPFO`, `BPFI - 1×`, `mesh`, … */
  readonly name: string
  /** Hz, where it was expected. */
  readonly expected: number
  /** Hz, the highest line near that. */
  readonly frequency: number
  /** In the unit of the spectrum. */
  readonly amplitude: number
  /** RMS of the noise around it, from the median of its neighbours. */
  readonly floor: number
  /** -ln of the probability that noise alone raises a line this high within the tolerance. */
  readonly significance: number
}

/** Lines on each side that the noise floor is taken from. */
const NEIGHBOURS = 40
/** Up to here noise reaches once in 3,000 tries: e^-8. */
export const SIGNIFICANT = 8

/**
 * The highest line within `tolerance` (part of the frequency, at least one and a half lines of the spectrum) of where
 * it is expected. Lines of noise are exponentially distributed in power, so their median tells their mean: median / ln
 * 2.
 * @returns undefined when the spectrum does not reach there
 */
export function lineAt(of: Spectrum, name: string, expected: number, tolerance: number): Line | undefined {
  const { amplitude, first, step } = of
  const reach = Math.max(1.5 * step, tolerance * expected)
  const low = Math.max(1, Math.round((expected - reach - first) / step))
  const high = Math.min(amplitude.length - 1, Math.round((expected + reach - first) / step))
  if (low > high || expected > first + (amplitude.length - 1) * step) return undefined
  let at = low
  for (let k = low; k <= high; k++) if (amplitude[k]! > amplitude[at]!) at = k
  const floor = noiseFloor(of)[at]!
  const significance = floor === 0 ? 0 : surprise((amplitude[at]! / floor) ** 2 * of.averages, high - low + 1)
  return {
    name,
    expected,
    frequency: first + (at + summit(amplitude, at)) * step,
    amplitude: amplitude[at]!,
    floor,
    significance,
  }
}

/** Where between its neighbours the top of a line lies, -0.5 to 0.5 lines: a parabola through the logarithms. */
function summit(amplitude: Float64Array, at: number): number {
  const [before, top, after] = [amplitude[at - 1], amplitude[at], amplitude[at + 1]]
  if (!before || !top || !after || top < before || top < after) return 0
  const rise = Math.log(top / before)
  const fall = Math.log(top / after)
  return rise + fall === 0 ? 0 : (rise - fall) / (2 * (rise + fall))
}

const floors = new WeakMap<Float64Array, Float64Array>()
/** Lines between two places where the median is taken anew. */
const STRIDE = 8

/** Mean amplitude of the noise at each line, kept for as long as the spectrum is: many lines are looked for in one. */
export function noiseFloor({ amplitude }: Spectrum): Float64Array {
  const known = floors.get(amplitude)
  if (known !== undefined) return known
  const floor = new Float64Array(amplitude.length)
  for (let k = 0; k < floor.length; k += STRIDE) {
    const around = amplitude.slice(Math.max(1, k - NEIGHBOURS), k + NEIGHBOURS + 1).sort()
    floor.fill(around[around.length >> 1]! / Math.sqrt(Math.LN2), k, k + STRIDE)
  }
  floors.set(amplitude, floor)
  return floor
}

/** -ln P(the largest of `tries` exponential values reaches `ratio` times their mean). */
function surprise(ratio: number, tries: number): number {
  if (ratio > 30) return ratio - Math.log(tries)
  return -Math.log(Math.max(Number.MIN_VALUE, -Math.expm1(tries * Math.log1p(-Math.exp(-ratio)))))
}

/** Harmonic cursor: the lines at 1 to `count` times a frequency, as far as the spectrum reaches. */
export function harmonics(
  of: Spectrum,
  nameOf: (n: number) => string,
  frequency: number,
  count: number,
  tolerance: number,
): Line[] {
  const found: Line[] = []
  for (let n = 1; n <= count; n++) {
    const line = lineAt(of, nameOf(n), n * frequency, tolerance)
    if (line !== undefined) found.push(line)
  }
  return found
}

/** Sideband cursor: the lines `count` spacings to both sides of a centre. */
export function sidebands(
  of: Spectrum,
  centre: { readonly name: string; readonly frequency: number },
  spacing: { readonly name: string; readonly frequency: number },
  count: number,
): Line[] {
  const found: Line[] = []
  for (let n = 1; n <= count; n++)
    for (const side of [-1, 1]) {
      const name = `${centre.name} ${side < 0 ? '-' : '+'} ${n === 1 ? '' : `${n}·`}${spacing.name}`
      const at = centre.frequency + side * n * spacing.frequency
      const line = at > 0 ? lineAt(of, name, at, 0) : undefined
      if (line !== undefined) found.push(line)
    }
  return found
}

export const significant = (line: Line): boolean => line.significance >= SIGNIFICANT

/** `BPFO`, `2×BPFO`, `3×BPFO`, … */
export const multiples = (name: string) => (n: number) => (n === 1 ? name : `${n}×${name}`)
