import { clamp } from '../core/lag.ts'

/**
 * A radial pump in a closed loop over a tank. Curves are given at 2900 rpm and follow the affinity laws
 * (Q ~ n, H ~ n², P ~ n³); the loop is static head plus pipe and valve losses ~ Q²; the water's inertia makes the flow
 * follow with a time constant of some 0.3 s. Gülich, "Centrifugal Pumps", 4th ed., ch. 2-4.
 */
export const RHO = 998
export const GRAVITY = 9.81
const NOMINAL_SPEED = (2900 / 60) * 2 * Math.PI
/** m, and m per (m³/h)². */
const SHUT_OFF_HEAD = 32
const HEAD_SLOPE = 0.0128
/** W, and W per m³/h, at 2900 rpm. */
const SHUT_OFF_POWER = 1100
const POWER_SLOPE = 46.8
const STATIC_HEAD = 6
/** m per (m³/h)² with the valve open, of which the valve is a part. */
const PIPE = 0.0188
const VALVE_OPEN = 0.01
/** d(flow)/dt = this × (pump head - system head), (m³/h)/s per m: gravity × area / length of 60 m of DN 65. */
const WATER = ((GRAVITY * 0.00332) / 60) * 3600
const ATMOSPHERE = 1.013
const SUCTION_LEVEL = 3
const STRAINER = 0.0008

/** Head of the pump, m, at a flow in m³/h and a speed in rad/s; `loss` is what cavitation takes of it (0..1). */
export function pumpHead(flow: number, speed: number, loss = 0): number {
  const ratio = speed / NOMINAL_SPEED
  return (SHUT_OFF_HEAD * ratio * ratio - HEAD_SLOPE * flow * Math.abs(flow)) * (1 - loss)
}

/** Power at the shaft, W. */
export function shaftPower(flow: number, speed: number): number {
  const ratio = speed / NOMINAL_SPEED
  if (ratio <= 0) return 0
  return ratio ** 3 * (SHUT_OFF_POWER + POWER_SLOPE * Math.max(0, flow / ratio))
}

/** Head the loop asks for, m; `valve` 0 (shut) to 1 (open). */
export function systemHead(flow: number, valve: number): number {
  const opening = clamp(valve, 0.02, 1)
  return STATIC_HEAD + (PIPE + VALVE_OPEN / (opening * opening)) * flow * Math.abs(flow)
}

/** Flow after `dt`, m³/h; a check valve lets none back. */
export function nextFlow(flow: number, speed: number, valve: number, loss: number, dt: number): number {
  return Math.max(0, flow + WATER * (pumpHead(flow, speed, loss) - systemHead(flow, valve)) * dt)
}

/** Pressure at the suction flange, bar gauge; `clogging` of the strainer 0..1. */
export function suctionPressure(flow: number, clogging: number): number {
  const loss = STRAINER * (1 + 40 * clogging * clogging) * flow * flow
  return Math.max(((SUCTION_LEVEL - loss) * RHO * GRAVITY) / 1e5, 0.02 - ATMOSPHERE)
}

export const pressureOf = (head: number): number => (head * RHO * GRAVITY) / 1e5

/**
 * How far cavitation is developed, 0..1: from the net positive suction head that is there against what the pump needs
 * (with a tenth in reserve, ISO 17769 and Gülich ch. 6). `temperature` in °C gives the vapour pressure (Antoine).
 */
export function cavitation(flow: number, speed: number, suction: number, temperature: number): number {
  const ratio = speed / NOMINAL_SPEED
  const vapour = 0.00133322 * 10 ** (8.07131 - 1730.63 / (233.426 + temperature))
  const available = ((suction + ATMOSPHERE - vapour) * 1e5) / (RHO * GRAVITY)
  const required = 1.5 * ratio * ratio + 0.004 * flow * flow
  return clamp((required * 1.1 - available) / 0.8, 0, 1)
}
