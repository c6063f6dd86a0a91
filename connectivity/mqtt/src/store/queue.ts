import type { StoreFile } from './file.ts'

/** A message on its way to one persistent session, as aedes handles it. */
export interface QueuedPacket {
  cmd: 'publish' | 'pubrel'
  brokerId: string
  brokerCounter: number
  /** Inside the broker: with the device's prefix. */
  topic: string
  payload: Buffer
  qos: 0 | 1 | 2
  retain: boolean
  dup: boolean
  messageId?: number | undefined
}

interface Row {
  broker: string
  counter: number
  packet_id: number | null
  released: number
  topic: string
  payload: Uint8Array
  qos: 1 | 2
  retain: number
}

export interface QueueLimits {
  readonly queuedMessages: number
  readonly queuedBytes: number
}

/** A message was dropped because its session's queue was full. */
export type Dropped = (session: string, topic: string, payload: Uint8Array) => void

/**
 * QoS 1 and 2 messages of persistent sessions, from their publish to the device's acknowledgement. Bounded in messages
 * and bytes; the oldest make room.
 */
export class QueueTable {
  readonly #file: StoreFile
  readonly #limits: QueueLimits
  readonly #dropped: Dropped
  /** Session -> what it holds; read from disk when first asked for. */
  readonly #held = new Map<string, { messages: number; bytes: number }>()

  constructor(file: StoreFile, limits: QueueLimits, dropped: Dropped) {
    this.#file = file
    this.#limits = limits
    this.#dropped = dropped
  }

  add(session: string, packet: QueuedPacket): void {
    const held = this.#count(session)
    held.messages++
    held.bytes += packet.payload.length
    this.#file.run(
      'insert into queued (session, broker, counter, topic, payload, qos, retain) values (?, ?, ?, ?, ?, ?, ?)',
      session,
      packet.brokerId,
      packet.brokerCounter,
      packet.topic,
      packet.payload,
      packet.qos,
      packet.retain ? 1 : 0,
    )
    while (held.messages > this.#limits.queuedMessages || held.bytes > this.#limits.queuedBytes) {
      if (!this.#dropOldest(session, held)) break
    }
  }

  /** All that waits, in order; what was sent before is marked as a duplicate [MQTT-3.3.1-1]. */
  list(session: string): QueuedPacket[] {
    const rows = this.#file.all<Row>(
      'select broker, counter, packet_id, released, topic, payload, qos, retain from queued where session = ? order by seq',
      session,
    )
    return rows.map((row) => ({
      cmd: row.released === 1 ? 'pubrel' : 'publish',
      brokerId: row.broker,
      brokerCounter: row.counter,
      topic: row.topic,
      payload: Buffer.from(row.payload.buffer, row.payload.byteOffset, row.payload.byteLength),
      qos: row.qos,
      retain: row.retain === 1,
      dup: row.packet_id !== null && row.released === 0,
      messageId: row.packet_id ?? undefined,
    }))
  }

  /**
   * The message is about to be sent under `packet.messageId`. When another message of the session still holds that id,
   * the packet gets a free one: an acknowledgement must never clear the wrong message.
   */
  sending(session: string, packet: QueuedPacket): void {
    const own = this.#file.get<{ seq: number; packet_id: number | null }>(
      'select seq, packet_id from queued where session = ? and broker = ? and counter = ?',
      session,
      packet.brokerId,
      packet.brokerCounter,
    )
    if (own?.packet_id != null) {
      packet.messageId = own.packet_id
      return
    }
    while (this.#taken(session, packet.messageId!)) packet.messageId = (packet.messageId! % 65_535) + 1
    if (own !== undefined) {
      this.#file.run('update queued set packet_id = ? where seq = ?', packet.messageId!, own.seq)
    }
  }

  /** PUBREC came: only the PUBREL is owed from here on, and not the payload. */
  released(session: string, packetId: number): void {
    const before = this.#file.get<{ size: number }>(
      'select length(payload) as size from queued where session = ? and packet_id = ?',
      session,
      packetId,
    )
    if (before === undefined) return
    this.#file.run(
      "update queued set released = 1, payload = x'' where session = ? and packet_id = ?",
      session,
      packetId,
    )
    this.#count(session).bytes -= before.size
  }

  /** PUBACK or PUBCOMP came. */
  remove(session: string, packetId: number): void {
    const gone = this.#file.get<{ size: number }>(
      'delete from queued where session = ? and packet_id = ? returning length(payload) as size',
      session,
      packetId,
    )
    if (gone !== undefined) this.#take(session, gone.size)
  }

  /** The session is gone. */
  forget(session: string): void {
    this.#held.delete(session)
  }

  #dropOldest(session: string, held: { messages: number; bytes: number }): boolean {
    const gone = this.#file.get<{ topic: string; payload: Uint8Array }>(
      `delete from queued where seq = (select min(seq) from queued where session = ?)
       returning topic, payload`,
      session,
    )
    if (gone === undefined) return false
    held.messages--
    held.bytes -= gone.payload.length
    this.#dropped(session, gone.topic, gone.payload)
    return true
  }

  #taken(session: string, packetId: number): boolean {
    return this.#file.get('select 1 from queued where session = ? and packet_id = ?', session, packetId) !== undefined
  }

  #take(session: string, bytes: number): void {
    const held = this.#count(session)
    held.messages--
    held.bytes -= bytes
  }

  #count(session: string): { messages: number; bytes: number } {
    let held = this.#held.get(session)
    if (held === undefined) {
      held = this.#file.get<{ messages: number; bytes: number }>(
        'select count(*) as messages, coalesce(sum(length(payload)), 0) as bytes from queued where session = ?',
        session,
      )!
      this.#held.set(session, held)
    }
    return held
  }
}
