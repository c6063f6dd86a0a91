import { mqttErrors } from '../errors.ts'
import { type HeaderRule, packetName } from './packet-types.ts'

const EMPTY = Buffer.alloc(0)

/**
 * Cuts a byte stream into MQTT control packets. Everything is judged from the fixed header, before a byte of the body
 * is kept: type, reserved flags, size. What is kept of an unfinished packet is what was received of it, never more.
 *
 * `push` bytes, then call `next` until it answers false; after true, `type`, `flags`, `packet` and `body` describe one
 * whole packet. `packet` is a view on the received bytes: copy what must live longer than the next `push`.
 */
export class Framer {
  type = 0
  flags = 0
  /** The whole packet, fixed header included. */
  packet: Buffer = EMPTY
  /** Where the variable header begins in `packet`. */
  body = 0
  readonly #rules: readonly (HeaderRule | undefined)[]
  #chunk: Buffer = EMPTY
  #at = 0
  /** An unfinished packet's parts, once its size is known; `#need` is the whole packet's size. */
  #parts: Buffer[] = []
  #have = 0
  #need = 0

  constructor(rules: readonly (HeaderRule | undefined)[]) {
    this.#rules = rules
  }

  /** Bytes held of packets that are not finished or not yet taken. */
  get held(): number {
    return this.#have + this.#chunk.length - this.#at
  }

  push(bytes: Buffer): void {
    if (this.#at === this.#chunk.length) this.#chunk = bytes
    else this.#chunk = Buffer.concat([this.#chunk.subarray(this.#at), bytes])
    this.#at = 0
  }

  /** @throws MillwrightError when the stream cannot be MQTT from a device; nothing after it can be trusted. */
  next(): boolean {
    if (this.#need > 0) return this.#finish()
    const chunk = this.#chunk
    const start = this.#at
    if (start === chunk.length) return false
    const first = chunk[start]!
    const rule = this.#check(first)
    let size = 0
    let at = start + 1
    for (let shift = 1; ; shift *= 128) {
      if (at === chunk.length) return this.#keepHeader()
      const byte = chunk[at++]!
      size += (byte & 127) * shift
      if (size > rule.max) throw mqttErrors.packetTooLarge({ packet: packetName(first >> 4), size, limit: rule.max })
      if (byte < 128) break
      if (shift === 128 ** 3) throw mqttErrors.malformed({ what: 'its length takes more than four bytes' })
    }
    if (size < rule.min) throw mqttErrors.malformed({ what: `${packetName(first >> 4)} is too short` })
    this.type = first >> 4
    this.flags = first & 15
    this.body = at - start
    const end = at + size
    if (end > chunk.length) {
      this.#need = end - start
      this.#keepPart(chunk.subarray(start))
      return false
    }
    this.packet = start === 0 && end === chunk.length ? chunk : chunk.subarray(start, end)
    this.#at = end
    return true
  }

  #check(first: number): HeaderRule {
    const type = first >> 4
    const flags = first & 15
    const rule = this.#rules[type]
    if (rule === undefined) throw mqttErrors.unexpectedPacket({ packet: packetName(type), when: 'to a server' })
    if (rule.flags === undefined) {
      if ((flags & 6) === 6) throw mqttErrors.malformed({ what: 'QoS 3 does not exist' })
      if ((flags & 14) === 8) throw mqttErrors.malformed({ what: 'DUP is set on QoS 0' })
    } else if (flags !== rule.flags) {
      throw mqttErrors.malformed({ what: `reserved flags of ${packetName(type)} are ${flags}, not ${rule.flags}` })
    }
    return rule
  }

  /** At most four bytes: the chunk they came in need not be kept alive for them. */
  #keepHeader(): false {
    this.#chunk = Buffer.from(this.#chunk.subarray(this.#at))
    this.#at = 0
    return false
  }

  #keepPart(part: Buffer): void {
    this.#parts.push(part.buffer.byteLength > 4 * part.length ? Buffer.from(part) : part)
    this.#have += part.length
    this.#chunk = EMPTY
    this.#at = 0
  }

  #finish(): boolean {
    const missing = this.#need - this.#have
    const chunk = this.#chunk
    const left = chunk.length - this.#at
    if (left < missing) {
      if (left > 0) this.#keepPart(chunk.subarray(this.#at))
      return false
    }
    this.#parts.push(chunk.subarray(this.#at, this.#at + missing))
    this.packet = Buffer.concat(this.#parts, this.#need)
    this.#at += missing
    this.#parts = []
    this.#have = 0
    this.#need = 0
    return true
  }
}
