import type { Clock, Micros, Timer } from '../time.ts'

/** A clock that stands until it is told to move; due work runs in the order of its time. */
export class VirtualClock implements Clock {
  #now: Micros
  #due: { at: Micros; order: number; work: () => void }[] = []
  #order = 0
  #set: Micros = 0

  constructor(start: Micros = Date.UTC(2026, 0, 1) * 1000) {
    this.#now = start
  }

  now(): Micros {
    return this.#now + this.#set
  }

  steady(): Micros {
    return this.#now
  }

  /** Sets what time it is, as an administrator or NTP does: no time passes by it. */
  set(by: Micros): void {
    this.#set += by
  }

  after(delay: Micros, work: () => void): Timer {
    const entry = { at: this.#now + Math.max(0, delay), order: this.#order++, work }
    this.#due.push(entry)
    return {
      cancel: () => {
        this.#due = this.#due.filter((other) => other !== entry)
      },
    }
  }

  /** Moves time forward by `delay`, running what falls due on the way at its own time; lets promises settle between. */
  async advance(delay: Micros): Promise<void> {
    const end = this.#now + delay
    for (;;) {
      await settle()
      this.#due.sort((a, b) => a.at - b.at || a.order - b.order)
      const next = this.#due[0]
      if (next === undefined || next.at > end) break
      this.#due.shift()
      this.#now = Math.max(this.#now, next.at)
      next.work()
    }
    this.#now = end
    await settle()
  }
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve))
