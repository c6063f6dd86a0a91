/**
 * Lumped thermal masses joined by conductances: C dT/dt = heat + Σ G (T_other - T). Heat that leaves one mass enters
 * another or the surroundings; nothing else.
 */
export interface ThermalMass {
  /** °C. */
  temperature: number
  /** J/K. */
  readonly capacity: number
}

/** Heat flow from `a` to `b`, W, moved for `dt`; returned so that it can be accounted for. */
export function conduct(a: ThermalMass, b: ThermalMass, conductance: number, dt: number): number {
  const power = conductance * (a.temperature - b.temperature)
  a.temperature -= (power * dt) / a.capacity
  b.temperature += (power * dt) / b.capacity
  return power
}

/** Heat flow into surroundings that stay as they are, W. */
export function release(mass: ThermalMass, surroundings: number, conductance: number, dt: number): number {
  const power = conductance * (mass.temperature - surroundings)
  mass.temperature -= (power * dt) / mass.capacity
  return power
}

export function heat(mass: ThermalMass, power: number, dt: number): void {
  mass.temperature += (power * dt) / mass.capacity
}
