const TIME_DIGITS = 16
const VALUE_DIGITS = 7

/**
 * A PUBLISH of Millwright JSON, `{"time":<16 digits>,"values":{"m0":123.4567,…}}`, laid out once: only the packet id,
 * the time and the values' digits are written anew for each message. Each message has a time of its own, so that none is
 * taken for a repetition of another.
 */
export class PublishTemplate {
  readonly #packet: Buffer
  readonly #idAt: number
  readonly #timeAt: number
  readonly #valuesAt: number[] = []
  #time = 0
  #seed = Math.floor(Math.random() * 2 ** 31)

  /** @param values in one message, of the metrics from `first` on */
  constructor(topic: string, values: number, first = 0) {
    let payload = `{"time":${'0'.repeat(TIME_DIGITS)},"values":{`
    const timeAt = payload.indexOf('0')
    const valuesAt: number[] = []
    for (let n = 0; n < values; n++) {
      payload += `${n > 0 ? ',' : ''}"metric_${first + n}":`
      valuesAt.push(payload.length)
      payload += '100.000'
    }
    payload += '}}'
    const size = 2 + topic.length + 2 + payload.length
    const header = [0x32, ...(size < 128 ? [size] : [(size % 128) | 128, size >> 7])]
    this.#packet = Buffer.concat([
      Buffer.from([...header, topic.length >> 8, topic.length & 255]),
      Buffer.from(topic),
      Buffer.alloc(2),
      Buffer.from(payload),
    ])
    this.#idAt = this.#packet.length - payload.length - 2
    this.#timeAt = this.#idAt + 2 + timeAt
    for (const at of valuesAt) this.#valuesAt.push(this.#idAt + 2 + at)
  }

  /** @returns a packet of its own */
  fill(id: number): Buffer {
    const packet = Buffer.from(this.#packet)
    packet.writeUInt16BE(id, this.#idAt)
    this.#time = Math.max(this.#time + 1, Date.now() * 1000)
    digits(packet, this.#timeAt, TIME_DIGITS, this.#time)
    for (const at of this.#valuesAt) {
      this.#seed = (Math.imul(this.#seed, 1_103_515_245) + 12_345) & 0x7fffffff
      const value = 100_000 + ((this.#seed >> 8) % 900_000)
      digits(packet, at, 3, Math.floor(value / 1000))
      digits(packet, at + 4, VALUE_DIGITS - 4, value % 1000)
    }
    return packet
  }
}

function digits(into: Buffer, at: number, count: number, value: number): void {
  let rest = value
  for (let place = at + count - 1; place >= at; place--) {
    const next = Math.floor(rest / 10)
    into[place] = 48 + (rest - next * 10)
    rest = next
  }
}
