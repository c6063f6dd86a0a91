import { filterProblem, maySubscribe } from '@millwright/connectivity'
import type { Client } from 'aedes'
import { Broker } from '../broker/broker.ts'
import type { MqttContext } from '../context.ts'
import { countRefused } from '../counters.ts'
import { mqttErrors } from '../errors.ts'
import { grantedQos } from '../store/sessions.ts'
import type { Filter } from '../wire/decode.ts'
import { SUBACK_FAILURE } from '../wire/encode.ts'

type QoS = 0 | 1 | 2

/**
 * The filters of one session, as the device sees them. Inside aedes each stands under the device's prefix and at QoS 2;
 * what was granted is looked up here when a message is forwarded, over all filters that match it, as the standard wants
 * and aedes does not do.
 */
export class Subscriptions {
  readonly #context: MqttContext
  readonly #client: Client
  readonly #prefix: string
  /** Session to store them under; undefined for a clean session. */
  readonly #session: string | undefined
  readonly #filters: Map<string, QoS>

  constructor(context: MqttContext, client: Client, prefix: string, session: string | undefined) {
    this.#context = context
    this.#client = client
    this.#prefix = prefix
    this.#session = session
    this.#filters = new Map(session === undefined ? [] : context.store.sessions.filters(session))
  }

  /** The QoS at which a topic reaches the device; undefined when it asked for nothing that matches. */
  granted(topic: string): QoS | undefined {
    return grantedQos(this.#filters, topic)
  }

  /** @param acknowledge is given a code for each filter, in order, before any retained message is sent */
  async add(filters: readonly Filter[], acknowledge: (codes: number[]) => void): Promise<void> {
    const codes = filters.map((filter) => this.#grant(filter))
    const taken = filters.filter((_, at) => codes[at] !== SUBACK_FAILURE).map(({ topic }) => this.#prefix + topic)
    acknowledge(codes)
    if (taken.length > 0) await Broker.subscribe(this.#client, [...new Set(taken)])
  }

  async remove(topics: readonly string[]): Promise<void> {
    const gone = [...new Set(topics)].filter((topic) => this.#filters.delete(topic))
    if (this.#session !== undefined)
      for (const topic of gone) this.#context.store.sessions.unsubscribe(this.#session, topic)
    if (gone.length > 0) {
      await Broker.unsubscribe(
        this.#client,
        gone.map((topic) => this.#prefix + topic),
      )
    }
  }

  #grant({ topic, qos }: Filter): number {
    const { limits, counters, refusals, store } = this.#context
    const problem = filterProblem(topic, { bytes: limits.topicBytes, levels: limits.topicLevels })
    const error =
      problem !== undefined
        ? mqttErrors.topicInvalid({ topic, what: problem })
        : !maySubscribe(topic)
          ? mqttErrors.subscriptionRefused({ topic })
          : this.#filters.size >= limits.subscriptions && !this.#filters.has(topic)
            ? mqttErrors.tooManySubscriptions({ limit: limits.subscriptions })
            : undefined
    if (error !== undefined) {
      countRefused(counters, error.code)
      refusals.note(this.#client.id, error.code, { client: this.#client.id, topic }, error.message)
      return SUBACK_FAILURE
    }
    this.#filters.set(topic, qos)
    if (this.#session !== undefined) store.sessions.subscribe(this.#session, topic, qos)
    return qos
  }
}
