import { FaultSwitch } from '../core/fault.ts'
import { clamp, lag, resolved } from '../core/lag.ts'
import type { Machine, MachineCommand, Occurrence, Setting, SignalValue } from '../core/machine.ts'
import { numberFrom } from '../core/params.ts'
import { Random, type RandomState } from '../core/rng.ts'
import { heat, release } from '../core/thermal.ts'
import { CNC_MODEL } from './model.ts'
import type { Part, PartSink, PartSource } from './part.ts'
import type { Pass, StationPlan } from './station-plan.ts'
import { flankWear, recession, toolLife, WORN_OUT } from './tool.ts'

export type StationState = 'idle' | 'setup' | 'cutting' | 'blocked' | 'starved' | 'down'

interface StationStateData {
  state: StationState
  paused: boolean
  /** Seconds left of loading or of a tool change. */
  left: number
  cut: number
  cycle: number
  lastCycle: number
  part: Part | null
  /** The part slips in the chuck. */
  slips: boolean
  parts: number
  toolNumber: number
  life: number
  broken: boolean
  override: number
  offset: number
  spindle: { temperature: number; capacity: number }
  speed: number
  power: number
  feed: number
  peak: number
  energy: number
  happened: Occurrence[]
  shown: Record<string, number>
}

const AMBIENT = 24
const TOOL_CHANGE = 25
/** Spindle growth towards the part, mm/K: steel over 220 mm, of which the control's model compensates 60 %. */
const GROWTH = 11.5e-6 * 220 * 0.4
const REFERENCE = 47
/** Share of the parts that slip in a weak chuck, what a slipping part leaves of the cutting power, and how much too large it comes out, mm. */
const SLIPPING = 0.4
const SLIP_POWER = 0.75
const SLIP_ERROR = 0.06

/** A machining station: takes a part, loads, cuts, hands it on; its tool wears, its spindle warms and grows. */
export class Station implements Machine {
  readonly name: string
  readonly model = CNC_MODEL
  readonly faults: readonly FaultSwitch[]
  readonly commands: Readonly<Record<string, MachineCommand>>
  readonly settings: Readonly<Record<string, Setting>>
  readonly #plan: StationPlan
  readonly #source: PartSource
  readonly #sink: PartSink
  readonly #random: Random
  readonly #toolBreak: FaultSwitch
  readonly #coolant: FaultSwitch
  readonly #chuck: FaultSwitch
  #s: StationStateData

  constructor(plan: StationPlan, seed: number, source: PartSource, sink: PartSink) {
    this.name = plan.name
    this.#plan = plan
    this.#source = source
    this.#sink = sink
    this.#random = new Random(seed, plan.name)
    this.#s = fresh(plan)
    this.#toolBreak = new FaultSwitch(
      'tool-break',
      'The tool breaks in the cut: the machine stops, the part is scrap',
      {
        onClear: () => this.#changeTool(),
      },
    )
    this.#coolant = new FaultSwitch(
      'coolant',
      'The spindle’s cooling fails: it warms, grows, and parts leave tolerance',
    )
    this.#chuck = new FaultSwitch(
      'chuck',
      'The chuck loses clamping pressure: some parts slip in the cut and come out of tolerance',
    )
    this.faults = [this.#toolBreak, this.#coolant, this.#chuck]
    this.commands = {
      pause: () => {
        this.#s.paused = true
        return { paused: true }
      },
      resume: () => {
        this.#s.paused = false
        return { paused: false }
      },
      change_tool: () => {
        this.#toolBreak.clear()
        this.#changeTool()
        return { tool: this.#toolName() }
      },
    }
    this.settings = {
      feed_override: {
        get: () => Math.round(this.#s.override * 100),
        set: (value) => {
          this.#s.override = numberFrom(value, 'feed_override', 40, 120) / 100
        },
      },
    }
    this.#measure()
  }

  /** Electric power of the whole machine, W. */
  get electricPower(): number {
    const s = this.#s
    const cutting = s.state === 'cutting' ? 900 : 0
    return 1_750 + cutting + (s.power * 1000) / 0.86
  }

  /** m³/min of compressed air at 1 bar: sealing air, and blowing off while it loads. */
  get air(): number {
    return 0.12 + (this.#s.state === 'setup' ? 0.55 : 0)
  }

  /** Takes the gauge's feedback: the mean deviation of the last parts, mm. */
  correct(deviation: number): void {
    this.#s.offset -= deviation * 0.45
  }

  step(dt: number): void {
    const s = this.#s
    if (this.#toolBreak.active && s.state === 'cutting' && s.cut > 3) this.#breakTool()
    switch (s.state) {
      case 'starved':
      case 'idle':
        this.#load()
        break
      case 'setup':
        s.left -= dt
        s.cycle += dt
        if (s.left <= 0) s.state = s.part === null ? 'starved' : 'cutting'
        break
      case 'cutting':
        this.#cut(dt)
        break
      case 'blocked':
        this.#unload()
        break
      case 'down':
        break
    }
    this.#turn(dt)
    this.#measure()
  }

  signals(): Readonly<Record<string, SignalValue>> {
    const s = this.#s
    return {
      ...s.shown,
      state: s.state,
      running: s.state === 'cutting',
      tool_broken: s.broken,
      tool: this.#toolName(),
      parts_made: s.parts,
    }
  }

  occurrences(): Occurrence[] {
    const happened = this.#s.happened
    this.#s.happened = []
    return happened
  }

  save(): unknown {
    const faults = this.faults.filter((fault) => fault.active).map((fault) => fault.name)
    return structuredClone({ ...this.#s, faults, random: this.#random.save() })
  }

  restore(saved: unknown): void {
    const { faults, random, ...state } = structuredClone(saved) as StationStateData & {
      faults: string[]
      random: RandomState
    }
    this.#s = state
    this.#random.restore(random)
    for (const fault of this.faults) fault.active = faults.includes(fault.name)
  }

  #load(): void {
    const s = this.#s
    if (s.paused) {
      s.state = 'idle'
      return
    }
    if (s.life >= 1.03) {
      this.#changeTool()
      return
    }
    s.part = this.#source.take() ?? null
    s.cycle = 0
    s.left = this.#plan.loading * (1 + 0.08 * this.#random.normal())
    s.state = s.part === null ? 'starved' : 'setup'
    if (s.part !== null) s.happened.push({ signal: 'part_serial', value: s.part.serial })
    s.slips = s.part !== null && this.#chuck.active && this.#random.next() < SLIPPING
  }

  #cut(dt: number): void {
    const s = this.#s
    s.cut += dt
    s.cycle += dt
    const speed = this.#plan.cuttingSpeed * s.override
    s.life += dt / toolLife(this.#plan.tool, speed)
    s.peak = Math.max(s.peak, (s.power / this.#plan.rating) * 100)
    s.energy += (this.electricPower * dt) / 3600
    if (s.cut * s.override >= this.#plan.cutting) this.#finish()
  }

  #finish(): void {
    const s = this.#s
    const part = s.part!
    const plan = this.#plan
    const growth = (s.spindle.temperature - REFERENCE) * GROWTH
    const error = plan.perRecession * recession(flankWear(s.life)) - 2 * growth + s.offset + (s.slips ? SLIP_ERROR : 0)
    part.dimensions[plan.characteristic] = plan.nominal + error + 0.0085 * this.#random.normal()
    part.operations.push({
      station: this.name,
      operation: plan.operation,
      tool: this.#toolName(),
      toolWear: resolved((flankWear(s.life) / WORN_OUT) * 100, 0.1),
      seconds: resolved(s.cut, 0.1),
      peakLoad: resolved(s.peak, 0.1),
      energy: resolved(s.energy, 0.1),
    })
    this.#report(part, 'done')
    s.parts += 1
    s.lastCycle = s.cycle
    s.cut = 0
    s.peak = 0
    s.energy = 0
    s.state = 'blocked'
    this.#unload()
  }

  #unload(): void {
    const s = this.#s
    if (!this.#sink.offer(s.part!)) return
    s.part = null
    s.happened.push({ signal: 'part_serial', value: 'none' })
    s.state = 'starved'
  }

  #breakTool(): void {
    const s = this.#s
    s.broken = true
    s.peak = 150
    if (s.part !== null) {
      this.#report(s.part, 'scrapped')
      s.happened.push({ signal: 'part_serial', value: 'none' })
    }
    s.part = null
    s.cut = 0
    s.energy = 0
    s.state = 'down'
  }

  #changeTool(): void {
    const s = this.#s
    s.toolNumber += 1
    s.life = 0
    s.broken = false
    // A new tool is set in the presetter to within some µm; its offset replaces the worn one's.
    s.offset = 2 * (s.spindle.temperature - REFERENCE) * GROWTH + 0.004 * this.#random.normal()
    if (s.state !== 'cutting') {
      s.state = 'setup'
      s.left = TOOL_CHANGE
    }
  }

  #report(part: Part, result: 'done' | 'scrapped'): void {
    const s = this.#s
    const value = {
      serial: part.serial,
      batch: part.batch,
      station: this.name,
      operation: this.#plan.operation,
      result,
      tool: this.#toolName(),
      tool_wear: resolved((flankWear(s.life) / WORN_OUT) * 100, 0.1),
      seconds: resolved(s.cycle, 0.1),
      energy_wh: resolved(s.energy, 0.1),
      simulated: true,
    }
    s.happened.push({ signal: 'part', value })
    // Nobody may be listening: what was not collected is bounded.
    if (s.happened.length > 100) s.happened.shift()
  }

  /** Spindle: speed, power and heat. */
  #turn(dt: number): void {
    const s = this.#s
    const pass = s.state === 'cutting' ? this.#pass() : undefined
    s.speed = lag(s.speed, pass?.speed ?? 0, dt, 0.6)
    const wear = 1 + 0.55 * (flankWear(s.life) / WORN_OUT)
    const cutting =
      pass === undefined
        ? 0
        : pass.power * (s.slips ? SLIP_POWER : 1) * wear * s.override * (1 + 0.035 * this.#random.normal())
    const idle = 0.35 * (s.speed / 3000)
    s.power = lag(s.power, cutting + idle, dt, 0.25)
    s.feed = lag(s.feed, (pass?.feed ?? 0) * s.override, dt, 0.3)
    heat(s.spindle, 150 * s.power + 180 * (s.speed / 3000) ** 1.5, dt)
    release(s.spindle, AMBIENT, this.#coolant.active ? 3.5 : 32, dt)
  }

  #pass(): Pass {
    let done = clamp((this.#s.cut * this.#s.override) / this.#plan.cutting, 0, 0.999)
    for (const pass of this.#plan.passes) {
      if (done < pass.share) return pass
      done -= pass.share
    }
    return this.#plan.passes.at(-1)!
  }

  #measure(): void {
    const s = this.#s
    const noise = () => this.#random.normal()
    s.shown = {
      spindle_speed: Math.max(0, resolved(s.speed + (s.speed > 5 ? 1.5 * noise() : 0), 1)),
      spindle_load: Math.max(0, resolved((s.power / this.#plan.rating) * 100 + 0.15 * noise(), 0.1)),
      spindle_power: Math.max(0, resolved(s.power + 0.004 * noise(), 0.001)),
      spindle_temperature: resolved(s.spindle.temperature + 0.03 * noise(), 0.01),
      feed_rate: Math.max(0, resolved(s.feed, 1)),
      power: resolved(this.electricPower / 1000 + 0.01 * noise(), 0.001),
      tool_wear: resolved((flankWear(s.life) / WORN_OUT) * 100, 0.01),
      cycle_time: resolved(s.lastCycle, 0.1),
    }
  }

  #toolName(): string {
    return `${this.name}-T${String(this.#s.toolNumber).padStart(4, '0')}`
  }
}

const fresh = (plan: StationPlan): StationStateData => ({
  state: 'starved',
  paused: false,
  left: 0,
  cut: 0,
  cycle: 0,
  lastCycle: plan.loading + plan.cutting,
  part: null,
  slips: false,
  parts: 0,
  toolNumber: 1,
  life: plan.firstToolUsed,
  broken: false,
  override: 1,
  offset: -plan.perRecession * recession(flankWear(plan.firstToolUsed)),
  spindle: { temperature: REFERENCE, capacity: 4_200 },
  speed: 0,
  power: 0,
  feed: 0,
  peak: 0,
  energy: 0,
  happened: [],
  shown: {},
})
