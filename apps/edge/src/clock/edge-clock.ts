import { type Clock, formatTime, type Log, MINUTE, type Micros, SECOND, type Timer } from '@millwright/foundation'
import { readJsonFile, replaceFile } from '../files.ts'

/** What the wall clock did when it did not simply go on. */
export interface ClockStep {
  /** What it would show had it gone on. */
  readonly from: Micros
  readonly to: Micros
  readonly by: Micros
}

/** Less than this is the slewing of NTP, and no step. */
const STEP = SECOND / 2
const LOOK_EVERY = SECOND
const SAVE_EVERY = 10 * MINUTE

/**
 * The machine's clock, watched. A machine without a battery for its clock starts in the past: until its clock is set, time
 * goes on from the last time that was noted, and is not `trusted`. Steps are told; what happens in which order is known by
 * steady time in any case.
 */
export class EdgeClock implements Clock {
  readonly #clock: Clock
  readonly #file: string
  readonly #log: Log
  /** What the clock would show at steady time 0, had it gone on from the last time that was noted. */
  #floor: Micros
  #apart: Micros
  #steps = 0
  #lastStep: ClockStep | undefined
  #timer: Timer | undefined
  #savedAt: Micros
  onStep: (step: ClockStep) => void = () => undefined

  private constructor(clock: Clock, file: string, log: Log, noted: Micros) {
    this.#clock = clock
    this.#file = file
    this.#log = log
    this.#floor = noted - clock.steady()
    this.#apart = this.now() - clock.steady()
    this.#savedAt = clock.steady()
    if (!this.trusted) {
      log.warn(
        { clock: formatTime(clock.now()), noted: formatTime(noted) },
        'the clock is behind the last time it showed: it goes on from there until it is set',
      )
    }
  }

  /** @param file where the time is noted, so that it never starts before */
  static async open(clock: Clock, file: string, log: Log): Promise<EdgeClock> {
    const noted = (await readJsonFile(file)) as { time?: unknown } | undefined
    const made = new EdgeClock(clock, file, log, typeof noted?.time === 'number' ? noted.time : 0)
    made.#look()
    return made
  }

  now(): Micros {
    return Math.max(this.#clock.now(), this.#floor + this.#clock.steady())
  }

  steady(): Micros {
    return this.#clock.steady()
  }

  after(delay: Micros, work: () => void): Timer {
    return this.#clock.after(delay, work)
  }

  /** False while the machine's own clock is behind the last time that was noted. */
  get trusted(): boolean {
    return this.#clock.now() >= this.#floor + this.#clock.steady()
  }

  get steps(): number {
    return this.#steps
  }

  get lastStep(): ClockStep | undefined {
    return this.#lastStep
  }

  /** What the platform's clock shows now: the machine's own is trusted when it is the nearer one. */
  compare(platform: Micros): void {
    const own = this.#clock.now()
    if (!this.trusted && Math.abs(own - platform) < Math.abs(this.now() - platform)) {
      this.#floor = Number.NEGATIVE_INFINITY
      this.#notice()
    }
  }

  async close(): Promise<void> {
    this.#timer?.cancel()
    await this.#save()
  }

  #look(): void {
    this.#notice()
    if (this.#clock.steady() - this.#savedAt >= SAVE_EVERY) void this.#save()
    this.#timer = this.#clock.after(LOOK_EVERY, () => this.#look())
  }

  #notice(): void {
    const steady = this.#clock.steady()
    if (this.trusted) this.#floor = Number.NEGATIVE_INFINITY
    const apart = this.now() - steady
    const by = apart - this.#apart
    this.#apart = apart
    if (Math.abs(by) < STEP) return
    const step = { from: this.now() - by, to: this.now(), by }
    this.#steps++
    this.#lastStep = step
    this.#log.warn({ from: formatTime(step.from), to: formatTime(step.to), seconds: by / SECOND }, 'the clock was set')
    // So that a clock that was ahead by mistake is not held on to after a restart.
    void this.#save()
    this.onStep(step)
  }

  async #save(): Promise<void> {
    this.#savedAt = this.#clock.steady()
    try {
      await replaceFile(this.#file, `${JSON.stringify({ time: this.now() })}\n`)
    } catch (error) {
      this.#log.warn({ err: error }, 'the time could not be noted')
    }
  }
}
