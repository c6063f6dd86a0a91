import type { Clock, Micros } from '@millwright/foundation'
import type { TelemetryMessage } from '@millwright/sdk/device'
import { Duplicates } from './duplicates.ts'
import type { TimedRow } from './rows.ts'

/** Where rows go: a device client is one. */
export interface Target {
  publish(messages: readonly TelemetryMessage[]): Promise<void>
  /** Resolves when a further message would be taken. */
  room(): Promise<void>
}

export interface PlayOptions {
  readonly rows: AsyncIterable<TimedRow>
  readonly target: Target
  readonly clock: Clock
  /** Seconds of the recording in one second; 0: as fast as the platform takes them. */
  readonly speed: number
  /** Stamp rows with the time they are played at instead of their own. */
  readonly present: boolean
  /** Called as it goes. */
  onProgress?(result: PlayResult, row: TimedRow): void
}

export interface PlayResult {
  /** Rows read. */
  rows: number
  /** Rows sent, in messages the platform has not acknowledged yet or has. */
  sent: number
  acknowledged: number
  /** Rows without a single value: there is nothing to store. */
  empty: number
  readings: number
  readonly duplicates: Duplicates
  first: Micros | undefined
  last: Micros | undefined
}

const ROWS_A_MESSAGE = 200
const READINGS_A_MESSAGE = 2_000
/** Rows due within this are sent together: a message each would be no more exact. */
const TOGETHER = 20_000

/**
 * Plays rows in their own rhythm and waits until each is acknowledged. Errors: what the first message that was given up
 * was given up for, or what the rows threw.
 */
export async function play(options: PlayOptions): Promise<PlayResult> {
  const player = new Player(options)
  return player.run()
}

class Player {
  readonly #options: PlayOptions
  readonly #result: PlayResult = {
    rows: 0,
    sent: 0,
    acknowledged: 0,
    empty: 0,
    readings: 0,
    duplicates: new Duplicates(),
    first: undefined,
    last: undefined,
  }
  readonly #underWay = new Set<Promise<void>>()
  #batch: TelemetryMessage[] = []
  #batchReadings = 0
  #failure: { error: unknown } | undefined

  constructor(options: PlayOptions) {
    this.#options = options
  }

  async run(): Promise<PlayResult> {
    const { rows, clock, speed, present, onProgress } = this.#options
    const result = this.#result
    const began = clock.now()
    for await (const row of rows) {
      result.rows += 1
      result.first ??= row.time
      result.last = row.time
      result.duplicates.note(row.time, row.line)
      const due = speed === 0 ? began : began + Math.round((row.time - result.first) / speed)
      if (due - clock.now() > TOGETHER) {
        await this.#flush()
        await sleep(clock, due - clock.now())
      }
      this.#add({ time: present ? due : row.time, values: row.values })
      if (this.#batch.length >= ROWS_A_MESSAGE || this.#batchReadings >= READINGS_A_MESSAGE) await this.#flush()
      if (this.#failure !== undefined) throw this.#failure.error
      onProgress?.(result, row)
    }
    await this.#flush()
    await Promise.all(this.#underWay)
    if (this.#failure !== undefined) throw this.#failure.error
    return result
  }

  #add(message: TelemetryMessage): void {
    const readings = Object.keys(message.values).length
    if (readings === 0) {
      this.#result.empty += 1
      return
    }
    this.#batch.push(message)
    this.#batchReadings += readings
  }

  async #flush(): Promise<void> {
    const batch = this.#batch
    if (batch.length === 0) return
    const readings = this.#batchReadings
    this.#batch = []
    this.#batchReadings = 0
    await this.#options.target.room()
    this.#result.sent += batch.length
    const done = this.#options.target.publish(batch).then(
      () => {
        this.#result.acknowledged += batch.length
        this.#result.readings += readings
      },
      (error: unknown) => {
        this.#failure ??= { error }
      },
    )
    this.#underWay.add(done)
    void done.then(() => this.#underWay.delete(done))
  }
}

const sleep = (clock: Clock, delay: Micros) => new Promise<void>((resolve) => clock.after(delay, resolve))
