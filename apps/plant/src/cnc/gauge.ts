import { resolved } from '../core/lag.ts'
import type { Fault, Machine, MachineCommand, Occurrence, SignalValue } from '../core/machine.ts'
import { Random, type RandomState } from '../core/rng.ts'
import type { Conveyor } from './conveyor.ts'
import { GAUGE_MODEL } from './model.ts'
import type { Part } from './part.ts'

export interface Characteristic {
  readonly name: string
  /** mm */
  readonly nominal: number
  readonly tolerance: number
  /** Takes the mean deviation of the last parts back to the station that makes it. */
  readonly correct: (deviation: number) => void
}

interface GaugeState {
  part: Part | null
  left: number
  /** The part comes from the lane of those that were taken out. */
  aside: boolean
  good: number
  rejected: number
  diverted: number
  recent: boolean[]
  deviations: Record<string, number[]>
  happened: Occurrence[]
}

const MEASURING = 12
const REPEATABILITY = 0.0008
const FEEDBACK_EVERY = 4
/** Beyond this many tolerances something happened to that one part, which says nothing of how the tools are set. */
const GROSS = 1.5

/** The measuring station: judges every part, writes its result with the part's genealogy, and feeds deviations back. */
export class Gauge implements Machine {
  readonly name: string
  readonly model = GAUGE_MODEL
  readonly faults: readonly Fault[] = []
  readonly commands: Readonly<Record<string, MachineCommand>>
  readonly settings = {}
  readonly #source: Conveyor
  readonly #characteristics: readonly Characteristic[]
  readonly #random: Random
  #s: GaugeState = {
    part: null,
    left: 0,
    aside: false,
    good: 0,
    rejected: 0,
    diverted: 0,
    recent: [],
    deviations: {},
    happened: [],
  }

  constructor(name: string, seed: number, source: Conveyor, characteristics: readonly Characteristic[]) {
    this.name = name
    this.#source = source
    this.#characteristics = characteristics
    this.#random = new Random(seed, name)
    this.commands = { divert: (params) => source.divert(serialFrom(params)) }
  }

  get electricPower(): number {
    return this.#s.part === null ? 350 : 620
  }

  get air(): number {
    return this.#s.part === null ? 0.05 : 0.25
  }

  step(dt: number): void {
    const s = this.#s
    if (s.part === null) {
      const part = this.#source.take()
      s.aside = part === undefined
      // What was taken out is looked at when there is nothing else to do.
      s.part = part ?? this.#source.takeAside() ?? null
      s.left = MEASURING
      if (s.part !== null) s.happened.push({ signal: 'part_serial', value: s.part.serial })
      return
    }
    s.left -= dt
    if (s.left > 0) return
    this.#judge(s.part)
    s.part = null
    s.happened.push({ signal: 'part_serial', value: 'none' })
  }

  signals(): Readonly<Record<string, SignalValue>> {
    const s = this.#s
    const rejects = s.recent.filter((good) => !good).length
    return {
      state: s.part === null ? 'starved' : 'measuring',
      running: s.part !== null,
      parts_good: s.good,
      parts_rejected: s.rejected,
      parts_diverted: s.diverted,
      reject_rate: s.recent.length === 0 ? 0 : resolved((rejects / s.recent.length) * 100, 0.1),
    }
  }

  occurrences(): Occurrence[] {
    const happened = this.#s.happened
    this.#s.happened = []
    return happened
  }

  save(): unknown {
    return structuredClone({ ...this.#s, random: this.#random.save() })
  }

  restore(saved: unknown): void {
    const { random, ...state } = structuredClone(saved) as GaugeState & { random: RandomState }
    this.#s = state
    this.#random.restore(random)
  }

  #judge(part: Part): void {
    const s = this.#s
    const characteristics = this.#characteristics.map(({ name, nominal, tolerance }) => {
      const real = part.dimensions[name] ?? nominal
      const actual = resolved(real + REPEATABILITY * this.#random.normal(), 0.0001)
      s.happened.push({ signal: name, value: actual })
      return { name, nominal, tolerance, actual, unit: 'mm', ok: Math.abs(actual - nominal) <= tolerance }
    })
    const ok = characteristics.every((one) => one.ok)
    if (s.aside) s.diverted += 1
    else {
      if (ok) s.good += 1
      else s.rejected += 1
      s.recent = [...s.recent.slice(-19), ok]
    }
    const value = {
      serial: part.serial,
      batch: part.batch,
      result: ok ? 'pass' : 'fail',
      diverted: s.aside,
      characteristics,
      genealogy: part.operations,
      simulated: true,
    }
    s.happened.push({ signal: 'quality_result', value })
    if (s.happened.length > 100) s.happened.splice(0, s.happened.length - 100)
    // What was taken out says nothing of how the tools are set.
    if (!s.aside) this.#feedBack(characteristics)
  }

  #feedBack(measured: readonly { name: string; nominal: number; tolerance: number; actual: number }[]): void {
    for (const { name, nominal, tolerance, actual } of measured) {
      if (Math.abs(actual - nominal) > GROSS * tolerance) continue
      const held = [...(this.#s.deviations[name] ?? []), actual - nominal]
      this.#s.deviations[name] = held.length < FEEDBACK_EVERY ? held : []
      if (held.length < FEEDBACK_EVERY) continue
      const mean = held.reduce((sum, one) => sum + one, 0) / held.length
      this.#characteristics.find((one) => one.name === name)?.correct(mean)
    }
  }
}

function serialFrom(params: unknown): string {
  const serial = typeof params === 'object' && params !== null ? (params as { serial?: unknown }).serial : params
  if (typeof serial !== 'string' || serial === '') throw new Error('serial must be the serial number of a part')
  return serial
}
