import { normalCdf, scaledTail } from '../../distributions/normal.ts'

/** A wear that goes its way by `drift` an hour on average and scatters by `diffusion`² an hour: X(t) = drift·t + diffusion·B(t). */
export interface WienerDrift {
  /** Posterior mean and variance of the drift; variance 0 when it is known. */
  readonly drift: number
  readonly driftVariance: number
  readonly diffusion: number
}

/**
 * P(the wear reaches a limit `distance` away within `hours`): the inverse Gaussian distribution for a known drift (Chhikara and Folks 1989), and
 * averaged over a normal drift else (Peng and Tseng, "Mis-specification analysis of linear degradation models", IEEE Trans.
 * Reliability 58, 2009, eq. 9). With a drift that leads away from the limit it stays below 1 forever.
 */
export function firstPassage(
  { drift, driftVariance, diffusion }: WienerDrift,
  distance: number,
  hours: number,
): number {
  if (distance <= 0) return 1
  if (!(hours > 0)) return 0
  const noise = diffusion * diffusion
  const spread = Math.sqrt(noise * hours + driftVariance * hours * hours)
  if (!(spread > 0)) return drift * hours >= distance ? 1 : 0
  const reach = (drift * hours - distance) / spread
  const direct = normalCdf(reach)
  if (!(noise > 0)) return direct
  // The paths that crossed and came back: exp(exponent)·P(Z > mirrored), where mirrored² / 2 - exponent is reach² / 2.
  const mirrored = (2 * driftVariance * distance * (hours / noise) + drift * hours + distance) / spread
  const back =
    mirrored >= 0
      ? Math.exp(-0.5 * reach * reach) * scaledTail(mirrored)
      : Math.exp((2 * distance * (drift + (driftVariance * distance) / noise)) / noise) * normalCdf(-mirrored)
  return Math.min(1, direct + back)
}
