import type { Fault } from './machine.ts'

/** A fault that is a flag of the machine; the physics reads the flag. */
export class FaultSwitch implements Fault {
  readonly name: string
  readonly description: string
  active = false
  readonly #onInject: () => void
  readonly #onClear: () => void

  constructor(name: string, description: string, effects: { onInject?: () => void; onClear?: () => void } = {}) {
    this.name = name
    this.description = description
    this.#onInject = effects.onInject ?? (() => {})
    this.#onClear = effects.onClear ?? (() => {})
  }

  inject(): void {
    if (this.active) return
    this.active = true
    this.#onInject()
  }

  clear(): void {
    if (!this.active) return
    this.active = false
    this.#onClear()
  }
}
