/**
 * The drive-end bearing: a deep groove ball bearing of the 6205 size. Defect frequencies follow from its geometry alone
 * (Randall and Antoni, "Rolling element bearing diagnostics - a tutorial", MSSP 25, 2011).
 */
export const BEARING = {
  balls: 9,
  /** mm. */
  ball: 7.938,
  pitch: 39.04,
  bore: 25,
  contactAngle: 0,
  /** N, radial. */
  load: 520,
} as const

const RATIO = (BEARING.ball / BEARING.pitch) * Math.cos(BEARING.contactAngle)

/** Balls that pass a spot of the outer race per turn of the shaft: 3.585. */
export const BPFO = (BEARING.balls / 2) * (1 - RATIO)
/** The same of the inner race: 5.415. */
export const BPFI = (BEARING.balls / 2) * (1 + RATIO)
/** Turns of the cage per turn of the shaft: 0.398. */
export const FTF = (1 - RATIO) / 2

/** The injected fault is shown as a time-lapse: in one second the crack grows as it does in a day of a pump's life. */
export const DAYS_PER_SECOND = 1
/** Days in which a crack grows by a factor e. */
const CRACK_DAYS = 12
const CRACK_TIME = CRACK_DAYS / DAYS_PER_SECOND
const FIRST_SPALL = 0.02
/** Ordinary ageing: per turn of the shaft, so that the rated life is some 40,000 h. */
const AGEING = 2.4e-10

/**
 * Size of the spall on the outer race after `dt`, 0 (new) to 1 (worn out). Paris' law da/dN = C ΔK^m with ΔK ~ √a and
 * m = 2 makes growth proportional to the spall's own size: exponential, and proportional to speed.
 */
export function nextWear(wear: number, speed: number, cracked: boolean, dt: number): number {
  const turns = (speed / (2 * Math.PI)) * dt
  const ageing = AGEING * turns
  if (!cracked) return Math.min(1, wear + ageing)
  const spall = Math.max(wear, FIRST_SPALL)
  return Math.min(1, spall * Math.exp((dt / CRACK_TIME) * (speed / 303)) + ageing)
}

/** Friction, W: the simple estimate M = 0.5 μ P d of bearing makers, seals included, grown by the damage. */
export function bearingFriction(speed: number, wear: number): number {
  const torque = 0.5 * 0.0015 * BEARING.load * (BEARING.bore / 1000) + 0.006
  return torque * speed * (1 + 28 * wear ** 1.5)
}
