import { clamp, lag, resolved } from '../core/lag.ts'
import type { Fault, Machine, Occurrence, SignalValue } from '../core/machine.ts'
import { Random, type RandomState } from '../core/rng.ts'
import { COMPUTER_MODEL } from './model.ts'

interface ComputerState {
  /** Percent. */
  load: number
  memory: number
  disk: number
  /** °C of the processor. */
  temperature: number
  /** Seconds left of a job that takes the whole machine. */
  job: number
}

const CABINET = 31
/** K of the processor over the cabinet for each percent of load, and how long it takes, s. */
const WARMTH = 0.42
const WARMING = 35
/** Percent of the disk that records fill in a second; at the limit the oldest are deleted. */
const FILLING = 0.0004
const CLEAN_ABOVE = 82
const CLEAN_TO = 55

/** A computer of the works: its load wanders about a level (Ornstein-Uhlenbeck) with jobs between, its disk fills. */
export class Computer implements Machine {
  readonly name: string
  readonly model = COMPUTER_MODEL
  readonly faults: readonly Fault[] = []
  readonly commands = {}
  readonly settings = {}
  readonly #random: Random
  readonly #level: number
  #s: ComputerState
  #shown: Record<string, number> = {}

  /** @param level its usual load, percent */
  constructor(name: string, seed: number, level: number) {
    this.name = name
    this.#level = level
    this.#random = new Random(seed, name)
    this.#s = { load: level, memory: 40, disk: 58, temperature: CABINET + WARMTH * level, job: 0 }
    this.#show()
  }

  step(dt: number): void {
    const s = this.#s
    s.job = this.#random.next() < dt / 180 ? this.#random.between(5, 20) : Math.max(0, s.job - dt)
    const level = s.job > 0 ? 92 : this.#level
    s.load = clamp(s.load + ((level - s.load) * dt) / 2 + 3 * Math.sqrt(dt) * this.#random.normal(), 0.5, 100)
    s.memory = clamp(s.memory + (40 + 0.2 * s.load - s.memory) * (dt / 60) + 0.05 * this.#random.normal(), 10, 95)
    s.disk = s.disk > CLEAN_ABOVE ? CLEAN_TO : s.disk + FILLING * dt
    s.temperature = lag(s.temperature, CABINET + WARMTH * s.load, dt, WARMING)
    this.#show()
  }

  signals(): Readonly<Record<string, SignalValue>> {
    return this.#shown
  }

  occurrences(): Occurrence[] {
    return []
  }

  save(): unknown {
    return { ...this.#s, random: this.#random.save() }
  }

  restore(saved: unknown): void {
    const { random, ...state } = saved as ComputerState & { random: RandomState }
    this.#s = { ...state }
    this.#random.restore(random)
    this.#show()
  }

  #show(): void {
    const { load, memory, disk, temperature } = this.#s
    this.#shown = {
      cpu_usage: resolved(load, 0.1),
      memory_used: resolved(memory, 0.1),
      disk_used: resolved(disk, 0.01),
      temperature: resolved(temperature, 0.1),
    }
  }
}
