import type { Clock, Micros, Timer } from '@millwright/foundation'
import type { TelemetryMessage, Value } from '@millwright/sdk/device'
import { type Machine, type SignalSpec, STEP } from '../core/machine.ts'
import type { Plant } from '../plant.ts'

export interface WorldOptions {
  readonly plant: Plant
  readonly clock: Clock
  /** Seconds of simulated time in one second of the clock. */
  readonly speed: number
  /** What a machine's instruments show, stamped with the clock's time. */
  onReadings(machine: string, messages: readonly TelemetryMessage[]): void
}

const TICK = 100_000
/** When the computer slept or was busy for longer than this, the lost time is left out instead of made up for. */
const MOST_BEHIND = 3_000_000

/**
 * Lets a plant's simulated time pass by the clock. Step n always happens at start + n · STEP / speed, so that readings
 * have even times however late a timer was, and the physics never sees the clock.
 */
export class World {
  readonly #options: WorldOptions
  #start: Micros = 0
  #steps = 0
  #timer: Timer | undefined

  constructor(options: WorldOptions) {
    this.#options = options
  }

  start(): void {
    this.#start = this.#options.clock.now()
    this.#steps = 0
    this.#tick()
  }

  stop(): void {
    this.#timer?.cancel()
  }

  #tick(): void {
    const { clock, speed, plant } = this.#options
    const now = clock.now()
    const length = (STEP * 1_000_000) / speed
    const behind = now - this.#start - this.#steps * length
    if (behind > MOST_BEHIND || behind < -MOST_BEHIND) this.#start = now - this.#steps * length
    while (this.#start + (this.#steps + 1) * length <= now) {
      plant.step()
      this.#steps += 1
      const time = Math.round(this.#start + this.#steps * length)
      for (const machine of plant.machines) this.#read(machine, time)
    }
    this.#timer = clock.after(Math.max(TICK / 10, TICK - (clock.now() - now)), () => this.#tick())
  }

  #read(machine: Machine, time: Micros): void {
    const happened = machine.occurrences()
    const due = machine.model.signals.filter((spec) => this.#due(spec))
    if (due.length === 0 && happened.length === 0) return
    const shown = due.length === 0 ? {} : machine.signals()
    const values: Record<string, Value> = {}
    for (const { name } of due) values[name] = shown[name] as Value
    const messages: TelemetryMessage[] = [{ time, values }]
    for (const { signal, value } of happened) {
      // A second document of the same signal is another moment.
      if (messages.at(-1)!.values[signal] !== undefined) messages.push({ time: time + messages.length, values: {} })
      const last = messages.at(-1)!.values as Record<string, Value>
      last[signal] = value as Value
    }
    this.#options.onReadings(machine.name, messages)
  }

  /** How often is counted in the clock's time: a plant at 60 times the speed does not send 60 times as much. */
  #due(spec: SignalSpec): boolean {
    if (spec.every === 'event') return false
    return this.#steps % Math.max(1, Math.round((spec.every * this.#options.speed) / STEP)) === 0
  }
}
