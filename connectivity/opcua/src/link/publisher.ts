import { isRefusal, MetricRows, type ReadingsPort } from '@millwright/connectivity'
import type { Clock, Log, Micros } from '@millwright/foundation'
import type {
  DataChangeNotification,
  DataValue,
  MonitoredItemNotification,
  NotificationMessage,
  PublishResponse,
  StatusChangeNotification,
} from 'node-opcua-client'
import { opcuaErrors } from '../errors.ts'
import type { Library } from '../library.ts'
import { type Exchange, ServiceFailure } from '../session/exchange.ts'
import { pushValue } from '../values/convert.ts'
import { TYPE } from '../values/types.ts'
import type { Counters } from './counters.ts'
import { following } from './sequence.ts'
import { MODEL_CHANGE_HANDLE, type Subscriber, type Subscription } from './subscriber.ts'

export interface PublisherOptions {
  readonly library: Library
  readonly exchange: Exchange
  readonly subscriber: Subscriber
  readonly readings: ReadingsPort
  readonly source: string
  readonly clock: Clock
  readonly counters: Counters
  readonly log: Log
  /** Turns structures of the server's own types into what can be read; in place. */
  readonly resolve: (values: readonly DataValue[]) => Promise<void>
  /** The session or the channel is not there any more. */
  readonly lost: (why: Error) => void
  /** The server dropped a subscription, or values cannot be fetched again. */
  readonly gap: (subscription: Subscription) => void
  readonly modelChanged: () => void
}

/** Requests that wait at the server: enough that it can always answer, few enough that it takes them. */
const MOST_WAITING = 12
/** They come back when there is something to say. */
const PUBLISH_TIMEOUT = 120_000
/** Rows handed over at once. */
const MOST_ROWS = 20_000
const OVERFLOW = 0x480

/** Keeps publish requests at the server and turns what comes into rows; acknowledges what is durable. */
export class Publisher {
  readonly #o: PublisherOptions
  readonly #rows = new MetricRows()
  readonly #acknowledgements: { subscriptionId: number; sequenceNumber: number }[] = []
  /** Messages that are not durable yet, with when they came, steady µs. */
  readonly #unsettled = new Map<string, Micros>()
  #waiting = 0
  #most = MOST_WAITING
  #stopped = false
  #paused = false
  /** Messages that wait for a structure's type to be asked keep their order. */
  #behind: Promise<void> | undefined

  constructor(options: PublisherOptions) {
    this.#o = options
  }

  start(): void {
    this.#pump()
  }

  stop(): void {
    this.#stopped = true
  }

  /** How long the oldest message waits to be durable, µs. */
  get behind(): Micros {
    const [oldest] = this.#unsettled.values()
    return oldest === undefined ? 0 : this.#o.clock.steady() - oldest
  }

  /** Also for messages that were fetched again. */
  readonly deliver = (subscription: Subscription, message: NotificationMessage): void => {
    const arrival = subscription.sequence.arrived(message.sequenceNumber)
    if (arrival.kind === 'gap' || arrival.kind === 'restart') this.#o.counters.sequence_gaps++
    this.#take(subscription, message)
  }

  #pump(): void {
    const wanted = Math.min(this.#most, this.#o.subscriber.subscriptions.size + 2)
    while (!this.#stopped && this.#waiting < wanted) {
      if (this.#o.readings.saturated) {
        this.#pause()
        return
      }
      this.#send()
    }
  }

  /** Storage is behind: the server keeps what comes in its queues meanwhile. */
  #pause(): void {
    if (this.#paused) return
    this.#paused = true
    this.#o.readings.drained().then(() => {
      this.#paused = false
      this.#pump()
    }, this.#o.lost)
  }

  #send(): void {
    const { library, exchange } = this.#o
    const subscriptionAcknowledgements = this.#acknowledgements.splice(0, 1000)
    this.#waiting++
    exchange<PublishResponse>(new library.PublishRequest({ subscriptionAcknowledgements }), PUBLISH_TIMEOUT)
      .then(
        (response) => this.#came(response),
        (error: unknown) => this.#failed(error),
      )
      .finally(() => {
        this.#waiting--
        this.#pump()
      })
      .catch((error: unknown) => this.#o.lost(error as Error))
  }

  #failed(error: unknown): void {
    if (this.#stopped) return
    const status = error instanceof ServiceFailure ? error.status : undefined
    if (status === 'BadTooManyPublishRequests') {
      this.#most = Math.max(1, this.#waiting - 1)
    } else if (status === 'BadNoSubscription' && this.#o.subscriber.subscriptions.size === 0) {
      this.#most = 0
    } else if (status !== 'BadTimeout') {
      this.#stopped = true
      // They ended at the server: taking the session up again must not count on them.
      if (status === 'BadNoSubscription') this.#o.subscriber.forgetAll()
      this.#o.lost(error as Error)
    }
  }

  #came({ subscriptionId, notificationMessage }: PublishResponse): void {
    if (this.#stopped) return
    this.#o.counters.publishes++
    const subscription = this.#o.subscriber.subscriptions.get(subscriptionId)
    if (subscription === undefined || notificationMessage === null || notificationMessage === undefined) return
    subscription.heard = this.#o.clock.steady()
    const { sequenceNumber } = notificationMessage
    const empty = (notificationMessage.notificationData?.length ?? 0) === 0
    const arrival = empty ? subscription.sequence.kept(sequenceNumber) : subscription.sequence.arrived(sequenceNumber)
    if (arrival.kind === 'gap') this.#fetch(subscription, arrival.missing)
    if (arrival.kind === 'restart') {
      this.#o.counters.sequence_gaps++
      this.#o.gap(subscription)
    }
    if (empty) return
    if (arrival.kind === 'again') this.#acknowledge(subscription, sequenceNumber)
    else this.#take(subscription, notificationMessage)
  }

  /** Messages were lost on the way: the server still has them, or only its history does. */
  #fetch(subscription: Subscription, missing: readonly number[]): void {
    const { subscriber, exchange } = this.#o
    const take = (_: Subscription, message: NotificationMessage) => this.#take(subscription, message)
    subscriber.republish(exchange, subscription, take, missing).then((all) => {
      if (all) return
      for (const number of missing) this.#unsettled.delete(messageKey(subscription, number))
      this.#o.counters.sequence_gaps++
      this.#o.gap(subscription)
    }, this.#o.lost)
  }

  #take(subscription: Subscription, message: NotificationMessage): void {
    const structures = structuresIn(message)
    if (this.#behind === undefined && structures.length === 0) {
      this.#store(subscription, message)
      return
    }
    const before = this.#behind ?? Promise.resolve()
    const work = before
      .then(() => (structures.length === 0 ? undefined : this.#o.resolve(structures)))
      .then(() => this.#store(subscription, message))
      .catch(this.#o.lost)
      .finally(() => {
        if (this.#behind === work) this.#behind = undefined
      })
    this.#behind = work
  }

  #store(subscription: Subscription, message: NotificationMessage): void {
    const { readings, source, counters } = this.#o
    const rows = this.#rows
    const stored: Promise<void>[] = []
    for (const data of message.notificationData ?? []) {
      if (data === null || data === undefined) continue
      if (isDataChange(data)) {
        for (const notification of data.monitoredItems ?? []) {
          this.#push(notification)
          if (rows.length >= MOST_ROWS) stored.push(this.#hand(source))
        }
      } else if ('events' in data) {
        this.#o.modelChanged()
      } else if ('status' in data) {
        this.#ended(subscription, data as StatusChangeNotification)
      }
    }
    counters.values += rows.length
    if (rows.length > 0) stored.push(this.#hand(source))
    const number = message.sequenceNumber
    const key = messageKey(subscription, number)
    if (!this.#unsettled.has(key)) this.#unsettled.set(key, this.#o.clock.steady())
    Promise.all(stored).then(
      () => this.#acknowledge(subscription, number),
      (error: unknown) => {
        if (isRefusal(error)) this.#acknowledge(subscription, number)
        else this.#again(subscription, number, readings)
      },
    )
  }

  #hand(source: string): Promise<void> {
    const accepted = this.#o.readings.accept(this.#rows, source)
    this.#rows.clear()
    return accepted
  }

  #push({ clientHandle, value }: MonitoredItemNotification): void {
    const { subscriber, counters, clock } = this.#o
    const item = subscriber.items[clientHandle]
    if (item === undefined || value === null || value === undefined) {
      if (clientHandle !== MODEL_CHANGE_HANDLE) this.#strange()
      return
    }
    const rows = this.#rows
    pushValue(rows, item.point.meaning, value, clock.now(), counters)
    if ((value.statusCode.value & OVERFLOW) === OVERFLOW) counters.overflows++
    const time = rows.time[rows.length - 1]!
    if (time > item.newest) item.newest = time
  }

  /** Said once: a server that lies much does not fill the dead letters. */
  #strange(): void {
    if (this.#o.counters.unknown_items++ > 0) return
    const error = opcuaErrors.unknownHandle({ count: 1 })
    this.#o.readings.refuse(Buffer.alloc(0), this.#o.source, error).catch(this.#o.lost)
  }

  #ended(subscription: Subscription, { status }: StatusChangeNotification): void {
    // Meant for the session it was taken from; some servers tell the new one.
    if (status.name === 'GoodSubscriptionTransferred') return
    this.#o.log.info({ status: status.name }, 'the server ended a subscription')
    this.#o.lost(new ServiceFailure('Subscription', status.name))
    this.#o.subscriber.forget(subscription.id)
  }

  /** Storage failed: the server still has the message as long as it is not acknowledged. */
  #again(subscription: Subscription, number: number, readings: ReadingsPort): void {
    const retry = () => {
      if (this.#stopped) return
      this.#fetch(subscription, [number])
    }
    readings.drained().then(() => this.#o.clock.after(1_000_000, retry), this.#o.lost)
  }

  #acknowledge(subscription: Subscription, sequenceNumber: number): void {
    this.#unsettled.delete(messageKey(subscription, sequenceNumber))
    this.#acknowledgements.push({ subscriptionId: subscription.id, sequenceNumber })
    // Nobody waits for them: a server that took no request for long keeps its own bounds on what it holds.
    if (this.#acknowledgements.length > 100_000) this.#acknowledgements.splice(0, 50_000)
  }

  /** What was sent while the connection was away, from the next expected message on. */
  async catchUp(subscription: Subscription): Promise<void> {
    const { expected } = subscription.sequence
    if (expected === undefined) return
    await this.#o.subscriber.republish(this.#o.exchange, subscription, this.deliver, from(expected))
  }
}

const messageKey = ({ id }: Subscription, number: number): string => `${id}/${number}`

function* from(number: number): Generator<number> {
  for (let at = number; ; at = following(at)) yield at
}

const isDataChange = (data: object): data is DataChangeNotification => 'monitoredItems' in data

/** Values that may be of types that have to be asked for. */
function structuresIn({ notificationData }: NotificationMessage): DataValue[] {
  const found: DataValue[] = []
  for (const data of notificationData ?? []) {
    if (data === null || data === undefined || !isDataChange(data)) continue
    for (const { value } of data.monitoredItems ?? []) {
      if (value?.value?.dataType === TYPE.extensionObject) found.push(value)
    }
  }
  return found
}
