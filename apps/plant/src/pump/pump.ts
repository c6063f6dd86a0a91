import { FaultSwitch } from '../core/fault.ts'
import { clamp, lag, resolved } from '../core/lag.ts'
import type { Machine, MachineCommand, Occurrence, Setting, SignalValue } from '../core/machine.ts'
import { numberFrom } from '../core/params.ts'
import { Random, type RandomState } from '../core/rng.ts'
import { conduct, heat, release } from '../core/thermal.ts'
import { BPFO, bearingFriction, nextWear } from './bearing.ts'
import { cavitation, nextFlow, pressureOf, pumpHead, shaftPower, suctionPressure } from './hydraulics.ts'
import { PUMP_MODEL } from './model.ts'
import { type MotorPower, motorPower, nextSpeed } from './motor.ts'
import { figuresOf, SAMPLE_RATE, vibration } from './vibration.ts'

/** Hz/s of the frequency converter's ramp. */
const RAMP = 12
const SUBSTEPS = 10
const AMBIENT = 24
const TURN = 2 * Math.PI

interface PumpState {
  on: boolean
  /** rpm the operator asks for. */
  setpoint: number
  valveTarget: number
  valve: number
  frequency: number
  speed: number
  flow: number
  clogging: number
  wear: number
  unbalance: number
  angle: number
  passes: number
  seconds: number
  sinceWaveform: number
  winding: { temperature: number; capacity: number }
  frame: { temperature: number; capacity: number }
  bearing: { temperature: number; capacity: number }
  fluid: { temperature: number; capacity: number }
  cavitation: number
  power: MotorPower
  figures: { rms: number; kurtosis: number; crest: number; velocity: number }
  waveform: number[]
  shown: Record<string, number>
  faults: string[]
  random: RandomState
}

const fresh = (): Omit<PumpState, 'random' | 'faults'> => ({
  on: true,
  setpoint: 2850,
  valveTarget: 1,
  valve: 1,
  frequency: 49,
  speed: 298,
  flow: 24,
  clogging: 0,
  wear: 0.001,
  unbalance: 0,
  angle: 0,
  passes: 0,
  seconds: 4_212 * 3600,
  sinceWaveform: 1,
  winding: { temperature: 62.6, capacity: 1_400 },
  frame: { temperature: 47.5, capacity: 9_000 },
  bearing: { temperature: 44.3, capacity: 85 },
  fluid: { temperature: 31, capacity: 2.1e6 },
  cavitation: 0,
  power: motorPower(298, 49, 68),
  figures: { rms: 0, kurtosis: 3, crest: 0, velocity: 0 },
  waveform: [],
  shown: {},
})

/** Pump loop: motor, pump, loop, thermal masses, and a bearing that wears. */
export class Pump implements Machine {
  readonly name: string
  readonly model = PUMP_MODEL
  readonly faults: readonly FaultSwitch[]
  readonly commands: Readonly<Record<string, MachineCommand>>
  readonly settings: Readonly<Record<string, Setting>>
  readonly #random: Random
  #state: Omit<PumpState, 'random' | 'faults'> = fresh()

  constructor(name: string, seed: number) {
    this.name = name
    this.#random = new Random(seed, name)
    this.faults = [
      new FaultSwitch(
        'bearing',
        'A spall on the outer race of the drive-end bearing grows: in a second as in the field in a day',
        {
          onClear: () => {
            this.#state.wear = 0.001
          },
        },
      ),
      new FaultSwitch('unbalance', 'Deposits tear off the impeller: once-per-turn vibration'),
      new FaultSwitch('cavitation', 'The suction strainer clogs until the pump cavitates'),
    ]
    this.commands = {
      start: () => {
        this.#state.on = true
        return { on: true }
      },
      stop: () => {
        this.#state.on = false
        return { on: false }
      },
      set_speed: (params) => {
        this.#state.setpoint = numberFrom(params, 'rpm', 600, 3000)
        return { rpm: this.#state.setpoint }
      },
      set_valve: (params) => {
        this.#state.valveTarget = numberFrom(params, 'percent', 5, 100) / 100
        return { percent: this.#state.valveTarget * 100 }
      },
    }
    this.settings = {
      speed_setpoint: {
        get: () => this.#state.setpoint,
        set: (value) => {
          this.#state.setpoint = numberFrom(value, 'speed_setpoint', 600, 3000)
        },
      },
      valve_setpoint: {
        get: () => Math.round(this.#state.valveTarget * 100),
        set: (value) => {
          this.#state.valveTarget = numberFrom(value, 'valve_setpoint', 5, 100) / 100
        },
      },
    }
    this.#measure()
  }

  /** Electric power, W: what the energy meter sees. */
  get electricPower(): number {
    return this.#state.power.electric
  }

  /** Spall on the bearing, 0..1: what no instrument shows. */
  get wear(): number {
    return this.#state.wear
  }

  step(dt: number): void {
    const s = this.#state
    const asked = s.on ? (s.setpoint * 1.017) / 60 : 0
    s.frequency = clamp(asked, s.frequency - RAMP * dt, s.frequency + RAMP * dt)
    s.valve = lag(s.valve, s.valveTarget, dt, 1.5)
    s.clogging = lag(s.clogging, this.#has('cavitation') ? 0.9 : 0, dt, this.#has('cavitation') ? 12 : 2)
    s.unbalance = lag(s.unbalance, this.#has('unbalance') ? 1 : 0, dt, 3)
    s.wear = nextWear(s.wear, s.speed, this.#has('bearing'), dt)
    for (let n = 0; n < SUBSTEPS; n++) this.#turn(dt / SUBSTEPS)
    s.power = motorPower(s.speed, s.frequency, s.winding.temperature)
    this.#warm(dt)
    if (s.speed > 20) s.seconds += dt
    s.sinceWaveform += dt
    if (s.sinceWaveform > 0.95) this.#listen()
    this.#measure()
  }

  signals(): Readonly<Record<string, SignalValue>> {
    const s = this.#state
    return {
      ...s.shown,
      running: s.speed > 20,
      state: this.#stateName(),
      vibration_waveform: { sampleRate: SAMPLE_RATE, samples: s.waveform },
    }
  }

  occurrences(): Occurrence[] {
    return []
  }

  save(): PumpState {
    const faults = this.faults.filter((fault) => fault.active).map((fault) => fault.name)
    return structuredClone({ ...this.#state, faults, random: this.#random.save() })
  }

  restore(saved: unknown): void {
    const { faults, random, ...state } = structuredClone(saved) as PumpState
    this.#state = state
    this.#random.restore(random)
    for (const fault of this.faults) fault.active = faults.includes(fault.name)
  }

  #has(fault: string): boolean {
    return this.faults.some((one) => one.name === fault && one.active)
  }

  #turn(dt: number): void {
    const s = this.#state
    const suction = suctionPressure(s.flow, s.clogging)
    s.cavitation = cavitation(s.flow, s.speed, suction, s.fluid.temperature)
    const friction = bearingFriction(s.speed, s.wear)
    const torque = (shaftPower(s.flow, s.speed) + friction) / Math.max(s.speed, 5)
    s.speed = nextSpeed(s.speed, s.frequency, torque, dt)
    // Vapour in the impeller comes and goes: developed cavitation makes head and flow unsteady.
    const loss = 0.22 * s.cavitation * (1 + 0.5 * this.#random.normal())
    s.flow = nextFlow(s.flow, s.speed, s.valve, clamp(loss, 0, 0.6), dt)
    s.angle = (s.angle + s.speed * dt) % TURN
    s.passes = (s.passes + (s.speed / TURN) * BPFO * dt) % 1
  }

  /** Where each loss goes as heat. */
  #warm(dt: number): void {
    const s = this.#state
    const power = s.power
    heat(s.winding, power.copper + 0.6 * power.iron, dt)
    heat(s.frame, power.rotor + 0.4 * power.iron, dt)
    heat(s.bearing, bearingFriction(s.speed, s.wear), dt)
    heat(s.fluid, shaftPower(s.flow, s.speed), dt)
    conduct(s.winding, s.frame, 13, dt)
    conduct(s.bearing, s.frame, 1.5, dt)
    release(s.frame, AMBIENT, 5 + 7 * (s.speed / 303), dt)
    release(s.bearing, AMBIENT, 0.5, dt)
    // The loop's cooler: its water comes at ambient temperature.
    release(s.fluid, AMBIENT, 320, dt)
  }

  #listen(): void {
    const s = this.#state
    s.sinceWaveform = 0
    const wave = vibration(s, this.#random)
    s.waveform = Array.from(wave, (sample) => resolved(sample, 0.001))
    s.figures = figuresOf(s.waveform)
  }

  /** Instruments: noise of the sensor, then its resolution. */
  #measure(): void {
    const s = this.#state
    const noisy = (value: number, noise: number, resolution: number) =>
      resolved(value + noise * this.#random.normal(), resolution)
    const suction = suctionPressure(s.flow, s.clogging)
    const loss = 0.22 * s.cavitation
    const discharge = suction + pressureOf(pumpHead(s.flow, s.speed, loss))
    const rough = 1 + 6 * s.cavitation
    s.shown = {
      speed: Math.max(0, noisy((s.speed / TURN) * 60, s.speed > 1 ? 0.8 : 0, 0.1)),
      flow: Math.max(0, noisy(s.flow, 0.04 * rough, 0.01)),
      discharge_pressure: noisy(discharge, 0.004 * rough, 0.001),
      suction_pressure: noisy(suction, 0.002 * rough, 0.001),
      motor_current: Math.max(0, noisy(s.power.current, 0.015, 0.01)),
      motor_power: Math.max(0, noisy(s.power.electric / 1000, 0.004, 0.001)),
      vibration_rms: resolved(s.figures.rms, 0.001),
      vibration_velocity: resolved(s.figures.velocity, 0.001),
      vibration_kurtosis: resolved(s.figures.kurtosis, 0.01),
      winding_temperature: noisy(s.winding.temperature, 0.03, 0.01),
      bearing_temperature: noisy(s.bearing.temperature, 0.03, 0.01),
      fluid_temperature: noisy(s.fluid.temperature, 0.02, 0.01),
      valve_position: clamp(noisy(s.valve * 100, 0.02, 0.1), 0, 100),
      operating_hours: resolved(s.seconds / 3600, 0.001),
    }
  }

  #stateName(): string {
    const s = this.#state
    if (s.on) return s.speed < 0.93 * ((s.setpoint / 60) * TURN) ? 'starting' : 'running'
    return s.speed > 5 ? 'stopping' : 'stopped'
  }
}
