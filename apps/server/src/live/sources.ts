import type { Alarm, AlarmTransition } from '@millwright/contracts'
import { type Historian, mayFollow, type ReadingRows, type SignalService } from '@millwright/data'
import { type Bus, type Clock, errorCatalogue, type Micros, type PlatformEvent } from '@millwright/foundation'
import { type AlarmMoved, mayReadAlarm } from '@millwright/monitoring'
import type { Actor } from '@millwright/trust'

const liveErrors = errorCatalogue('LIVE', {
  events: { number: 2, status: 403, text: 'Following events needs the permission asset:read for the whole tenant.' },
})

export interface LiveSourcesOptions {
  readonly bus: Bus
  readonly clock: Clock
  readonly signals: SignalService
  readonly historian: Historian
  /** Ids from the root to a node. */
  readonly pathOf: (node: string) => readonly string[]
}

/** What can be followed live, each subscription checked against what the actor may read. Each gives back its end. */
export class LiveSources {
  readonly #options: LiveSourcesOptions

  constructor(options: LiveSourcesOptions) {
    this.#options = options
  }

  now(): Micros {
    return this.#options.clock.now()
  }

  signals(
    actor: Actor,
    ids: readonly string[],
    maxRate: number,
    viewer: { ready: () => boolean; rows: (rows: ReadingRows) => void },
  ): () => void {
    const keys = ids.map((id) => this.#options.signals.facts(actor, id).key)
    return this.#options.historian.live.subscribe({ signals: keys, maxRate, ...viewer }).cancel
  }

  /** Whether the actor may still read all of these. */
  mayRead(actor: Actor, ids: readonly string[]): boolean {
    const { signals } = this.#options
    return ids.every((id) => signals.readable(actor, id))
  }

  alarms(actor: Actor, onAlarm: (alarm: Alarm, transition: AlarmTransition) => void): () => void {
    const subscription = this.#options.bus.subscribe('millwright.alarm.transition', (event) => {
      const { alarm, transition, signalNames } = event.data as AlarmMoved
      const place = { tenant: event.tenant, path: this.#options.pathOf(alarm.equipment), signalNames }
      if (mayReadAlarm(actor, place)) onAlarm(alarm, transition)
    })
    return () => subscription.cancel()
  }

  events(actor: Actor, onEvent: (event: PlatformEvent) => void): () => void {
    if (!mayFollow(actor)) throw liveErrors.events()
    const subscription = this.#options.bus.subscribe('millwright.*', (event) => {
      if (event.tenant === actor.tenant && !event.type.startsWith('millwright.alarm.')) onEvent(event)
    })
    return () => subscription.cancel()
  }
}
