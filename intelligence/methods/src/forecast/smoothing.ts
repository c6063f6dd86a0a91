import { nelderMead } from './nelder-mead.ts'

/** Exponential smoothing with a damped trend and an additive season: ETS(A,Ad,A), or ETS(A,Ad,N) with a season of 1. */
export interface Smoothing {
  readonly season: number
  readonly alpha: number
  readonly beta: number
  readonly gamma: number
  readonly phi: number
}

export interface SmoothingRun {
  /** Sum of the squared errors one step ahead, after the two seasons that the state begins from. */
  readonly error: number
  readonly level: number
  readonly trend: number
  /** The season's value for each of the next `season` steps. */
  readonly next: Float64Array
}

/**
 * Component form (Hyndman and Athanasopoulos, "Forecasting: Principles and Practice", 3rd ed., 8.3 and 8.6): l(t) = α (y - s(t-m)) + (1-α)(l + φb), b(t) = β (l(t) - l(t-1)) + (1-β) φb, s(t) = γ (y - l(t-1) - φb) + (1-γ) s(t-m). The state begins from the means of the first two
 * seasons.
 *
 * @param values at least two seasons, none missing
 */
export function smooth({ season, alpha, beta, gamma, phi }: Smoothing, values: Float64Array): SmoothingRun {
  const n = values.length
  const length = Math.max(2, season)
  let level = 0
  let later = 0
  for (let i = 0; i < length; i++) {
    level += values[i]! / length
    later += values[Math.min(n - 1, length + i)]! / length
  }
  let trend = (later - level) / length
  const seasonal = new Float64Array(season)
  if (season > 1)
    for (let i = 0; i < season; i++)
      seasonal[i] = (values[i]! - level + (values[Math.min(n - 1, season + i)]! - later)) / 2
  level -= trend * ((length + 1) / 2)
  let error = 0
  for (let i = 0; i < n; i++) {
    const k = i % season
    const before = level + phi * trend
    const residual = values[i]! - before - seasonal[k]!
    if (i >= 2 * length) error += residual * residual
    const next = before + alpha * residual
    trend = beta * (next - level) + (1 - beta) * phi * trend
    level = next
    if (season > 1) seasonal[k]! += gamma * residual
  }
  return { error, level, trend, next: Float64Array.from({ length: season }, (_, i) => seasonal[(n + i) % season]!) }
}

/** The four parameters with the least squared error one step ahead. */
export function fitSmoothing(values: Float64Array, season: number): Smoothing {
  const from = (x: readonly number[]): Smoothing => ({
    season,
    alpha: logistic(x[0]!),
    beta: logistic(x[1]!),
    gamma: season > 1 ? logistic(x[2]!) : 0,
    // The usual bounds (Hyndman and Athanasopoulos, 8.2): below, the trend is gone at once; above, it never ends.
    phi: 0.8 + 0.18 * logistic(x[3]!),
  })
  const starts = [
    [-1, -4, -2, 1],
    [1, -4, -4, -1],
  ]
  const tried = starts.map((start) => nelderMead((x) => smooth(from(x), values).error, start, 1, 150))
  return tried.map(from).reduce((a, b) => (smooth(b, values).error < smooth(a, values).error ? b : a))
}

/** @param out filled with the steps after the run's last value */
export function extendSmoothing({ phi, season }: Smoothing, run: SmoothingRun, out: Float64Array): void {
  let damped = 0
  let factor = 1
  for (let h = 0; h < out.length; h++) {
    factor *= phi
    damped += factor
    out[h] = run.level + damped * run.trend + run.next[h % season]!
  }
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x))
