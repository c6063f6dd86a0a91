import assert from 'node:assert/strict'
import { setTimeout as pass } from 'node:timers/promises'
import type { RunningPlatform } from './platform.ts'

const BASE = Date.UTC(2026, 6, 1) * 1000
const STEP = 1_000
const LINES = 1_000

/** Writes numbers to an agent's InfluxDB listener, each until the agent has acknowledged it, as Telegraf does. */
export class FieldSender {
  readonly #url: string
  #running = true
  #acknowledged = 0
  #refused = 0
  readonly #loop: Promise<void>

  constructor(port: number) {
    this.#url = `http://127.0.0.1:${port}/write?precision=us`
    this.#loop = this.#send()
  }

  /** Numbers from 0 on that the agent has taken. */
  get acknowledged(): number {
    return this.#acknowledged
  }

  /** Batches that had to be offered again. */
  get refused(): number {
    return this.#refused
  }

  async stop(): Promise<void> {
    this.#running = false
    await this.#loop
  }

  async #send(): Promise<void> {
    while (this.#running) {
      const lines = Array.from({ length: LINES }, (_, i) => {
        const n = this.#acknowledged + i
        return `m n=${n} ${BASE + n * STEP}`
      })
      if (await this.#offer(lines.join('\n'))) this.#acknowledged += LINES
      else this.#refused++
      await pass(2)
    }
  }

  async #offer(body: string): Promise<boolean> {
    try {
      const reply = await fetch(this.#url, { method: 'POST', body })
      if (reply.status === 204) return true
    } catch {
      // Nobody listens just now: the agent was cut, or has not started yet.
    }
    await pass(20)
    return false
  }
}

/** Fails unless each of the `count` first numbers of a sender is stored once, with the value and the time it was sent with. */
export async function assertExactlyOnce(platform: RunningPlatform, device: string, count: number): Promise<void> {
  const { items: signals } = await platform.client.listSignals({ query: { device } })
  const signal = signals.find(({ name }) => name === 'n')!.id
  // Beyond `count`: taken, but the word of it was lost on its way.
  const seen = new Uint8Array(count + LINES)
  let cursor: string | undefined
  do {
    const body = { signal, from: BASE, to: BASE + 86_400_000_000, limit: 10_000 }
    const page = await platform.client.queryReadings({ body: cursor === undefined ? body : { ...body, cursor } })
    for (const { time, value } of page.items) {
      const n = (time - BASE) / STEP
      assert.equal(value, n)
      seen[n]!++
    }
    cursor = page.next
  } while (cursor !== undefined)
  const wrong = Array.from(seen.subarray(0, count), (times, n) => (times === 1 ? -1 : n)).filter((n) => n >= 0)
  assert.deepEqual(wrong.slice(0, 20), [])
}
