import type { StoreFile } from './file.ts'

export interface RetainedMessage {
  readonly topic: string
  readonly payload: Buffer
  readonly qos: 0 | 1 | 2
}

/** The last retained message of each topic [MQTT-3.3.1-5]; topics are inside the broker, with the device's prefix. */
export class RetainedTable {
  readonly #file: StoreFile
  readonly #limit: number

  constructor(file: StoreFile, limit: number) {
    this.#file = file
    this.#limit = limit
  }

  /** False when the device keeps as many topics as it may and this would be one more. */
  mayKeep(device: string, topic: string): boolean {
    if (this.#file.get('select 1 from retained where topic = ?', topic) !== undefined) return true
    const held = this.#file.get<{ count: number }>('select count(*) as count from retained where device = ?', device)
    return (held?.count ?? 0) < this.#limit
  }

  /** An empty payload takes the topic's message away [MQTT-3.3.1-10]. */
  keep(device: string, message: RetainedMessage): void {
    if (message.payload.length === 0) {
      this.#file.run('delete from retained where topic = ?', message.topic)
      return
    }
    this.#file.run(
      `insert into retained (topic, device, payload, qos) values (?, ?, ?, ?)
       on conflict (topic) do update set payload = excluded.payload, qos = excluded.qos`,
      message.topic,
      device,
      message.payload,
      message.qos,
    )
  }

  of(device: string): RetainedMessage[] {
    return this.#file
      .all<{ topic: string; payload: Uint8Array; qos: 0 | 1 | 2 }>(
        'select topic, payload, qos from retained where device = ? order by topic',
        device,
      )
      .map(({ topic, payload, qos }) => ({
        topic,
        payload: Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength),
        qos,
      }))
  }

  forget(device: string): void {
    this.#file.run('delete from retained where device = ?', device)
  }
}
