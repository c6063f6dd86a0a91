/**
 * Waits until `condition` holds (returns something true) and gives back what it returned; fails with the last reason at
 * the deadline. For tests: a condition is polled, nothing is hoped to have happened after a while.
 * @param deadline milliseconds
 */
export async function eventually<T>(condition: () => T | Promise<T>, deadline = 60_000): Promise<NonNullable<T>> {
  const end = performance.now() + deadline
  let reason: unknown
  for (let wait = 1; ; wait = Math.min(wait * 2, 50)) {
    try {
      const value = await condition()
      if (value) return value as NonNullable<T>
      reason = undefined
    } catch (error) {
      reason = error
    }
    if (performance.now() >= end) break
    await new Promise((resolve) => setTimeout(resolve, wait))
  }
  throw new Error(`the condition did not come true within ${deadline} ms: ${condition}`, { cause: reason })
}
