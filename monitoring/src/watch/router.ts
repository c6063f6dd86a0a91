import type { ReadingBatch, SignalKey } from '@millwright/connectivity'
import type { Micros } from '@millwright/foundation'
import type { Machine } from './machine.ts'
import type { SignalState } from './signal-state.ts'

interface Route {
  readonly machine: Machine
  readonly state: SignalState
}

/** For readings of the past: all of them count. */
export const NO_LIMIT = (): Micros => Number.POSITIVE_INFINITY

/** Brings the rows of a batch to the machines whose rules read them. A signal that no rule reads costs one look-up. */
export class Router {
  readonly #routes = new Map<SignalKey, Route>()
  readonly #touched: Machine[] = []

  add(machine: Machine): void {
    for (const state of machine.signals) this.#routes.set(state.key, { machine, state })
  }

  remove(machine: Machine): void {
    for (const state of machine.signals) {
      if (this.#routes.get(state.key)?.machine === machine) this.#routes.delete(state.key)
    }
  }

  get keys(): Iterable<SignalKey> {
    return this.#routes.keys()
  }

  /**
   * @param latest of a machine's readings, by its equipment: those stamped later are left out
   * @param reachedAt the platform's steady time now
   * @returns the machines that had rows; valid until the next call
   */
  dispatch(batch: ReadingBatch, latest: (equipment: string) => Micros, reachedAt: Micros): readonly Machine[] {
    const { signal, length, wide } = batch
    const touched = this.#touched
    touched.length = 0
    for (let row = 0; row < length; row++) {
      const route = this.#routes.get(signal[row]!)
      if (route !== undefined) this.#collect(route, row)
    }
    for (let row = 0; row < wide.length; row++) {
      const route = this.#routes.get(wide[row]!.signal)
      if (route !== undefined) this.#collect(route, ~row)
    }
    for (const machine of touched) machine.take(batch, latest(machine.equipment.id), reachedAt)
    return touched
  }

  #collect({ machine, state }: Route, row: number): void {
    if (machine.rows.length === 0) this.#touched.push(machine)
    machine.rows.push(row)
    machine.states.push(state)
  }
}
