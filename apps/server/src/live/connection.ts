import type { Alarm, AlarmTransition, Event, LiveMessage, LiveRequest } from '@millwright/contracts'
import type { ReadingRows } from '@millwright/data'
import type { MillwrightError, PlatformEvent } from '@millwright/foundation'
import type { Actor } from '@millwright/trust'
import type { LiveSources } from './sources.ts'

const SUBSCRIPTION_LIMIT = 100
/** Bytes not yet taken by the network at which readings are held back, newest only. */
const FULL = 1 << 20
/** Bytes at which the viewer is taken for gone. */
const HOPELESS = 16 << 20

/** What a connection needs of its WebSocket. */
export interface LiveSocket {
  readonly bufferedAmount: number
  send(text: string): void
  close(code: number, reason: string): void
}

/** One viewer's live connection: its subscriptions, each checked against what the viewer may read. */
export class LiveConnection {
  readonly #socket: LiveSocket
  readonly #actor: Actor
  readonly #sources: LiveSources
  readonly #subscriptions = new Map<string, () => void>()
  /** Goes up when signals or equipment were moved: what may be read is looked at again before the next rows go out. */
  #moves = 0
  /** Shares in force when it began: those that are given or taken back close it, those that run out are noticed here. */
  readonly #shares: number

  constructor(socket: LiveSocket, actor: Actor, sources: LiveSources) {
    this.#socket = socket
    this.#actor = actor
    this.#sources = sources
    this.#shares = actor.shares.length
  }

  request(request: LiveRequest): void {
    if (request.type === 'ping') this.#send({ type: 'pong', time: this.#sources.now() })
    else if (request.type === 'unsubscribe') this.#end(request.id)
    else this.#subscribe(request)
  }

  /** Signals or equipment were moved, renamed or removed. */
  moved(): void {
    this.#moves++
  }

  close(): void {
    for (const id of [...this.#subscriptions.keys()]) this.#end(id)
  }

  #subscribe(request: Extract<LiveRequest, { type: 'subscribe' }>): void {
    this.#end(request.id)
    if (this.#subscriptions.size >= SUBSCRIPTION_LIMIT) {
      this.#send({
        type: 'error',
        id: request.id,
        code: 'MW-LIVE-0001',
        detail: `A connection may hold ${SUBSCRIPTION_LIMIT} subscriptions; end one first.`,
      })
      return
    }
    try {
      this.#subscriptions.set(request.id, this.#begin(request))
      this.#send({ type: 'subscribed', id: request.id })
    } catch (error) {
      const { code, message } = error as MillwrightError
      this.#send({ type: 'error', id: request.id, code: code ?? 'MW-API-0000', detail: message })
    }
  }

  #begin(request: Extract<LiveRequest, { type: 'subscribe' }>): () => void {
    const { id } = request
    switch (request.topic) {
      case 'signals': {
        let moves = this.#moves
        return this.#sources.signals(this.#actor, request.signals, request.maxRate ?? 10, {
          ready: () => this.#socket.bufferedAmount < FULL,
          rows: (rows: ReadingRows) => {
            if (this.#actor.shares.length < this.#shares) {
              this.#socket.close(4403, 'rights have changed')
              return
            }
            if (moves !== this.#moves && !this.#mayStill(request)) return
            moves = this.#moves
            this.#send({ type: 'readings', id, ...rows })
          },
        })
      }
      case 'alarms':
        return this.#sources.alarms(this.#actor, (alarm: Alarm, transition: AlarmTransition) =>
          this.#send({ type: 'alarm', id, alarm, transition }),
        )
      case 'events':
        return this.#sources.events(this.#actor, (event: PlatformEvent) =>
          this.#send({ type: 'event', id, event: seen(event) }),
        )
    }
  }

  /** Ends a subscription of which something was moved to where the viewer may not look. */
  #mayStill({ id, signals }: { id: string; signals: readonly string[] }): boolean {
    if (this.#sources.mayRead(this.#actor, signals)) return true
    this.#end(id)
    this.#send({
      type: 'error',
      id,
      code: 'MW-LIVE-0004',
      detail:
        'A signal of this subscription was moved or removed and may not be read any more; subscribe to the others.',
    })
    return false
  }

  #end(id: string): void {
    this.#subscriptions.get(id)?.()
    this.#subscriptions.delete(id)
  }

  #send(message: LiveMessage): void {
    if (this.#socket.bufferedAmount > HOPELESS) {
      this.#socket.close(1013, 'the viewer reads too slowly')
      return
    }
    this.#socket.send(JSON.stringify(message))
  }
}

const seen = ({ id, time, type, subject, data }: PlatformEvent): Event => ({
  id,
  time,
  type,
  subject,
  data: data as Event['data'],
})
