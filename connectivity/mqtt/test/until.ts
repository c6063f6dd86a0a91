import { setTimeout as delay } from 'node:timers/promises'

/** Polls until `condition` is true (or gives a value); fails with `what` at the deadline. */
export async function until<T>(what: string, condition: () => T | undefined | false, seconds = 10): Promise<T> {
  const deadline = performance.now() + seconds * 1000
  for (;;) {
    const value = condition()
    if (value !== undefined && value !== false) return value
    if (performance.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`)
    await delay(5)
  }
}
