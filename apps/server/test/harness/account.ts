import type { DeviceClient } from '@millwright/sdk/device'
import type { RunningPlatform } from './platform.ts'

const BASE = Date.UTC(2026, 6, 1) * 1000
const STEP = 10_000
const DAY = 86_400_000_000

/** Publishes numbers one after the other, some at once, and keeps account of what was acknowledged. */
export class AccountedSender {
  readonly acknowledged: number[] = []
  readonly #client: DeviceClient
  readonly #also: (n: number) => Readonly<Record<string, number>>
  #next = 0
  #running = true
  readonly #loops: Promise<void>[]

  /** @param also what goes with the n-th number */
  constructor(client: DeviceClient, atOnce = 4, also: (n: number) => Readonly<Record<string, number>> = () => ({})) {
    this.#client = client
    this.#also = also
    this.#loops = Array.from({ length: atOnce }, () => this.#send())
  }

  /** Sends what is under way to its end. */
  async stop(): Promise<void> {
    this.#running = false
    await Promise.all(this.#loops)
    await this.#client.close()
  }

  /** When the test has failed: there may be nobody left to acknowledge what waits. */
  abandon(): void {
    this.#running = false
    for (const loop of this.#loops) loop.catch(() => undefined)
    void this.#client.close().catch(() => undefined)
  }

  async #send(): Promise<void> {
    while (this.#running) {
      const n = this.#next++
      await this.#client.publish({ time: BASE + n * STEP, values: { n, ...this.#also(n) } })
      this.acknowledged.push(n)
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }
}

/** What of `acknowledged` is not stored exactly once as it was sent. */
export async function lost(
  platform: RunningPlatform,
  from: { readonly device: string } | { readonly equipment: string },
  acknowledged: readonly number[],
): Promise<number[]> {
  const { items: signals } = await platform.client.listSignals({ query: { ...from, q: 'n' } })
  const signal = signals.find(({ name }) => name === 'n')!.id
  const stored = new Map<number, unknown[]>()
  let cursor: string | undefined
  do {
    const body = { signal, from: BASE, to: BASE + DAY, limit: 10_000 }
    const page = await platform.client.queryReadings({ body: cursor === undefined ? body : { ...body, cursor } })
    for (const { time, value } of page.items) stored.set(time, [...(stored.get(time) ?? []), value])
    cursor = page.next
  } while (cursor !== undefined)
  return acknowledged.filter((n) => {
    const values = stored.get(BASE + n * STEP)
    return values?.length !== 1 || values[0] !== n
  })
}
