import type { AdapterPorts, DeviceSession } from '@millwright/connectivity'
import type { Clock, Micros, Timer } from '@millwright/foundation'
import type { IdentifiedDevice } from '@millwright/trust'

interface Held {
  readonly session: DeviceSession
  usedAt: Micros
  /** Requests under way; a long poll keeps the device online. */
  busy: number
}

/** HTTP has no connection that says "online": a device is, while it keeps asking. */
export class HttpSessions {
  readonly #sessions: AdapterPorts['sessions']
  readonly #clock: Clock
  readonly #idleAfter: Micros
  readonly #held = new Map<string, Held>()
  /** Requests of one device that come at once open one session. */
  readonly #opening = new Map<string, Promise<Held>>()
  #sweep: Timer | undefined

  constructor(sessions: AdapterPorts['sessions'], clock: Clock, idleAfter: Micros) {
    this.#sessions = sessions
    this.#clock = clock
    this.#idleAfter = idleAfter
  }

  get count(): number {
    return this.#held.size
  }

  /** The device's session, for one request: call `release` when it is answered. */
  async take(identity: IdentifiedDevice, address: string): Promise<{ session: DeviceSession; release: () => void }> {
    const key = `${identity.device}/${identity.serial ?? ''}`
    const held = this.#held.get(key) ?? (await this.#open(key, identity, address))
    held.busy++
    held.usedAt = this.#clock.now()
    this.#sweep ??= this.#clock.after(this.#idleAfter, () => this.#closeIdle())
    return {
      session: held.session,
      release: () => {
        held.busy--
        held.usedAt = this.#clock.now()
      },
    }
  }

  close(): void {
    this.#sweep?.cancel()
    for (const { session } of this.#held.values()) session.close('the platform stopped')
    this.#held.clear()
  }

  #open(key: string, identity: IdentifiedDevice, address: string): Promise<Held> {
    const opening = this.#opening.get(key)
    if (opening !== undefined) return opening
    const opened = this.#sessions
      .open(identity, 'http', address)
      .then((session) => {
        const held = { session, usedAt: this.#clock.now(), busy: 0 }
        this.#held.set(key, held)
        session.onCut(() => this.#held.delete(key))
        return held
      })
      .finally(() => this.#opening.delete(key))
    this.#opening.set(key, opened)
    return opened
  }

  #closeIdle(): void {
    const before = this.#clock.now() - this.#idleAfter
    for (const [key, held] of this.#held) {
      if (held.busy > 0 || held.usedAt > before) continue
      this.#held.delete(key)
      held.session.close('it sent no request for a while')
    }
    this.#sweep = this.#held.size === 0 ? undefined : this.#clock.after(this.#idleAfter / 4, () => this.#closeIdle())
  }
}
