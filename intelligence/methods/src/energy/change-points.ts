import { type Fit, leastSquares } from './least-squares.ts'

/** How energy follows the outdoor temperature, in the names of ASHRAE's inverse modelling toolkit (RP-1050). */
export type Shape = 'none' | 'linear' | '3P heating' | '3P cooling' | '4P' | '5P'

export interface ShapedFit {
  readonly shape: Shape
  /** Temperatures at which the slope changes: none, one, or two (ascending). */
  readonly points: readonly number[]
  readonly fit: Fit
}

/** The temperature's columns in the regression: degrees below and above the points. */
export function shapeColumns(shape: Shape, points: readonly number[], temperature: Float64Array): Float64Array[] {
  const below = (point: number) => temperature.map((value) => Math.max(0, point - value))
  const above = (point: number) => temperature.map((value) => Math.max(0, value - point))
  switch (shape) {
    case 'none':
      return []
    case 'linear':
      return [temperature]
    case '3P heating':
      return [below(points[0]!)]
    case '3P cooling':
      return [above(points[0]!)]
    case '4P':
      return [below(points[0]!), above(points[0]!)]
    case '5P':
      return [below(points[0]!), above(points[1]!)]
  }
}

const GRID = 24
const SHAPES: readonly Shape[] = ['none', 'linear', '3P heating', '3P cooling', '4P', '5P']

/**
 * The shape with the least Bayesian information criterion (Schwarz, Annals of Statistics 6, 1978), its points searched on a grid over the
 * temperatures that were seen and then between its neighbours (Kissock, Haberl and Claridge, "Inverse Modeling Toolkit: Numerical Algorithms", ASHRAE
 * Transactions 109, 2003). Points cost as parameters. A heating or cooling slope below zero is no such model.
 */
export function bestShape(
  temperature: Float64Array,
  others: readonly Float64Array[],
  y: Float64Array,
): ShapedFit | undefined {
  const sorted = temperature.slice().sort()
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!
  const low = at(0.05)
  const high = at(0.95)
  let best: (ShapedFit & { readonly criterion: number }) | undefined
  for (const shape of SHAPES) {
    const found = searched(shape, low, high, temperature, others, y)
    if (found === undefined) continue
    const parameters = found.fit.coefficients.length + found.points.length
    const criterion =
      y.length * Math.log(Math.max(found.fit.squares, 1e-300) / y.length) + parameters * Math.log(y.length)
    // A more complex shape has to be clearly better: 6 is "strong" evidence (Kass and Raftery, JASA 90, 1995).
    if (best === undefined || criterion < best.criterion - (shape === 'linear' || shape === 'none' ? 2 : 6))
      best = { ...found, criterion }
  }
  return best
}

function searched(
  shape: Shape,
  low: number,
  high: number,
  temperature: Float64Array,
  others: readonly Float64Array[],
  y: Float64Array,
): ShapedFit | undefined {
  const tried = (points: readonly number[]): ShapedFit | undefined => {
    const columns = shapeColumns(shape, points, temperature)
    const fit = leastSquares([...columns, ...others], y)
    if (fit === undefined) return undefined
    const weatherOnly = shape !== 'none' && shape !== 'linear' && shape !== '4P'
    if (weatherOnly && columns.some((_, j) => fit.coefficients[j + 1]! < 0)) return undefined
    return { shape, points, fit }
  }
  if (shape === 'none' || shape === 'linear') return tried([])
  if (!(high > low)) return undefined
  const pairs = shape === '5P'
  let step = (high - low) / (pairs ? GRID / 2 : GRID)
  const first: number[][] = []
  for (let a = low; a <= high + step / 2; a += step)
    if (pairs) for (let b = a + step; b <= high + step / 2; b += step) first.push([a, b])
    else first.push([a])
  let best = leastOf(first.map(tried))
  for (let round = 0; round < 4 && best !== undefined; round++) {
    step /= 3
    const near = best.points.map((point) => [-2, -1, 0, 1, 2].map((k) => point + k * step))
    const options = pairs ? near[0]!.flatMap((a) => near[1]!.map((b) => [a, b])) : near[0]!.map((a) => [a])
    best = leastOf([best, ...options.filter((points) => points.length < 2 || points[0]! < points[1]!).map(tried)])
  }
  return best
}

const leastOf = (fits: readonly (ShapedFit | undefined)[]): ShapedFit | undefined =>
  fits.reduce<ShapedFit | undefined>(
    (best, fit) => (fit !== undefined && (best === undefined || fit.fit.squares < best.fit.squares) ? fit : best),
    undefined,
  )
