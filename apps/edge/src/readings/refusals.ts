import type { BlockSection } from '@millwright/connectivity'
import { type Clock, type Log, MINUTE, type Micros, type MillwrightError } from '@millwright/foundation'
import type { DurableQueue } from '../queue/index.ts'

export const REFUSED_TOPIC = 'mw/v1/agent/refused'

/** Of one connection and minute; more are only counted: a peer that lies all day must not fill the queue with it. */
const MOST = 60
const PAYLOAD_BYTES = 4 * 1024

/** What could not be taken, on its way to the platform's dead letters. */
export class Refusals {
  readonly #options: { readonly queue: DurableQueue; readonly clock: Clock; readonly log: Log }
  readonly #counts = new Map<string, { since: Micros; count: number }>()
  #total = 0

  constructor(options: { readonly queue: DurableQueue; readonly clock: Clock; readonly log: Log }) {
    this.#options = options
  }

  /** Since the start. */
  get total(): number {
    return this.#total
  }

  /** Resolves when the dead letter is durable, or there have been too many to keep another. */
  async refuse(section: BlockSection, payload: Uint8Array, error: MillwrightError): Promise<void> {
    const { queue, clock, log } = this.#options
    this.#total++
    if (!this.#room(section.connection)) return
    log.debug({ ...section, code: error.code, reason: error.message }, 'refused')
    const letter = {
      connection: section.connection,
      device: section.device,
      source: section.source,
      code: error.code,
      reason: error.message.slice(0, 2_000),
      payload: Buffer.from(payload.buffer, payload.byteOffset, Math.min(payload.length, PAYLOAD_BYTES)).toString(
        'base64',
      ),
      time: clock.now(),
    }
    await queue.message(messagePayload(REFUSED_TOPIC, JSON.stringify(letter)))
  }

  #room(connection: string): boolean {
    const now = this.#options.clock.steady()
    let held = this.#counts.get(connection)
    if (held === undefined || now - held.since > MINUTE) {
      held = { since: now, count: 0 }
      this.#counts.set(connection, held)
    }
    held.count++
    return held.count <= MOST
  }
}

/** A message in the queue: its topic on the first line, then the body. */
export const messagePayload = (topic: string, body: string): Buffer => Buffer.from(`${topic}\n${body}`)

export function readMessage(payload: Buffer): { topic: string; body: Buffer } {
  const end = payload.indexOf('\n')
  return { topic: payload.toString('utf8', 0, end), body: payload.subarray(end + 1) }
}
