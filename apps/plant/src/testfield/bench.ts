import { lag, resolved } from '../core/lag.ts'
import type { Fault, Machine, Occurrence, SignalValue } from '../core/machine.ts'
import { Random, type RandomState } from '../core/rng.ts'
import { heat, release } from '../core/thermal.ts'
import { MOTOR, motorPower, nextSpeed } from '../pump/motor.ts'
import { BENCH_MODEL } from './model.ts'

/** Seconds of each stage of a test, in their order. */
const STAGES = [
  ['clamping', 2],
  ['run-up', 1.5],
  ['no-load', 2.5],
  ['load', 6],
  ['run-down', 2],
  ['unclamping', 2],
] as const
type Stage = (typeof STAGES)[number][0]

const RATED_TORQUE = MOTOR.ratedPower / MOTOR.ratedSpeed
/** The load curve goes up to 125 % of the rated torque. */
const FULL_LOAD = 1.25 * RATED_TORQUE
/** Efficiency counts where the torque is within this of the rated one. */
const AT_RATED = 0.05 * RATED_TORQUE
const LEAST_EFFICIENCY = 0.8
const HALL = 23
/** J/K and W/K of a motor's winding, for a test of seconds. */
const WINDING = 1_500
const COOLING = 4
/** What the bench's cabinet and controls take, W. */
const CABINET = 180
/** The dynamometer gives back what it brakes, but for its losses. */
const GIVEN_BACK = 0.85

/** The motor on the bench: no two are alike, and one in twelve is not as it should be. */
interface Motor {
  readonly serial: number
  /** N m. */
  readonly friction: number
  /** Copper losses against those of a sound winding. */
  readonly winding: number
}

interface BenchState {
  motor: Motor
  stage: number
  /** Seconds in this stage. */
  elapsed: number
  frequency: number
  speed: number
  torque: number
  temperature: number
  /** W: taken by the motor, and from the mains by the whole bench. */
  electric: number
  drawn: number
  current: number
  /** Sums over the rated point and the end of the no-load test. */
  taken: number
  delivered: number
  idleCurrent: number
  idleSamples: number
  shown: Record<string, number | string>
  happened: Occurrence[]
}

/** An end-of-line bench: clamps one motor after the other, lets it run idle, loads it up to 125 %, and judges it. */
export class TestBench implements Machine {
  readonly name: string
  readonly model = BENCH_MODEL
  readonly faults: readonly Fault[] = []
  readonly commands = {}
  readonly settings = {}
  readonly #random: Random
  #s: BenchState

  constructor(name: string, seed: number) {
    this.name = name
    this.#random = new Random(seed, name)
    this.#s = {
      motor: this.#nextMotor(40_210),
      stage: 0,
      elapsed: 0,
      frequency: 0,
      speed: 0,
      torque: 0,
      temperature: HALL,
      electric: 0,
      drawn: CABINET,
      current: 0,
      ...NOTHING_YET,
      shown: {},
      happened: [],
    }
    this.#measure()
  }

  /** From the mains, W. */
  get electricPower(): number {
    return this.#s.drawn
  }

  step(dt: number): void {
    const s = this.#s
    s.elapsed += dt
    // Steps add up to a hair less than the stage's length.
    if (s.elapsed > STAGES[s.stage]![1] - dt / 2) this.#nextStage()
    const stage = this.#stage
    const powered = stage === 'run-up' || stage === 'no-load' || stage === 'load'
    const ramp = MOTOR.ratedFrequency / STAGES[1][1]
    s.frequency = powered ? Math.min(MOTOR.ratedFrequency, s.frequency + ramp * dt) : 0
    const wanted = stage === 'load' ? (FULL_LOAD * s.elapsed) / STAGES[3][1] : 0
    s.torque = stage === 'run-down' ? (s.speed > 0 ? 4 : 0) : lag(s.torque, wanted, dt, 0.05)
    s.speed = nextSpeed(s.speed, s.frequency, s.torque + (s.speed > 0 ? s.motor.friction : 0), dt)
    const { electric, copper, iron, rotor, current } = motorPower(s.speed, s.frequency, s.temperature)
    const extra = copper * (s.motor.winding - 1)
    s.electric = Math.max(0, electric + extra)
    s.current = current
    s.drawn = CABINET + Math.max(0, s.electric - GIVEN_BACK * s.torque * s.speed)
    const mass = { temperature: s.temperature, capacity: WINDING }
    heat(mass, copper + extra + iron / 2 + rotor / 2, dt)
    release(mass, HALL, COOLING, dt)
    s.temperature = mass.temperature
    this.#judge(dt)
    this.#measure()
  }

  signals(): Readonly<Record<string, SignalValue>> {
    return this.#s.shown
  }

  occurrences(): Occurrence[] {
    return this.#s.happened.splice(0)
  }

  save(): unknown {
    return structuredClone({ ...this.#s, random: this.#random.save() })
  }

  restore(saved: unknown): void {
    const { random, ...state } = structuredClone(saved) as BenchState & { random: RandomState }
    this.#s = state
    this.#random.restore(random)
  }

  get #stage(): Stage {
    return STAGES[this.#s.stage]![0]
  }

  #nextStage(): void {
    const s = this.#s
    if (this.#stage === 'run-down') this.#tell()
    s.stage = (s.stage + 1) % STAGES.length
    s.elapsed = 0
    if (this.#stage !== 'clamping') return
    Object.assign(s, { motor: this.#nextMotor(s.motor.serial + 1), temperature: HALL + this.#random.between(-1, 3) })
    Object.assign(s, NOTHING_YET)
  }

  #nextMotor(serial: number): Motor {
    const flaw = this.#random.next()
    return {
      serial,
      friction: this.#random.between(0.25, 0.4) + (flaw < 1 / 24 ? 1.3 : 0),
      winding: this.#random.between(0.98, 1.03) + (flaw > 23 / 24 ? 1.2 : 0),
    }
  }

  #judge(dt: number): void {
    const s = this.#s
    if (this.#stage === 'no-load' && s.elapsed > 1.5) {
      s.idleCurrent += s.current
      s.idleSamples += 1
    }
    if (this.#stage !== 'load' || Math.abs(s.torque - RATED_TORQUE) > AT_RATED) return
    s.taken += s.electric * dt
    s.delivered += s.torque * s.speed * dt
  }

  #tell(): void {
    const s = this.#s
    const efficiency = s.delivered / s.taken
    s.happened.push(
      { signal: 'motor_serial', value: `M-${s.motor.serial}` },
      { signal: 'result', value: efficiency >= LEAST_EFFICIENCY ? 'pass' : 'fail' },
      { signal: 'efficiency', value: resolved(100 * efficiency, 0.01) },
      { signal: 'no_load_current', value: resolved(s.idleCurrent / s.idleSamples, 0.001) },
    )
  }

  #measure(): void {
    const s = this.#s
    const noise = () => this.#random.normal()
    const voltage = (MOTOR.voltage * s.frequency) / MOTOR.ratedFrequency
    const apparent = Math.sqrt(3) * voltage * s.current
    s.shown = {
      speed: resolved(Math.max(0, s.speed * (30 / Math.PI) + (s.speed > 0 ? 0.2 * noise() : 0)), 0.1),
      torque: resolved(s.torque + 0.01 * noise(), 0.01),
      current: resolved(Math.max(0, s.current * (1 + 0.001 * noise())), 0.001),
      power: resolved(Math.max(0, (s.electric / 1000) * (1 + 0.001 * noise())), 0.0001),
      voltage: resolved(voltage * (1 + 0.0005 * noise()), 0.01),
      power_factor: resolved(apparent < 1 ? 1 : Math.min(1, s.electric / apparent), 0.001),
      frequency: resolved(s.frequency, 0.01),
      winding_temperature: resolved(s.temperature + 0.05 * noise(), 0.1),
      state: this.#stage,
    }
  }
}

const NOTHING_YET = { taken: 0, delivered: 0, idleCurrent: 0, idleSamples: 0 } as const
