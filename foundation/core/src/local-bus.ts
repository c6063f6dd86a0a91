import { AsyncLocalStorage } from 'node:async_hooks'
import type { Bus, PlatformEvent, Subscription } from './bus.ts'
import type { Log } from './log.ts'

/** `a.b` matches itself; `a.*` matches everything that begins with `a.`; `*` matches all. */
function matchesSubject(pattern: string, subject: string): boolean {
  if (pattern === '*') return true
  return pattern.endsWith('.*') ? subject.startsWith(pattern.slice(0, -1)) : pattern === subject
}

/**
 * The bus within one process. A subscriber gets the events of one type in the order of their publishing, one at a time;
 * a slow one delays nobody else. `publish` resolves when every handler is done; within a handler it resolves at once,
 * because two handlers that wait for each other's queues would wait for ever.
 */
export function createBus(log: Log): Bus {
  const subscribers = new Set<Subscriber>()
  const inHandler = new AsyncLocalStorage<true>()
  let closed = false
  return {
    async publish(event) {
      if (closed) return
      const deliveries: Promise<void>[] = []
      for (const subscriber of subscribers) {
        if (matchesSubject(subscriber.pattern, event.type))
          deliveries.push(inHandler.run(true, () => subscriber.deliver(event)))
      }
      if (inHandler.getStore() === undefined) await Promise.all(deliveries)
    },
    subscribe(pattern, handler): Subscription {
      const subscriber = new Subscriber(pattern, handler, log)
      subscribers.add(subscriber)
      return {
        cancel: () => {
          subscriber.cancelled = true
          subscribers.delete(subscriber)
        },
      }
    },
    async close() {
      closed = true
      await Promise.all([...subscribers].map((subscriber) => subscriber.idle()))
      subscribers.clear()
    },
  }
}

class Subscriber {
  readonly pattern: string
  cancelled = false
  readonly #handler: (event: PlatformEvent) => void | Promise<void>
  readonly #log: Log
  /** The last delivery of each type that is still under way. */
  readonly #tails = new Map<string, Promise<void>>()

  constructor(pattern: string, handler: (event: PlatformEvent) => void | Promise<void>, log: Log) {
    this.pattern = pattern
    this.#handler = handler
    this.#log = log
  }

  deliver(event: PlatformEvent): Promise<void> {
    const before = this.#tails.get(event.type)
    const delivery = before === undefined ? this.#call(event) : before.then(() => this.#call(event))
    this.#tails.set(event.type, delivery)
    return delivery.then(() => {
      if (this.#tails.get(event.type) === delivery) this.#tails.delete(event.type)
    })
  }

  async idle(): Promise<void> {
    await Promise.all(this.#tails.values())
  }

  async #call(event: PlatformEvent): Promise<void> {
    if (this.cancelled) return
    try {
      await this.#handler(event)
    } catch (error) {
      this.#log.error(
        { err: error, event: event.type, pattern: this.pattern },
        'an event handler failed; the others went on',
      )
    }
  }
}
