import { Compressor } from './air/compressor.ts'
import { CncLine } from './cnc/line.ts'
import { type Fault, type Machine, STEP } from './core/machine.ts'
import { Schedule } from './core/schedule.ts'
import { Building } from './energy/building.ts'
import { Grid } from './energy/grid.ts'
import { type Load, Meter } from './energy/meter.ts'
import { Pump } from './pump/pump.ts'
import { TestBench } from './testfield/bench.ts'
import { Computer } from './testfield/computer.ts'
import { Route, YARD } from './vehicle/route.ts'
import { Vehicle } from './vehicle/vehicle.ts'

export interface PlantOptions {
  readonly seed: number
  /** Faults by the schedule; default true. */
  readonly schedule?: boolean
  /** Seconds since midnight at the beginning: the building's load follows the hours. */
  readonly startOfDay?: number
}

/** The bearing goes soon after the start, so that whoever looks sees an alarm within a minute; its repair comes later. */
const OPENING = { machine: 'P-101', fault: 'bearing', from: 8, until: 260 }

/** And the chuck of the lathe weakens: the first bad parts come while somebody looks. */
const CHUCK = { machine: 'OP10', fault: 'chuck', from: 100, until: 480 }

const RARE = [
  { machine: 'P-101', fault: 'cavitation', lasts: 150 },
  { machine: 'P-101', fault: 'unbalance', lasts: 180 },
  { machine: 'P-101', fault: 'bearing', lasts: 240 },
  { machine: 'OP20', fault: 'tool-break', lasts: 60 },
  { machine: 'OP10', fault: 'coolant', lasts: 420 },
  { machine: 'OP10', fault: 'chuck', lasts: 300 },
  { machine: 'CA-1', fault: 'leak', lasts: 240 },
  { machine: 'AGV-1', fault: 'obstacle', lasts: 120 },
  { machine: 'AGV-1', fault: 'battery', lasts: 300 },
  { machine: 'EM-1', fault: 'voltage-sag', lasts: 45 },
] as const
const GAP = [240, 720] as const

/**
 * The whole works: all machines, coupled by the parts, the air and the power they take from each other. Knows no
 * protocol and no wall clock: the same seed and the same calls give the same plant, bit for bit.
 */
export class Plant {
  readonly machines: readonly Machine[]
  readonly #pump: Pump
  readonly #line: CncLine
  readonly #compressor: Compressor
  readonly #building: Building
  readonly #grid: Grid
  readonly #meters: readonly Meter[]
  readonly #vehicle: Vehicle
  readonly #bench: TestBench
  readonly #computers: readonly Computer[]
  readonly #schedule: Schedule
  #steps = 0

  constructor(options: PlantOptions) {
    const { seed } = options
    this.#pump = new Pump('P-101', seed)
    this.#line = new CncLine(seed)
    this.#compressor = new Compressor('CA-1', seed, () => {
      const [lathe, mill, gauge] = this.#line.machines
      return lathe.air + mill.air + gauge.air
    })
    this.#building = new Building(seed, options.startOfDay ?? 8 * 3600)
    this.#vehicle = new Vehicle('AGV-1', seed, new Route(YARD))
    this.#bench = new TestBench('TB-1', seed)
    this.#computers = [new Computer('IPC-1', seed, 24), new Computer('SRV-1', seed, 37)]
    const utilities: Load[] = [
      { power: () => this.#pump.electricPower, tanPhi: 0.33 },
      { power: () => this.#compressor.electricPower, tanPhi: 0.62 },
    ]
    const line: Load[] = this.#line.machines.map((machine) => ({ power: () => machine.electricPower, tanPhi: 0.55 }))
    const rest: Load[] = [
      { power: () => this.#building.power, tanPhi: 0.25 },
      { power: () => this.#vehicle.chargerPower, tanPhi: 0.1 },
      { power: () => this.#bench.electricPower, tanPhi: 0.4 },
    ]
    this.#grid = new Grid(seed)
    const all = [...utilities, ...line, ...rest]
    this.#meters = [
      new Meter('EM-1', seed, this.#grid, all, { firstReading: 812_400, incomer: true }),
      new Meter('EM-2', seed, this.#grid, line, { firstReading: 204_150 }),
    ]
    this.#schedule =
      options.schedule === false ? new Schedule(seed, [], [], GAP) : new Schedule(seed, [OPENING, CHUCK], RARE, GAP)
    this.machines = [
      this.#pump,
      ...this.#line.machines,
      this.#compressor,
      ...this.#meters,
      this.#vehicle,
      this.#bench,
      ...this.#computers,
    ]
  }

  /** Seconds of simulated time since the beginning. */
  get time(): number {
    return this.#steps * STEP
  }

  /** One step of STEP seconds. */
  step(): void {
    for (const { machine, fault, action } of this.#schedule.step(STEP)) this.fault(fault, machine)[action]()
    this.#pump.step(STEP)
    this.#line.step(STEP)
    this.#compressor.step(STEP)
    this.#building.step(STEP)
    this.#vehicle.step(STEP)
    this.#bench.step(STEP)
    for (const computer of this.#computers) computer.step(STEP)
    this.#grid.step(STEP)
    for (const meter of this.#meters) meter.step(STEP)
    this.#steps += 1
  }

  machine(name: string): Machine {
    const found = this.machines.find((one) => one.name === name)
    if (found === undefined) throw new Error(`there is no machine ${name} in this plant`)
    return found
  }

  /** A fault by its name; where several machines know it, the first, or that of `machine`. Throws when there is none. */
  fault(name: string, machine?: string): Fault {
    const among = machine === undefined ? this.machines : [this.machine(machine)]
    const found = among.flatMap((one) => one.faults).find((one) => one.name === name)
    if (found === undefined) {
      const known = [...new Set(among.flatMap((one) => one.faults.map((fault) => fault.name)))].join(', ')
      throw new Error(`there is no fault ${name}; there are: ${known}`)
    }
    return found
  }

  /**
   * Sets or repairs a fault by hand: the schedule then leaves it alone. Without a machine it is set in the first that
   * knows it, and repaired wherever it is.
   */
  setFault(name: string, active: boolean, machine?: string): { machine: string; fault: string; active: boolean } {
    const first = this.fault(name, machine)
    const among = machine === undefined ? this.machines : [this.machine(machine)]
    const present = among.flatMap((one) => one.faults).filter((one) => one.name === name && one.active)
    const chosen = active || present.length === 0 ? [first] : present
    for (const fault of chosen) {
      this.#schedule.forget(this.#ownerOf(fault), name)
      if (active) fault.inject()
      else fault.clear()
    }
    return { machine: this.#ownerOf(chosen[0]!), fault: name, active }
  }

  #ownerOf(fault: Fault): string {
    return this.machines.find((one) => one.faults.includes(fault))!.name
  }

  /** Shows the opening fault again: for a plant that goes on from a saved state. */
  reopen(): void {
    if (!this.fault('bearing', 'P-101').active) this.#schedule.plan(OPENING)
  }

  /** The whole state as JSON: restored, the plant goes on bit for bit. */
  save(): PlantState {
    return {
      steps: this.#steps,
      parts: this.#parts().map((part) => part.save()),
    }
  }

  /** Errors: throws when the state is of another plant. */
  restore(saved: PlantState): void {
    const parts = this.#parts()
    if (saved.parts.length !== parts.length) throw new Error('the saved state is of another plant')
    this.#steps = saved.steps
    for (const [at, part] of parts.entries()) part.restore(saved.parts[at] as never)
  }

  #parts(): readonly { save(): unknown; restore(state: never): void }[] {
    return [
      this.#pump,
      this.#line,
      this.#compressor,
      this.#building,
      this.#vehicle,
      this.#grid,
      ...this.#meters,
      this.#bench,
      ...this.#computers,
      this.#schedule,
    ]
  }
}

export interface PlantState {
  readonly steps: number
  readonly parts: readonly unknown[]
}
