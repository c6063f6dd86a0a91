/**
 * First-order lag, solved exactly for a constant input over the step: y(t+dt) = u + (y - u)·exp(-dt/τ). Stable for any
 * step, so that a slow thermal mass and a fast valve can share one.
 */
export function lag(value: number, target: number, dt: number, tau: number): number {
  return target + (value - target) * Math.exp(-dt / tau)
}

/** As an instrument shows it: in steps of its resolution. */
export function resolved(value: number, resolution: number): number {
  const steps = Math.round(value / resolution)
  // Divided, not multiplied, where the resolution is 1/n: 0.1 steps then print as 0.3, not 0.30000000000000004.
  return resolution < 1 ? steps / Math.round(1 / resolution) : steps * resolution
}

export const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value))
