import { FaultSwitch } from '../core/fault.ts'
import { clamp, resolved } from '../core/lag.ts'
import type { Machine, MachineCommand, MachineModel, Occurrence, SignalValue } from '../core/machine.ts'
import { Random, type RandomState } from '../core/rng.ts'
import { BATTERY, drain } from './battery.ts'
import { type Route, STOPS } from './route.ts'

export const VEHICLE_MODEL: MachineModel = {
  name: 'Automated guided vehicle',
  description: 'Tow tractor that carries blanks and parts between hall and yard by itself',
  signals: [
    { name: 'position', kind: 'position', unit: '1', description: 'WGS 84', every: 1 },
    { name: 'speed', kind: 'number', unit: 'km/h', description: 'Over ground', min: 0, max: 30, every: 1 },
    { name: 'heading', kind: 'number', unit: 'deg', description: 'From north, clockwise', min: 0, max: 360, every: 1 },
    { name: 'state_of_charge', kind: 'number', unit: '%', description: 'Battery', min: 0, max: 100, every: 1 },
    { name: 'battery_voltage', kind: 'number', unit: 'V', description: 'At the terminals', min: 0, max: 65, every: 1 },
    {
      name: 'battery_current',
      kind: 'number',
      unit: 'A',
      description: 'Positive when it gives',
      min: -300,
      max: 500,
      every: 1,
    },
    {
      name: 'battery_temperature',
      kind: 'number',
      unit: 'Cel',
      description: 'Hottest cell',
      min: -30,
      max: 90,
      every: 1,
    },
    { name: 'load', kind: 'number', unit: 'kg', description: 'On the trailer', min: 0, max: 3000, every: 1 },
    { name: 'odometer', kind: 'number', unit: 'km', description: 'Counter', min: 0, every: 1 },
    { name: 'running', kind: 'boolean', unit: '1', description: 'It moves', every: 1 },
    {
      name: 'state',
      kind: 'state',
      unit: '1',
      description: 'driving, loading, unloading, charging, held, empty',
      every: 1,
    },
    { name: 'destination', kind: 'state', unit: '1', description: 'Next stop', every: 5 },
  ],
}

interface VehicleState {
  distance: number
  speed: number
  load: number
  charge: number
  temperature: number
  odometer: number
  next: number
  /** Seconds left at a stop. */
  dwell: number
  charging: boolean
  held: boolean
  voltage: number
  current: number
  shown: Record<string, number>
}

const EMPTY_MASS = 1_150
const TOP_SPEED = 3.2
const CORNER_SPEED = 1.2
const ACCELERATION = 0.45
const BRAKING = 0.6
const ROLLING = 0.018
const DRAG_AREA = 1.9
const DRIVE_EFFICIENCY = 0.82
const ELECTRONICS = 190
const AIR = 1.2
const GRAVITY = 9.81
const CHARGE_BELOW = 0.45
const CHARGE_TO = 0.9

/** The vehicle: drives its loop, stops to load, unload and charge; each metre costs energy by rolling, air and mass. */
export class Vehicle implements Machine {
  readonly name: string
  readonly model = VEHICLE_MODEL
  readonly faults: readonly FaultSwitch[]
  readonly commands: Readonly<Record<string, MachineCommand>>
  readonly settings = {}
  readonly #route: Route
  readonly #random: Random
  readonly #battery: FaultSwitch
  readonly #obstacle: FaultSwitch
  #s: VehicleState

  constructor(name: string, seed: number, route: Route) {
    this.name = name
    this.#route = route
    this.#random = new Random(seed, name)
    this.#s = {
      distance: route.mark(0),
      speed: 0,
      load: 400,
      charge: 0.78,
      temperature: 27,
      odometer: 3_184_200,
      next: 0,
      dwell: 0,
      charging: false,
      held: false,
      voltage: 53,
      current: 0,
      shown: {},
    }
    this.#battery = new FaultSwitch('battery', 'A cell of the battery fails: most of its charge is gone at once', {
      onInject: () => {
        this.#s.charge = Math.min(this.#s.charge, 0.17)
      },
    })
    this.#obstacle = new FaultSwitch('obstacle', 'A pallet stands in the way: the vehicle waits')
    this.faults = [this.#battery, this.#obstacle]
    this.commands = {
      hold: () => {
        this.#s.held = true
        return { held: true }
      },
      proceed: () => {
        this.#s.held = false
        return { held: false }
      },
    }
    this.#measure()
  }

  /** What the charger takes from the grid, W. */
  get chargerPower(): number {
    return this.#s.charging && this.#s.current < 0 ? (-this.#s.current * this.#s.voltage) / 0.93 : 0
  }

  step(dt: number): void {
    const s = this.#s
    if (s.dwell > 0) this.#stand(dt)
    else this.#drive(dt)
    this.#measure()
  }

  signals(): Readonly<Record<string, SignalValue>> {
    const s = this.#s
    const { position } = this.#route.at(s.distance)
    return {
      ...s.shown,
      position: { latitude: resolved(position.latitude, 1e-7), longitude: resolved(position.longitude, 1e-7) },
      running: s.speed > 0.02,
      state: this.#stateName(),
      destination: STOPS[s.next]!.name,
    }
  }

  occurrences(): Occurrence[] {
    return []
  }

  save(): unknown {
    const faults = this.faults.filter((fault) => fault.active).map((fault) => fault.name)
    return structuredClone({ ...this.#s, faults, random: this.#random.save() })
  }

  restore(saved: unknown): void {
    const { faults, random, ...state } = structuredClone(saved) as VehicleState & {
      faults: string[]
      random: RandomState
    }
    this.#s = state
    this.#random.restore(random)
    for (const fault of this.faults) fault.active = faults.includes(fault.name)
  }

  #drive(dt: number): void {
    const s = this.#s
    const stop = this.#route.mark(STOPS[s.next]!.at)
    const toStop = (((stop - s.distance) % this.#route.length) + this.#route.length) % this.#route.length
    const blocked = s.held || this.#obstacle.active || s.charge <= 0.01
    const corner = Math.sqrt(CORNER_SPEED ** 2 + 2 * BRAKING * this.#route.toCorner(s.distance))
    const target = blocked ? 0 : Math.min(TOP_SPEED, corner, Math.sqrt(2 * BRAKING * toStop) + 0.05)
    const before = s.speed
    s.speed = clamp(target, Math.max(0, before - BRAKING * dt), before + ACCELERATION * dt)
    const way = Math.min(((before + s.speed) / 2) * dt, toStop)
    const step = drain(s.charge, this.#traction(before, dt) + ELECTRONICS, this.#health(), dt)
    this.#keep(step, dt)
    s.distance = (s.distance + way) % this.#route.length
    s.odometer += way
    if (toStop - way < 0.05 && !blocked) this.#arrive()
  }

  /** W at the battery for rolling, air and acceleration; a third of the braking energy comes back. */
  #traction(before: number, dt: number): number {
    const s = this.#s
    const mass = EMPTY_MASS + s.load
    const mean = (before + s.speed) / 2
    const resistance = ROLLING * mass * GRAVITY + 0.5 * AIR * DRAG_AREA * mean * mean
    const kinetic = (0.5 * mass * (s.speed * s.speed - before * before)) / dt
    const wheel = (mean > 0 ? resistance * mean : 0) + kinetic
    return wheel > 0 ? wheel / DRIVE_EFFICIENCY : wheel / 3
  }

  #arrive(): void {
    const s = this.#s
    const stop = STOPS[s.next]!
    s.speed = 0
    s.distance = this.#route.mark(stop.at)
    if (stop.purpose === 'charge') {
      s.charging = s.charge < CHARGE_BELOW
      s.dwell = s.charging ? 1 : 0
    } else {
      s.dwell = 14 + 8 * this.#random.next()
      s.load = stop.purpose === 'load' ? Math.round(350 + 900 * this.#random.next()) : 0
    }
    if (s.dwell === 0) s.next = (s.next + 1) % STOPS.length
  }

  #stand(dt: number): void {
    const s = this.#s
    if (s.charging) {
      // Constant current, then less and less towards the end.
      const current = BATTERY.chargeCurrent * clamp((1 - s.charge) / 0.12, 0.1, 1)
      const power = -current * (s.voltage + BATTERY.resistance * current)
      this.#keep(drain(s.charge, power + ELECTRONICS, this.#health(), dt), dt)
      if (s.charge >= CHARGE_TO) s.dwell = 0
    } else {
      this.#keep(drain(s.charge, ELECTRONICS, this.#health(), dt), dt)
      s.dwell -= dt
    }
    if (s.dwell > 0) return
    s.dwell = 0
    s.charging = false
    s.next = (s.next + 1) % STOPS.length
  }

  #keep(step: ReturnType<typeof drain>, dt: number): void {
    const s = this.#s
    s.charge = step.charge
    s.voltage = step.voltage
    s.current = step.current
    // 28 kJ/K of cells, cooled by the air around.
    s.temperature += ((step.loss - 2.5 * (s.temperature - 24)) / 28_000) * dt
  }

  #health(): number {
    return this.#battery.active ? 0.35 : 0.96
  }

  #stateName(): string {
    const s = this.#s
    if (s.charging) return 'charging'
    if (s.dwell > 0) return STOPS[s.next]!.purpose === 'load' ? 'loading' : 'unloading'
    if (s.charge <= 0.01) return 'empty'
    return s.held || this.#obstacle.active ? 'held' : 'driving'
  }

  #measure(): void {
    const s = this.#s
    const noise = () => this.#random.normal()
    s.shown = {
      speed: Math.max(0, resolved(s.speed * 3.6 + (s.speed > 0.02 ? 0.03 * noise() : 0), 0.01)),
      heading: resolved(this.#route.at(s.distance).heading, 0.1),
      state_of_charge: resolved(s.charge * 100, 0.1),
      battery_voltage: resolved(s.voltage + 0.01 * noise(), 0.01),
      battery_current: resolved(s.current + 0.05 * noise(), 0.1),
      battery_temperature: resolved(s.temperature + 0.03 * noise(), 0.1),
      load: Math.max(0, resolved(s.load + (s.load > 0 ? 1.5 * noise() : 0), 1)),
      odometer: resolved(s.odometer / 1000, 0.001),
    }
  }
}
