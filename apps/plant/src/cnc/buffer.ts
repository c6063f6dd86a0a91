import type { Part, PartSink, PartSource } from './part.ts'

/** A stretch of conveyor between two stations. */
export class Buffer implements PartSink, PartSource {
  readonly #capacity: number
  #parts: Part[] = []

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get length(): number {
    return this.#parts.length
  }

  offer(part: Part): boolean {
    if (this.#parts.length >= this.#capacity) return false
    this.#parts.push(part)
    return true
  }

  take(): Part | undefined {
    return this.#parts.shift()
  }

  save(): Part[] {
    return structuredClone(this.#parts)
  }

  restore(parts: Part[]): void {
    this.#parts = structuredClone(parts)
  }
}
