import { FaultSwitch } from '../core/fault.ts'
import { clamp, lag, resolved } from '../core/lag.ts'
import type { Machine, MachineModel, Occurrence, Setting, SignalValue } from '../core/machine.ts'
import { numberFrom } from '../core/params.ts'
import { Random, type RandomState } from '../core/rng.ts'

export const COMPRESSOR_MODEL: MachineModel = {
  name: 'Air compressor',
  description: 'Screw compressor with its receiver and the compressed-air network behind it',
  signals: [
    {
      name: 'pressure',
      kind: 'number',
      unit: 'bar',
      description: 'Network pressure, gauge',
      min: 0,
      max: 16,
      every: 1,
    },
    {
      name: 'air_flow',
      kind: 'number',
      unit: 'm3/min',
      description: 'Into the network, at 1 bar',
      min: 0,
      max: 20,
      every: 1,
    },
    { name: 'motor_power', kind: 'number', unit: 'kW', description: 'Electric power', min: 0, max: 60, every: 1 },
    {
      name: 'load_share',
      kind: 'number',
      unit: '%',
      description: 'Time under load in the last minute',
      min: 0,
      max: 100,
      every: 1,
    },
    {
      name: 'outlet_temperature',
      kind: 'number',
      unit: 'Cel',
      description: 'Oil and air at the screw',
      min: -20,
      max: 150,
      every: 1,
    },
    { name: 'running', kind: 'boolean', unit: '1', description: 'The motor turns', every: 1 },
    { name: 'state', kind: 'state', unit: '1', description: 'loaded, unloaded', every: 1 },
  ],
}

interface AirState {
  pressure: number
  loaded: boolean
  cutIn: number
  demand: number
  leak: number
  power: number
  share: number
  temperature: number
  shown: Record<string, number>
}

/** m³ of receiver and pipes. */
const VOLUME = 1.5
/** m³/min free air at load, kW loaded and running idle. */
const DELIVERY = 2.6
const LOADED_POWER = 16.5
const IDLE_POWER = 4.6
const BAND = 0.8
/** Free air through all small leaks at 7 bar, m³/min; a torn hose adds the second. */
const SMALL_LEAKS = 0.22
const TORN_HOSE = 1.15

/**
 * Load/unload control between two pressures; the receiver's mass balance V dp/dt = delivery - demand - leaks. Leaks are
 * chokes: their flow is proportional to absolute pressure (ISO 6358).
 */
export class Compressor implements Machine {
  readonly name: string
  readonly model = COMPRESSOR_MODEL
  readonly faults: readonly FaultSwitch[]
  readonly commands = {}
  readonly settings: Readonly<Record<string, Setting>>
  readonly #random: Random
  readonly #leak: FaultSwitch
  readonly #demand: () => number
  readonly #worn: () => number
  #s: AirState = {
    pressure: 6.9,
    loaded: true,
    cutIn: 6.4,
    demand: 0.5,
    leak: SMALL_LEAKS,
    power: LOADED_POWER,
    share: 40,
    temperature: 78,
    shown: {},
  }

  /**
   * @param demand what the machines take now, m³/min free air
   * @param worn what worn fittings let out beside all small leaks, m³/min at 7 bar
   */
  constructor(name: string, seed: number, demand: () => number, worn: () => number = () => 0) {
    this.name = name
    this.#demand = demand
    this.#worn = worn
    this.#random = new Random(seed, name)
    this.#leak = new FaultSwitch('leak', 'A hose tears: a compressed-air leak of more than a cubic metre a minute')
    this.faults = [this.#leak]
    this.settings = {
      cut_in_pressure: {
        get: () => this.#s.cutIn,
        set: (value) => {
          this.#s.cutIn = numberFrom(value, 'cut_in_pressure', 5, 8)
        },
      },
    }
    this.#measure()
  }

  get electricPower(): number {
    return this.#s.power * 1000
  }

  step(dt: number): void {
    const s = this.#s
    s.demand = lag(s.demand, this.#demand(), dt, 0.5)
    s.leak = lag(
      s.leak,
      SMALL_LEAKS + this.#worn() + (this.#leak.active ? TORN_HOSE : 0),
      dt,
      this.#leak.active ? 4 : 0.5,
    )
    if (s.pressure < s.cutIn) s.loaded = true
    if (s.pressure > s.cutIn + BAND) s.loaded = false
    const out = this.#out()
    const delivered = s.loaded ? DELIVERY : 0
    // Free air per minute into bar per second.
    s.pressure = Math.max(0, s.pressure + ((delivered - out) / 60 / VOLUME) * 1.013 * dt)
    s.power = lag(s.power, s.loaded ? LOADED_POWER * (0.86 + 0.02 * s.pressure) : IDLE_POWER, dt, 0.8)
    s.share = lag(s.share, s.loaded ? 100 : 0, dt, 60)
    s.temperature = lag(s.temperature, s.loaded ? 88 : 70, dt, 90)
    this.#measure()
  }

  signals(): Readonly<Record<string, SignalValue>> {
    return { ...this.#s.shown, running: true, state: this.#s.loaded ? 'loaded' : 'unloaded' }
  }

  occurrences(): Occurrence[] {
    return []
  }

  save(): unknown {
    return structuredClone({ ...this.#s, torn: this.#leak.active, random: this.#random.save() })
  }

  restore(saved: unknown): void {
    const { torn, random, ...state } = structuredClone(saved) as AirState & { torn: boolean; random: RandomState }
    this.#s = state
    this.#leak.active = torn
    this.#random.restore(random)
  }

  #out(): number {
    const s = this.#s
    const leaking = s.leak * ((s.pressure + 1.013) / 8.013)
    return (s.demand + leaking) * clamp(s.pressure / 2, 0, 1)
  }

  #measure(): void {
    const s = this.#s
    const noise = () => this.#random.normal()
    s.shown = {
      pressure: Math.max(0, resolved(s.pressure + 0.004 * noise(), 0.001)),
      air_flow: Math.max(0, resolved(this.#out() + 0.01 * noise(), 0.001)),
      motor_power: Math.max(0, resolved(s.power + 0.02 * noise(), 0.01)),
      load_share: clamp(resolved(s.share, 0.1), 0, 100),
      outlet_temperature: resolved(s.temperature + 0.05 * noise(), 0.1),
    }
  }
}
