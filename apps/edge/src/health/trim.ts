import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type Clock, SECOND, type Timer } from '@millwright/foundation'

/** Loading protocols leaves tens of megabytes behind that nobody asks for again, and V8 is in no hurry with an idle process. */
const AFTER = 15 * SECOND

/** Gives memory back some time after something large was loaded: once, and not while more is coming. */
export class MemoryTrim {
  readonly #clock: Clock
  #timer: Timer | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Something was loaded. */
  soon(): void {
    this.#timer?.cancel()
    this.#timer = this.#clock.after(AFTER, collect)
  }

  stop(): void {
    this.#timer?.cancel()
  }
}

let gc: (() => void) | undefined

/** A full collection: a few tens of milliseconds on a heap of this size. */
function collect(): void {
  if (gc === undefined) {
    setFlagsFromString('--expose-gc')
    gc = runInNewContext('gc') as () => void
  }
  gc()
}
