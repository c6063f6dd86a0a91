import type { Log, Subscription } from '@millwright/foundation'
import type { AlarmChange, AlarmsPort, WatchedAlarm } from '../ports.ts'
import type { Occurrence } from './conditions.ts'

/** What stands, in memory while anybody is here to see it. */
export class StandingAlarms {
  readonly #port: AlarmsPort
  readonly #log: Log
  readonly #alarms = new Map<string, WatchedAlarm>()
  readonly #changed: ((watched: WatchedAlarm, occurrence: Occurrence) => void)[] = []
  readonly #ended: ((id: string) => void)[] = []
  #following: Subscription | undefined
  #opening: Promise<void> | undefined

  constructor(port: AlarmsPort, log: Log) {
    this.#port = port
    this.#log = log
  }

  /** Resolves when everything that stands is known. */
  open(): Promise<void> {
    this.#opening ??= this.#open()
    return this.#opening
  }

  close(): void {
    this.#following?.cancel()
    this.#following = undefined
    this.#opening = undefined
    this.#alarms.clear()
  }

  get(id: string): WatchedAlarm | undefined {
    return this.#alarms.get(id)
  }

  all(): Iterable<WatchedAlarm> {
    return [...this.#alarms.values()]
  }

  /** For a refresh: the alarm's last known change. */
  occurrence({ alarm }: WatchedAlarm): Occurrence {
    const time = alarm.acknowledgedAt ?? alarm.returnedAt ?? alarm.raisedAt
    return { time, by: alarm.acknowledgedBy ?? '', comment: undefined }
  }

  onChange(listener: (watched: WatchedAlarm, occurrence: Occurrence) => void): void {
    this.#changed.push(listener)
  }

  /** The alarm is over, and everybody was told. */
  onEnded(listener: (id: string) => void): void {
    this.#ended.push(listener)
  }

  async #open(): Promise<void> {
    const missed: AlarmChange[] = []
    let take = (change: AlarmChange): void => void missed.push(change)
    this.#following = this.#port.onChange((change) => take(change))
    try {
      for (const watched of await this.#port.standing()) this.#alarms.set(watched.alarm.id, watched)
    } catch (error) {
      this.#log.error({ err: error }, 'standing alarms could not be read for OPC UA')
      this.close()
      throw error
    }
    take = (change) => this.#take(change)
    for (const change of missed) this.#take(change)
  }

  #take({ time, by, comment, ...watched }: AlarmChange): void {
    const { alarm } = watched
    const held = this.#alarms.get(alarm.id)
    if (held !== undefined && held.alarm.version > alarm.version) return
    this.#alarms.set(alarm.id, watched)
    for (const listener of this.#changed) listener(watched, { time, by, comment })
    if (alarm.state !== 'normal') return
    this.#alarms.delete(alarm.id)
    for (const listener of this.#ended) listener(alarm.id)
  }
}
