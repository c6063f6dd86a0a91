import {
  filterProblem,
  maySubscribe as mayRead,
  namespaceOf,
  routeOf,
  type TopicLimits,
  topicProblem,
} from '@millwright/connectivity'

const LIMITS: TopicLimits = { bytes: 700, levels: 20 }

/**
 * What a device may do at another broker: the same topics as at ours. There every device's topics stand under
 * `d/<device>/`; a broker that puts that prefix before them itself (a mount point) asks about them without it.
 * Default deny.
 */
export class DeviceRules {
  readonly #mounted: boolean

  constructor(mounted: boolean) {
    this.#mounted = mounted
  }

  mayPublish(device: string, topic: string): boolean {
    if (topicProblem(topic, LIMITS) !== undefined) return false
    const own = this.#own(device, topic)
    if (own === undefined) return false
    const { to } = routeOf(own)
    return to !== 'nowhere' && to !== 'elsewhere'
  }

  /** A filter, or the topic of a message that is to be delivered. */
  maySubscribe(device: string, filter: string): boolean {
    if (filterProblem(filter, LIMITS) !== undefined) return false
    const own = this.#own(device, filter)
    return own !== undefined && mayRead(own)
  }

  /** As the device's protocol names it; undefined: not among the device's. */
  #own(device: string, topic: string): string | undefined {
    const prefix = namespaceOf(device)
    if (topic.startsWith(prefix)) return topic.slice(prefix.length)
    return this.#mounted ? topic : undefined
  }
}
