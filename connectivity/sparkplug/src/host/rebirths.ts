import { type Clock, MILLISECOND, type Micros, SECOND, type Timer } from '@millwright/foundation'
import type { EdgeNode } from './edge-node.ts'

const FIRST: Micros = 2 * SECOND
const LONGEST: Micros = 300 * SECOND
/** Requests are spread: a thousand nodes that answer at once would drown the broker. */
const APART: Micros = 20 * MILLISECOND

/** Asks edge nodes for their birth certificates; a node that does not answer is asked again after growing waits. */
export class Rebirths {
  readonly #clock: Clock
  readonly #ask: (node: EdgeNode) => void
  readonly #asked = new Map<EdgeNode, { at: Micros; wait: Micros; timer: Timer | undefined }>()
  #nextAt: Micros = 0
  requests = 0

  constructor(clock: Clock, ask: (node: EdgeNode) => void) {
    this.#clock = clock
    this.#ask = ask
  }

  /** A birth is wanted: asked for now, or not at all when it was a moment ago. */
  want(node: EdgeNode): void {
    const now = this.#clock.steady()
    const before = this.#asked.get(node)
    if (before !== undefined && (before.timer !== undefined || now < before.at + before.wait)) return
    const wait = before === undefined ? FIRST : Math.min(before.wait * 2, LONGEST)
    const at = Math.max(now, this.#nextAt)
    this.#nextAt = at + APART
    const entry = { at, wait, timer: undefined as Timer | undefined }
    this.#asked.set(node, entry)
    const send = () => {
      entry.timer = undefined
      this.requests++
      this.#ask(node)
    }
    if (at === now) send()
    else entry.timer = this.#clock.after(at - now, send)
  }

  /** It came. */
  answered(node: EdgeNode): void {
    this.#asked.get(node)?.timer?.cancel()
    this.#asked.delete(node)
  }

  stop(): void {
    for (const { timer } of this.#asked.values()) timer?.cancel()
    this.#asked.clear()
  }
}
