import { resolved } from '../core/lag.ts'
import type { Fault, Machine, MachineModel, Occurrence, SignalValue } from '../core/machine.ts'
import { Random, type RandomState } from '../core/rng.ts'
import type { Grid } from './grid.ts'

export const METER_MODEL: MachineModel = {
  name: 'Energy meter',
  description: 'Three-phase meter with energy counters that only go up (IEC 62053)',
  signals: [
    {
      name: 'active_power',
      kind: 'number',
      unit: 'kW',
      description: 'Active power, three phases',
      min: -1000,
      max: 2000,
      every: 1,
    },
    {
      name: 'reactive_power',
      kind: 'number',
      unit: 'kV.A',
      description: 'Reactive power, three phases (kvar)',
      min: -1000,
      max: 2000,
      every: 1,
    },
    {
      name: 'power_factor',
      kind: 'number',
      unit: '1',
      description: 'Active over apparent power',
      min: -1,
      max: 1,
      every: 1,
    },
    {
      name: 'voltage',
      kind: 'number',
      unit: 'V',
      description: 'Phase to neutral, mean of three',
      min: 0,
      max: 300,
      every: 1,
    },
    { name: 'current', kind: 'number', unit: 'A', description: 'Mean of three phases', min: 0, max: 4000, every: 1 },
    { name: 'frequency', kind: 'number', unit: 'Hz', description: 'Of the grid', min: 45, max: 55, every: 1 },
    { name: 'active_energy', kind: 'number', unit: 'kW.h', description: 'Counter', min: 0, every: 1 },
    { name: 'reactive_energy', kind: 'number', unit: 'kV.A.h', description: 'Counter (kvarh)', min: 0, every: 5 },
  ],
}

/** A load behind a meter: active power in W, and how far its current lags (tan φ). */
export interface Load {
  readonly power: () => number
  readonly tanPhi: number
}

interface MeterState {
  active: number
  reactive: number
  /** W s and var s. */
  energy: number
  reactiveEnergy: number
  shown: Record<string, number>
}

/** V per W of the supply: its short-circuit impedance makes the voltage drop under load. */
const SUPPLY = 4.2e-5

/** A meter: adds up its loads, and counts. */
export class Meter implements Machine {
  readonly name: string
  readonly model = METER_MODEL
  readonly faults: readonly Fault[]
  readonly commands = {}
  readonly settings = {}
  readonly #loads: readonly Load[]
  readonly #random: Random
  readonly #grid: Grid
  #s: MeterState

  /** @param firstReading kWh on the counter; @param incomer the meter at the supply: the grid's faults are told there */
  constructor(
    name: string,
    seed: number,
    grid: Grid,
    loads: readonly Load[],
    { firstReading = 0, incomer = false } = {},
  ) {
    this.name = name
    this.#loads = loads
    this.#random = new Random(seed, name)
    this.#grid = grid
    this.faults = incomer ? [grid.fault] : []
    this.#s = {
      active: 0,
      reactive: 0,
      energy: firstReading * 3.6e6,
      reactiveEnergy: firstReading * 3.6e6 * 0.4,
      shown: {},
    }
    this.#add(0)
    this.#measure()
  }

  step(dt: number): void {
    this.#add(dt)
    this.#measure()
  }

  signals(): Readonly<Record<string, SignalValue>> {
    return this.#s.shown
  }

  occurrences(): Occurrence[] {
    return []
  }

  save(): unknown {
    return structuredClone({ ...this.#s, random: this.#random.save() })
  }

  restore(saved: unknown): void {
    const { random, ...state } = structuredClone(saved) as MeterState & { random: RandomState }
    this.#s = state
    this.#random.restore(random)
  }

  #add(dt: number): void {
    const s = this.#s
    s.active = 0
    s.reactive = 0
    for (const load of this.#loads) {
      const power = load.power()
      s.active += power
      s.reactive += power * load.tanPhi
    }
    s.energy += s.active * dt
    s.reactiveEnergy += s.reactive * dt
  }

  #measure(): void {
    const s = this.#s
    const noise = () => this.#random.normal()
    const apparent = Math.hypot(s.active, s.reactive)
    const voltage = this.#grid.voltage - SUPPLY * s.active
    s.shown = {
      active_power: resolved((s.active / 1000) * (1 + 0.0004 * noise()), 0.001),
      reactive_power: resolved((s.reactive / 1000) * (1 + 0.0008 * noise()), 0.001),
      power_factor: resolved(apparent === 0 ? 1 : s.active / apparent, 0.001),
      voltage: resolved(voltage + 0.03 * noise(), 0.01),
      current: resolved(apparent / (3 * voltage), 0.01),
      frequency: resolved(this.#grid.frequency + 0.0005 * noise(), 0.001),
      active_energy: resolved(s.energy / 3.6e6, 0.001),
      reactive_energy: resolved(s.reactiveEnergy / 3.6e6, 0.001),
    }
  }
}
