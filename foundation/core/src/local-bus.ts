import type { Bus, PlatformEvent, Subscription } from './bus.ts'
import type { Log } from './log.ts'

interface Subscriber {
  readonly pattern: string
  readonly handler: (event: PlatformEvent) => void | Promise<void>
}

/** `a.b` matches itself; `a.*` matches everything that begins with `a.`; `*` matches all. */
export function matchesSubject(pattern: string, subject: string): boolean {
  if (pattern === '*') return true
  return pattern.endsWith('.*') ? subject.startsWith(pattern.slice(0, -1)) : pattern === subject
}

/**
 * The bus within one process. Events of one subject reach a subscriber in the order of their publishing, one at a time;
 * `publish` resolves when every handler is done.
 */
export function createBus(log: Log): Bus {
  const subscribers = new Set<Subscriber>()
  /** The last delivery of each subject, so that the next one waits for it. */
  const tails = new Map<string, Promise<void>>()
  let closed = false

  const deliver = async (event: PlatformEvent): Promise<void> => {
    const interested = [...subscribers].filter(({ pattern }) => matchesSubject(pattern, event.type))
    await Promise.all(
      interested.map(async ({ pattern, handler }) => {
        try {
          await handler(event)
        } catch (error) {
          log.error({ err: error, event: event.type, pattern }, 'an event handler failed; the others went on')
        }
      }),
    )
  }

  return {
    publish(event) {
      if (closed) return Promise.resolve()
      const before = tails.get(event.type)
      const delivery = before === undefined ? deliver(event) : before.then(() => deliver(event))
      tails.set(event.type, delivery)
      return delivery.finally(() => {
        if (tails.get(event.type) === delivery) tails.delete(event.type)
      })
    },
    subscribe(pattern, handler): Subscription {
      const subscriber = { pattern, handler }
      subscribers.add(subscriber)
      return { cancel: () => void subscribers.delete(subscriber) }
    },
    async close() {
      closed = true
      await Promise.all(tails.values())
      subscribers.clear()
    },
  }
}
