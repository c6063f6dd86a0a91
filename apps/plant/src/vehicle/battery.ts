import { clamp } from '../core/lag.ts'

/** A 48 V lithium iron phosphate battery: open-circuit voltage by charge, inner resistance, coulomb counting. */
export const BATTERY = {
  /** A h */
  capacity: 60,
  cells: 16,
  /** Ω */
  resistance: 0.021,
  chargeCurrent: 90,
} as const

/** Open-circuit voltage of a cell against its charge 0..1: the flat plateau of LFP, steep at both ends. */
export function cellVoltage(charge: number): number {
  return 3.22 + 0.12 * charge + 0.1 * Math.exp(-(1 - charge) * 40) - 0.55 * Math.exp(-charge * 28)
}

export interface BatteryStep {
  readonly charge: number
  /** V at the terminals. */
  readonly voltage: number
  /** A, positive when it gives. */
  readonly current: number
  /** W that warm it. */
  readonly loss: number
}

/** One step of `dt` s under a power in W (negative: charging); `health` is the part of the capacity that is left. */
export function drain(charge: number, power: number, health: number, dt: number): BatteryStep {
  const open = cellVoltage(charge) * BATTERY.cells
  const resistance = BATTERY.resistance / Math.max(health, 0.2)
  // P = (U0 - R I) I, solved for the smaller current.
  const root = Math.max(0, open * open - 4 * resistance * power)
  const current = (open - Math.sqrt(root)) / (2 * resistance)
  const next = clamp(charge - (current * dt) / 3600 / (BATTERY.capacity * health), 0, 1)
  return { charge: next, voltage: open - resistance * current, current, loss: resistance * current * current }
}
