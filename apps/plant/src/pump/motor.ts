/**
 * A 3 kW two-pole induction motor on a frequency converter (constant U/f), in steady-state equivalents: torque is
 * proportional to slip, the current is the vector sum of magnetising and load current. Nameplate: 400 V, 6.1 A, 2890 rpm.
 */
export const MOTOR = {
  ratedPower: 3000,
  ratedSpeed: (2890 / 60) * 2 * Math.PI,
  ratedFrequency: 50,
  polePairs: 1,
  voltage: 400,
  magnetising: 2.9,
  ratedLoadCurrent: 5.37,
  /** Ω per phase at 20 °C, and its temperature coefficient (copper, IEC 60034-2-1). */
  resistance: 1.7,
  copper: 0.00393,
  /** kg m², rotor and impeller. */
  inertia: 0.012,
} as const

const RATED_TORQUE = MOTOR.ratedPower / MOTOR.ratedSpeed
const RATED_SLIP = (2 * Math.PI * MOTOR.ratedFrequency) / MOTOR.polePairs - MOTOR.ratedSpeed
/** N m per rad/s of slip. */
const STIFFNESS = RATED_TORQUE / RATED_SLIP

export const synchronousSpeed = (frequency: number): number => (2 * Math.PI * frequency) / MOTOR.polePairs

/** Shaft speed after `dt` (rad/s): J dω/dt = k(ω_s - ω) - T_load, implicit, since the time constant is only 14 ms. */
export function nextSpeed(speed: number, frequency: number, loadTorque: number, dt: number): number {
  if (frequency < 0.5) return Math.max(0, speed - ((loadTorque + 0.3) / MOTOR.inertia) * dt)
  const inertia = MOTOR.inertia / dt
  return Math.max(0, (inertia * speed + STIFFNESS * synchronousSpeed(frequency) - loadTorque) / (inertia + STIFFNESS))
}

/** Where the electric power goes, W. */
export interface MotorPower {
  readonly electric: number
  readonly airGap: number
  readonly shaft: number
  readonly copper: number
  readonly iron: number
  readonly rotor: number
  readonly converter: number
  readonly current: number
}

/** Power balance at a speed and frequency: electric = shaft + rotor + copper + iron + converter losses. */
export function motorPower(speed: number, frequency: number, winding: number): MotorPower {
  if (frequency < 0.5) {
    return { electric: 0, airGap: 0, shaft: 0, copper: 0, iron: 0, rotor: 0, converter: 0, current: 0 }
  }
  const slip = synchronousSpeed(frequency) - speed
  const torque = STIFFNESS * slip
  const current = Math.hypot(MOTOR.magnetising, MOTOR.ratedLoadCurrent * (torque / RATED_TORQUE))
  const airGap = torque * synchronousSpeed(frequency)
  const copper = 3 * current * current * MOTOR.resistance * (1 + MOTOR.copper * (winding - 20))
  const iron = 95 * (frequency / MOTOR.ratedFrequency) ** 1.6
  const converter = 25 + 0.02 * Math.abs(airGap)
  return {
    electric: airGap + copper + iron + converter,
    airGap,
    shaft: torque * speed,
    copper,
    iron,
    rotor: torque * slip,
    converter,
    current,
  }
}
