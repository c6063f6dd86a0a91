import type { Log, Micros } from '@millwright/foundation'
import type {
  CreateMonitoredItemsResponse,
  CreateSubscriptionResponse,
  DeleteMonitoredItemsResponse,
  MonitoredItemCreateRequestOptions,
  NotificationMessage,
  RepublishResponse,
  TransferSubscriptionsResponse,
} from 'node-opcua-client'
import type { Settings } from '../config.ts'
import type { Library } from '../library.ts'
import { type Exchange, ServiceFailure } from '../session/exchange.ts'
import type { Services } from '../session/services.ts'
import { toNodeId } from '../space/node-ids.ts'
import type { Point } from '../space/points.ts'
import type { Counters } from './counters.ts'
import { modelChanges } from './model-changes.ts'
import { Sequence } from './sequence.ts'

/** A monitored item, at its client handle's place. */
export interface Item {
  readonly point: Point
  readonly subscription: Subscription
  /** At the server; 0: it has not said yet. */
  id: number
  /** The newest source time that came, µs; 0: none yet. */
  newest: Micros
}

export interface Subscription {
  readonly id: number
  readonly sequence: Sequence
  /** Longest silence of a subscription that lives, ms. */
  readonly silence: number
  /** When it was heard last, steady µs. */
  heard: Micros
  items: number
  /** The server takes no more. */
  full: boolean
  /** Announced by itself when the address space changes. */
  tellsChanges: boolean
}

export interface SubscriberOptions {
  readonly library: Library
  readonly settings: Settings
  readonly counters: Counters
  readonly log: Log
  /** steady µs */
  readonly steady: () => Micros
}

/** Until when the readings of a point came, by its key. */
type Since = (key: string) => Micros | undefined

/** Reported as events, not values. */
export const MODEL_CHANGE_HANDLE = 0xffff_fffe
const TOO_MANY = 'BadTooManyMonitoredItems'
const REPORTING = 2
const BOTH_TIMES = 2
const VALUE = 13
/** Subscriptions outlive a broken connection by this, and are heard of at least so often, ms. */
const LIFETIME = 600_000
const KEEP_ALIVE = 5_000
const MOST_REPUBLISHED = 1000

/** The subscriptions and monitored items of a connection; they outlive a session where the server lets them. */
export class Subscriber {
  readonly #o: SubscriberOptions
  readonly subscriptions = new Map<number, Subscription>()
  /** By client handle. Places are not used again while anything may still be on its way. */
  readonly items: (Item | undefined)[] = []
  /** Until when the readings of points came whose subscription is gone. */
  readonly past = new Map<string, Micros>()
  readonly #handles = new Map<string, number>()

  constructor(options: SubscriberOptions) {
    this.#o = options
  }

  get count(): number {
    return this.#handles.size
  }

  item(key: string): Item | undefined {
    const handle = this.#handles.get(key)
    return handle === undefined ? undefined : this.items[handle]
  }

  *all(): Generator<Item> {
    for (const handle of this.#handles.values()) yield this.items[handle]!
  }

  /** Makes items for points, spread over subscriptions. @returns those that the server refused, with why */
  async add(services: Services, points: readonly Point[], since: Since): Promise<string[]> {
    const refused: string[] = []
    let rest = points
    while (rest.length > 0) {
      const subscription = await this.#withRoom(services)
      const room = Math.max(1, this.#o.settings.itemsPerSubscription - subscription.items)
      const part = rest.slice(0, Math.min(room, services.limits.monitor))
      rest = rest.slice(part.length)
      const left = await this.#monitor(services, subscription, part, since)
      refused.push(...left.refused)
      // What did not fit goes to another subscription, unless not even an empty one takes it.
      if (left.over.length === 0) continue
      subscription.full = true
      if (subscription.items > 0) rest = [...left.over, ...rest]
      else refused.push(...left.over.map(({ meaning }) => `${meaning.metric}: ${TOO_MANY}`))
    }
    this.#count()
    return refused
  }

  /** Asks to be told when the address space changes; not every server can. */
  async watchModel(services: Services): Promise<void> {
    const subscription = [...this.subscriptions.values()].find(({ tellsChanges }) => tellsChanges)
    if (subscription !== undefined) return
    const first = await this.#withRoom(services)
    const { results } = await services.exchange<CreateMonitoredItemsResponse>(
      new services.library.CreateMonitoredItemsRequest({
        subscriptionId: first.id,
        timestampsToReturn: BOTH_TIMES,
        itemsToCreate: [modelChanges(services.library, MODEL_CHANGE_HANDLE)],
      }),
    )
    first.tellsChanges = results?.[0]?.statusCode.isGoodish() === true
  }

  async remove(services: Services, keys: readonly string[]): Promise<void> {
    const of = new Map<Subscription, Item[]>()
    for (const key of keys) {
      const item = this.item(key)
      if (item === undefined) continue
      const list = of.get(item.subscription)
      if (list === undefined) of.set(item.subscription, [item])
      else list.push(item)
      this.items[this.#handles.get(key)!] = undefined
      this.#handles.delete(key)
    }
    for (const [subscription, items] of of) {
      for (let at = 0; at < items.length; at += services.limits.monitor) {
        const monitoredItemIds = items.slice(at, at + services.limits.monitor).map(({ id }) => id)
        const request = new services.library.DeleteMonitoredItemsRequest({
          subscriptionId: subscription.id,
          monitoredItemIds,
        })
        await services.exchange<DeleteMonitoredItemsResponse>(request)
      }
      subscription.items -= items.length
      subscription.full = false
    }
    this.#count()
  }

  /**
   * Takes the subscriptions over into a new session (Part 4, 5.14.7). What the server does not give is forgotten.
   */
  async transfer(services: Services): Promise<void> {
    const ids = [...this.subscriptions.keys()]
    if (ids.length === 0) return
    const request = new services.library.TransferSubscriptionsRequest({ subscriptionIds: ids, sendInitialValues: true })
    let results: TransferSubscriptionsResponse['results']
    try {
      results = (await services.exchange<TransferSubscriptionsResponse>(request)).results
    } catch (error) {
      if (!(error instanceof ServiceFailure)) throw error
      this.#o.log.info({ status: error.status }, 'the server does not hand over subscriptions')
      results = null
    }
    for (const [at, id] of ids.entries()) {
      if (results?.[at]?.statusCode.isGoodish() === true) this.#o.counters.subscriptions_transferred++
      else this.forget(id)
    }
  }

  /** A subscription is gone at the server, and its items with it. */
  forget(id: number): void {
    const subscription = this.subscriptions.get(id)
    if (subscription === undefined) return
    this.subscriptions.delete(id)
    for (const [key, handle] of this.#handles) {
      const item = this.items[handle]
      if (item?.subscription !== subscription) continue
      if (item.newest > 0) this.past.set(key, item.newest)
      this.items[handle] = undefined
      this.#handles.delete(key)
    }
    this.#count()
  }

  forgetAll(): void {
    for (const id of [...this.subscriptions.keys()]) this.forget(id)
    this.items.length = 0
  }

  /**
   * Fetches what the server sent and nobody got, from the next expected on, until it has no more (Part 4, 6.7).
   * @param until only up to this sequence number; what is missing of it is counted as lost
   */
  async republish(
    exchange: Exchange,
    subscription: Subscription,
    deliver: (subscription: Subscription, message: NotificationMessage) => void,
    numbers: Iterable<number>,
  ): Promise<boolean> {
    const { library, counters } = this.#o
    let fetched = 0
    for (const retransmitSequenceNumber of numbers) {
      if (fetched++ >= MOST_REPUBLISHED) return false
      try {
        const request = new library.RepublishRequest({ subscriptionId: subscription.id, retransmitSequenceNumber })
        const { notificationMessage } = await exchange<RepublishResponse>(request)
        // A server may lie about what it sends: another number is not what was asked for.
        if (notificationMessage?.sequenceNumber !== retransmitSequenceNumber) return false
        counters.republished++
        deliver(subscription, notificationMessage)
      } catch (error) {
        if (!(error instanceof ServiceFailure)) throw error
        if (error.status === 'BadSubscriptionIdInvalid') this.forget(subscription.id)
        return false
      }
    }
    return true
  }

  async #withRoom(services: Services): Promise<Subscription> {
    const { settings } = this.#o
    const open = [...this.subscriptions.values()].filter(({ full }) => !full).sort((a, b) => a.items - b.items)
    const [emptiest] = open
    if (emptiest !== undefined && emptiest.items < settings.itemsPerSubscription) return emptiest
    try {
      return await this.#subscribe(services)
    } catch (error) {
      // Fuller ones are better than none.
      if (!(error instanceof ServiceFailure) || !/BadTooMany/.test(error.status) || emptiest === undefined) throw error
      return emptiest
    }
  }

  async #subscribe(services: Services): Promise<Subscription> {
    const interval = this.#o.settings.publishingInterval
    const keepAlive = Math.max(1, Math.round(KEEP_ALIVE / interval))
    const made = await services.exchange<CreateSubscriptionResponse>(
      new services.library.CreateSubscriptionRequest({
        requestedPublishingInterval: interval,
        requestedMaxKeepAliveCount: keepAlive,
        requestedLifetimeCount: Math.max(keepAlive * 3, Math.ceil(LIFETIME / interval)),
        maxNotificationsPerPublish: 0,
        publishingEnabled: true,
        priority: 0,
      }),
    )
    const between = made.revisedPublishingInterval * made.revisedMaxKeepAliveCount
    const subscription: Subscription = {
      id: made.subscriptionId,
      sequence: new Sequence(),
      silence: Number.isFinite(between) ? Math.min(Math.max(between, 1000), 3_600_000) * 2 : 3_600_000,
      heard: this.#o.steady(),
      items: 0,
      full: false,
      tellsChanges: false,
    }
    this.subscriptions.set(subscription.id, subscription)
    this.#count()
    return subscription
  }

  async #monitor(
    services: Services,
    subscription: Subscription,
    points: readonly Point[],
    since: Since,
  ): Promise<{ refused: string[]; over: Point[] }> {
    // In place before the server is asked: the first values may come with its answer.
    const items = points.map((point) => ({ point, subscription, id: 0, newest: since(point.key) ?? 0 }))
    const first = this.items.length
    for (const item of items) this.items.push(item)
    const request = new services.library.CreateMonitoredItemsRequest({
      subscriptionId: subscription.id,
      timestampsToReturn: BOTH_TIMES,
      itemsToCreate: points.map((point, at) => this.#request(services.library, point, first + at)),
    })
    const { results } = await services.exchange<CreateMonitoredItemsResponse>(request)
    if (results?.length !== points.length) throw new ServiceFailure('CreateMonitoredItems', 'BadUnknownResponse')
    const refused: string[] = []
    const over: Point[] = []
    const plain: Point[] = []
    for (const [at, result] of results.entries()) {
      const point = points[at]!
      if (result.statusCode.isGoodish()) {
        items[at]!.id = result.monitoredItemId
        this.#handles.set(point.key, first + at)
        subscription.items++
        continue
      }
      this.items[first + at] = undefined
      if (point.deadband !== undefined && /Filter|Deadband/.test(result.statusCode.name)) {
        plain.push({ ...point, deadband: undefined })
      } else if (result.statusCode.name === TOO_MANY) {
        over.push(point)
      } else {
        refused.push(`${point.meaning.metric}: ${result.statusCode.name}`)
      }
    }
    if (plain.length > 0) {
      this.#o.log.info({ nodes: plain.length }, 'the server does not filter these by deadband: all changes come')
      const again = await this.#monitor(services, subscription, plain, since)
      refused.push(...again.refused)
      over.push(...again.over)
    }
    return { refused, over }
  }

  #request(library: Library, point: Point, clientHandle: number): MonitoredItemCreateRequestOptions {
    const { publishingInterval } = this.#o.settings
    const samplingInterval = point.samplingInterval ?? publishingInterval
    const perPublish = samplingInterval > 0 ? Math.ceil(publishingInterval / samplingInterval) : 100
    const filter =
      point.deadband === undefined
        ? undefined
        : // StatusValue; Absolute
          new library.DataChangeFilter({ trigger: 1, deadbandType: 1, deadbandValue: point.deadband })
    return {
      itemToMonitor: { nodeId: toNodeId(library, point.ref), attributeId: VALUE },
      monitoringMode: REPORTING,
      requestedParameters: {
        clientHandle,
        samplingInterval,
        queueSize: point.queueSize ?? Math.min(1000, Math.max(4, perPublish * 2)),
        discardOldest: true,
        ...(filter === undefined ? {} : { filter }),
      },
    }
  }

  #count(): void {
    this.#o.counters.subscriptions = this.subscriptions.size
    this.#o.counters.items = this.#handles.size
  }
}
