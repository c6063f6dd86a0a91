import type { SignalKey } from '@millwright/connectivity'
import { HOUR, type Micros } from '@millwright/foundation'
import type { Engine } from '../historian/engine.ts'
import { periodOf } from '../historian/retention-classes.ts'
import type { StorageClasses } from './storage-classes.ts'
import { TsvWriter } from './tsv.ts'

/** How far behind a note may be: retention counts in days. */
const GRAIN = HOUR

/**
 * Notes when periods that are over are written to again, so that retention counts from then: history that is imported
 * today is kept as long as history that is made today.
 */
export class LateWrites {
  readonly #engine: Engine
  /** `class period` -> when it was last noted. */
  readonly #noted = new Map<string, Micros>()

  constructor(engine: Engine) {
    this.#engine = engine
  }

  async load(): Promise<void> {
    const [classes, periods, written] = await this.#engine.columns<[number[], number[], number[]]>(
      'select class, period, written from late_writes final',
    )
    for (const [i, no] of classes.entries()) this.#noted.set(`${no} ${periods[i]}`, written[i]!)
  }

  /** When a period was last written to after it was over; undefined when it was not. */
  lastWritten(classNo: number, period: Micros): Micros | undefined {
    return this.#noted.get(`${classNo} ${period}`)
  }

  /** Looks at signal-hours that are written to for the first time, and notes the periods among them that are over. */
  async note(pairs: readonly (readonly [SignalKey, number])[], classes: StorageClasses, now: Micros): Promise<void> {
    const out = new TsvWriter(256)
    const found = new Map<string, Micros>()
    for (const [key, hour] of pairs) {
      const classNo = classes.classOf(key)
      const { start, end } = periodOf(classNo, hour * HOUR)
      const name = `${classNo} ${start}`
      if (end > now || found.has(name) || (this.#noted.get(name) ?? -Infinity) > now - GRAIN) continue
      found.set(name, now)
      out.uint(classNo).tab().uint(start).tab().uint(now).newline()
    }
    if (found.size === 0) return
    await this.#engine.insert('late_writes', ['class', 'period', 'written'], out.written())
    for (const [name, time] of found) this.#noted.set(name, time)
  }
}
