import type { FedReading, FedSignal, SignalFeed } from '@millwright/connectivity'

/** The platform's signals, for tests of sinks. */
export class TestFeed implements SignalFeed {
  list: FedSignal[] = []
  readonly #readings = new Set<(readings: readonly FedReading[]) => void>()
  readonly #changed = new Set<() => void>()

  async signals(): Promise<readonly FedSignal[]> {
    return this.list
  }

  readings(listener: (readings: readonly FedReading[]) => void) {
    this.#readings.add(listener)
    return { cancel: () => void this.#readings.delete(listener) }
  }

  changed(listener: () => void) {
    this.#changed.add(listener)
    return { cancel: () => void this.#changed.delete(listener) }
  }

  /** A commit. */
  commit(...readings: FedReading[]): void {
    for (const listener of this.#readings) listener(readings)
  }

  change(list: FedSignal[]): void {
    this.list = list
    for (const listener of this.#changed) listener()
  }
}

export const signal = (id: string, name: string, over: Partial<FedSignal> = {}): FedSignal => ({
  id,
  name,
  kind: 'number',
  unit: undefined,
  path: ['Acme', 'Line 1'],
  latest: undefined,
  ...over,
})
