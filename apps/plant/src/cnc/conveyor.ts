import type { Part, PartSink, PartSource } from './part.ts'

interface ConveyorState {
  onBelt: { part: Part; left: number }[]
  /** Serial numbers that are to be taken out at the gate. */
  marked: string[]
  aside: Part[]
}

/** Seconds from the mill to the gate in front of the gauge: the time there is to decide. */
const TRAVEL = 5
const CAPACITY = 3

/** The belt to the gauge, with a gate at its end: a part that somebody asked to take out goes to a lane of its own. */
export class Conveyor implements PartSink, PartSource {
  #s: ConveyorState = { onBelt: [], marked: [], aside: [] }

  offer(part: Part): boolean {
    if (this.#s.onBelt.length >= CAPACITY) return false
    this.#s.onBelt.push({ part, left: TRAVEL })
    return true
  }

  step(dt: number): void {
    const s = this.#s
    for (const each of s.onBelt) each.left -= dt
    const first = s.onBelt[0]
    if (first === undefined || first.left > 0 || !s.marked.includes(first.part.serial)) return
    s.onBelt.shift()
    s.marked = s.marked.filter((serial) => serial !== first.part.serial)
    s.aside.push(first.part)
  }

  take(): Part | undefined {
    const { onBelt } = this.#s
    return onBelt[0] !== undefined && onBelt[0].left <= 0 ? onBelt.shift()!.part : undefined
  }

  /** The oldest part of the lane, while no other is on the belt. */
  takeAside(): Part | undefined {
    return this.#s.onBelt.length === 0 ? this.#s.aside.shift() : undefined
  }

  /** Throws when the part is not on the belt any more. */
  divert(serial: string): { readonly diverted: string } {
    const s = this.#s
    if (!s.onBelt.some(({ part }) => part.serial === serial))
      throw new Error(`${serial} is not on the belt: it has passed the gate, or was never here`)
    if (!s.marked.includes(serial)) s.marked.push(serial)
    return { diverted: serial }
  }

  save(): ConveyorState {
    return structuredClone(this.#s)
  }

  restore(state: ConveyorState): void {
    this.#s = structuredClone(state)
  }
}
