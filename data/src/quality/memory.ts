import type { SignalKey } from '@millwright/connectivity'

/**
 * What the judge remembers of each signal, as columns indexed by the signal's key (keys are dense: they are the
 * identity column of the signals table). About 40 bytes a signal.
 */
export class SignalMemory {
  /** Newest time judged, NaN when none is known. */
  time = new Float64Array(1024).fill(Number.NaN)
  value = new Float64Array(1024)
  /** Quality given to the newest reading. */
  quality = new Uint32Array(1024)
  /** Since when the value has been what it is. */
  since = new Float64Array(1024)

  /** Makes room for a key; call before touching the columns. */
  reach(key: SignalKey): void {
    if (key < this.time.length) return
    let size = this.time.length
    while (size <= key) size *= 2
    const time = new Float64Array(size).fill(Number.NaN)
    time.set(this.time)
    this.time = time
    this.value = copied(this.value, new Float64Array(size))
    this.since = copied(this.since, new Float64Array(size))
    this.quality = copied(this.quality, new Uint32Array(size))
  }

  forget(key: SignalKey): void {
    if (key < this.time.length) this.time[key] = Number.NaN
  }
}

function copied<A extends Float64Array | Uint32Array>(from: A, to: A): A {
  to.set(from)
  return to
}
