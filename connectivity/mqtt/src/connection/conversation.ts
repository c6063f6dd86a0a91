import { namespaceOf } from '@millwright/connectivity'
import type { Client } from 'aedes'
import type { MqttContext } from '../context.ts'
import { mqttErrors } from '../errors.ts'
import { decodeAck, decodeSubscribe, decodeUnsubscribe, readPacketId } from '../wire/decode.ts'
import { ACK_BYTE, encodeConnect, encodeSuback, encodeUnsuback, PINGRESP } from '../wire/encode.ts'
import type { Framer } from '../wire/framer.ts'
import { PACKET } from '../wire/packet-types.ts'
import { type Cursor, decodeText } from '../wire/text.ts'
import { AckQueue } from './acks.ts'
import type { Admitted } from './admission.ts'
import { Attachments } from './attachments.ts'
import { Delivery } from './delivery.ts'
import { ExactlyOnce } from './exactly-once.ts'
import { type Destination, Inbound, type Message } from './inbound.ts'
import { Link } from './link.ts'
import { Subscriptions } from './subscriptions.ts'

/** What the conversation asks of its socket. */
export interface Wire {
  write(bytes: Buffer): void
  /** Stop or go on reading. */
  hold(held: boolean): void
  /** Close: the device broke the protocol, or what it sent could not be stored. */
  fail(error: unknown): void
  /** Close: the broker dropped the client. */
  gone(reason: string): void
  /** Close: DISCONNECT. */
  leave(): void
}

const DONE = Promise.resolve()

/** What an identified device and the broker say to each other, packet by packet. */
export class Conversation {
  readonly id: string
  readonly #context: MqttContext
  readonly #admitted: Admitted
  readonly #wire: Wire
  readonly #link: Link
  readonly #client: Client
  readonly #acks: AckQueue
  readonly #once: ExactlyOnce
  readonly #subscriptions: Subscriptions
  readonly #attachments: Attachments
  readonly #inbound: Inbound
  #lastTopic: Buffer = Buffer.alloc(0)
  #lastDestination: Destination | undefined
  #full = false

  constructor(context: MqttContext, admitted: Admitted, wire: Wire) {
    const { session, id, clean } = admitted
    const { store, broker, limits } = context
    this.id = id
    this.#context = context
    this.#admitted = admitted
    this.#wire = wire
    if (clean) store.drop(id)
    else store.open(id, session)
    this.#acks = new AckQueue(wire.write, () => this.#settled(), wire.fail)
    this.#once = new ExactlyOnce(
      limits.inflightMessages,
      clean ? [] : store.sessions.received(id),
      clean
        ? undefined
        : {
            add: (packetId) => store.sessions.addReceived(id, packetId),
            remove: (packetId) => store.sessions.removeReceived(id, packetId),
          },
    )
    this.#link = new Link(wire.write)
    this.#link.on('close', () => wire.gone('the broker closed the connection'))
    this.#link.on('error', (error) => context.log.debug({ ...this.who, err: error }, 'the broker dropped a client'))
    this.#client = broker.handle(this.#link)
    const prefix = namespaceOf(session.device)
    this.#subscriptions = new Subscriptions(context, this.#client, prefix, clean ? undefined : id)
    const delivery = new Delivery(context, session, this.#client, prefix, this.#subscriptions)
    this.#link.forward = delivery.forward
    this.#attachments = new Attachments(context, session, this.#subscriptions, delivery)
    this.#inbound = new Inbound(context, session, delivery, this.#attachments)
  }

  /** For the log. */
  get who(): object {
    const { session, clientId } = this.#admitted
    return { device: session.device, client: clientId, address: session.address }
  }

  /** CONNACK, then what waited for a persistent session. */
  begin(): Promise<void> {
    const { id, clean } = this.#admitted
    return new Promise((resolve) => {
      this.#client.on('connected', () => {
        this.#attachments.refresh()
        resolve()
      })
      this.#link.feed(encodeConnect(id, clean))
    })
  }

  /** @throws when the packet breaks the protocol */
  take(framer: Framer): void {
    const { type, packet, body } = framer
    switch (type) {
      case PACKET.publish:
        this.#publish(packet, body, framer.flags)
        break
      case PACKET.pubrel: {
        const id = decodeAck(packet, body)
        this.#once.release(id)
        this.#acks.add(DONE, ACK_BYTE.pubcomp, id, 0)
        break
      }
      case PACKET.puback:
      case PACKET.pubrec:
      case PACKET.pubcomp:
        decodeAck(packet, body)
        this.#link.feed(packet)
        break
      case PACKET.pingreq:
        this.#wire.write(PINGRESP)
        break
      case PACKET.subscribe:
        this.#subscribe(packet, body)
        break
      case PACKET.unsubscribe:
        this.#unsubscribe(packet, body)
        break
      case PACKET.disconnect:
        this.#wire.leave()
        break
    }
  }

  /** @param will publish the last will: the device did not say good-bye */
  async end(reason: string, will: boolean): Promise<void> {
    const { session, id, clean } = this.#admitted
    this.#acks.close()
    this.#attachments.close()
    const said = will ? this.#lastWill() : undefined
    session.close(said === undefined ? reason : `last will: ${said} (${reason})`)
    await new Promise<void>((resolve) => this.#client.close(() => resolve()))
    if (!clean) this.#context.store.sessions.leave(id, this.#context.clock.now())
    this.#context.log.info({ ...this.who, reason }, 'device disconnected')
  }

  #publish(packet: Buffer, body: number, flags: number): void {
    const topicEnd = body + 2 + packet.readUInt16BE(body)
    if (topicEnd > packet.length) throw mqttErrors.malformed({ what: 'the topic runs over the end' })
    const destination = this.#destination(packet, body + 2, topicEnd)
    const qos = ((flags >> 1) & 3) as 0 | 1 | 2
    const cursor: Cursor = { bytes: packet, at: topicEnd }
    const id = qos === 0 ? 0 : readPacketId(cursor)
    const payload = packet.subarray(cursor.at)
    this.#context.counters.messagesIn++
    if (qos === 2) this.#exactlyOnce(destination, { payload, qos, retain: (flags & 1) === 1 }, id)
    else {
      const durable = this.#inbound.take(destination, { payload, qos, retain: (flags & 1) === 1 })
      this.#acks.add(durable, qos === 1 ? ACK_BYTE.puback : 0, id, payload.length)
    }
    this.#pace()
  }

  #exactlyOnce(destination: Destination, message: Message, id: number): void {
    const before = this.#once.received(id)
    const durable = before ?? this.#once.receive(id, this.#inbound.take(destination, message))
    this.#acks.add(durable, ACK_BYTE.pubrec, id, message.payload.length)
  }

  /** Devices send to the same topic again and again: its bytes are compared before they are decoded. */
  #destination(packet: Buffer, start: number, end: number): Destination {
    const last = this.#lastTopic
    if (this.#lastDestination !== undefined && packet.compare(last, 0, last.length, start, end) === 0) {
      return this.#lastDestination
    }
    const bytes = packet.subarray(start, end)
    const destination = this.#inbound.destination(decodeText(bytes, 'the topic'))
    this.#lastTopic = Buffer.from(bytes)
    this.#lastDestination = destination
    return destination
  }

  #subscribe(packet: Buffer, body: number): void {
    const { id, filters } = decodeSubscribe(packet, body)
    const added = this.#subscriptions.add(filters, (codes) => this.#wire.write(encodeSuback(id, codes)))
    added.catch((error: unknown) => this.#wire.fail(error))
    this.#attachments.refresh()
  }

  #unsubscribe(packet: Buffer, body: number): void {
    const { id, topics } = decodeUnsubscribe(packet, body)
    const removed = this.#subscriptions.remove(topics)
    this.#attachments.refresh()
    removed.then(
      () => this.#wire.write(encodeUnsuback(id)),
      (error: unknown) => this.#wire.fail(error),
    )
  }

  /** Back-pressure: a device that is ahead of the disk is not read until what it sent is durable. */
  #pace(): void {
    if (this.#full) return
    const { limits, ports } = this.#context
    this.#full =
      this.#acks.messages >= limits.inflightMessages ||
      this.#acks.bytes >= limits.inflightBytes ||
      ports.intake.saturated
    if (this.#full && this.#acks.messages > 0) this.#wire.hold(true)
    else this.#full = false
  }

  #settled(): void {
    if (!this.#full) return
    const { limits, ports } = this.#context
    const behind = this.#acks.messages > limits.inflightMessages / 2 || this.#acks.bytes > limits.inflightBytes / 2
    if (this.#acks.messages > 0 && (behind || ports.intake.saturated)) return
    this.#full = false
    this.#wire.hold(false)
  }

  /** Publishes the last will as if the device had sent it. @returns its text, for people */
  #lastWill(): string | undefined {
    const { will } = this.#admitted
    if (will === undefined) return undefined
    const destination = this.#inbound.destination(will.topic)
    this.#inbound.take(destination, will).catch((error: unknown) => {
      this.#context.log.warn({ ...this.who, err: error }, 'a last will could not be taken')
    })
    return shown(will.payload)
  }
}

const MAX_SHOWN = 200

/** A will's payload as a person may read it: on one line, and short. */
function shown(payload: Buffer): string {
  const text = payload
    .subarray(0, MAX_SHOWN * 4)
    .toString('utf8')
    .replace(/[\p{Cc}\s]+/gu, ' ')
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
}
