import type { ConnectionPorts, MetricRows } from '@millwright/connectivity'
import { SECOND } from '@millwright/foundation'

/** Hands rows over and knows what is not settled yet. A poll cannot be sent again: what is not stored is counted and logged. */
export class Handover {
  notStored = 0
  readonly #ports: ConnectionPorts
  readonly #open = new Set<Promise<void>>()

  constructor(ports: ConnectionPorts) {
    this.#ports = ports
  }

  accept(rows: MetricRows, source: string, device: string): void {
    const settled: Promise<void> = this.#ports.readings
      .accept(rows, source, device)
      .catch((err: Error) => {
        this.notStored++
        this.#ports.log.warn({ connection: this.#ports.id, device, err }, 'readings were not stored')
      })
      .finally(() => this.#open.delete(settled))
    this.#open.add(settled)
  }

  /** Resolves when all is settled, or after 3 s. */
  async settled(): Promise<void> {
    if (this.#open.size === 0) return
    const late = Promise.withResolvers<void>()
    const timer = this.#ports.clock.after(3 * SECOND, late.resolve)
    await Promise.race([Promise.all(this.#open), late.promise])
    timer.cancel()
  }
}
