/** MQTT brokers that do as little as they can: they let anybody in and pour the same messages as fast as they are taken. */
import type { Socket } from 'node:net'
import sparkplugPayload from 'sparkplug-payload'

export const SPARKPLUG_METRICS = 100
export const JSON_VALUES = 10
const TOPIC = 'spBv1.0/Bench/NDATA/Edge'
/** Unacknowledged messages at once, as the sources ask for no fewer. */
const INFLIGHT = 1_000

/** PUBLISH with a packet id at its place when its QoS is 1. */
function publish(topic: string, payload: Uint8Array, id?: number): Buffer {
  const head = Buffer.alloc(2 + Buffer.byteLength(topic) + (id === undefined ? 0 : 2))
  head.writeUInt16BE(Buffer.byteLength(topic))
  head.write(topic, 2)
  if (id !== undefined) head.writeUInt16BE(id, head.length - 2)
  const length: number[] = []
  for (let rest = head.length + payload.length; ; rest >>= 7) {
    length.push(rest > 127 ? (rest & 127) | 128 : rest)
    if (rest <= 127) break
  }
  return Buffer.concat([Buffer.from([id === undefined ? 0x30 : 0x32, ...length]), head, payload])
}

/** Answers what is asked, and calls `subscribed` once. @param acknowledged called with the PUBACKs of a chunk */
function handshake(socket: Socket, subscribed: () => void, acknowledged: (count: number) => void = () => undefined) {
  let over = false
  let rest: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let at = 0
    let acks = 0
    while (at + 2 <= bytes.length) {
      const long = bytes[at + 1]! > 127
      const body = at + (long ? 3 : 2)
      const end = body + (long ? (bytes[at + 1]! & 127) + bytes[at + 2]! * 128 : bytes[at + 1]!)
      if (end > bytes.length) break
      const type = bytes[at]! >> 4
      if (type === 1) socket.write(Buffer.from([0x20, 2, 0, 0]))
      else if (type === 8) {
        let filters = 0
        for (let filter = body + 2; filter < end; filter += 3 + bytes.readUInt16BE(filter)) filters++
        socket.write(Buffer.from([0x90, 2 + filters, bytes[body]!, bytes[body + 1]!, ...Array(filters).fill(0)]))
        if (!over) subscribed()
        over = true
      } else if (type === 4) acks++
      else if (type === 12) socket.write(Buffer.from([0xd0, 0]))
      at = end
    }
    rest = bytes.subarray(at)
    acknowledged(acks)
  })
}

/** An edge node: a birth, then NDATA of 100 aliased doubles, numbered as they must be. */
export function sparkplug(socket: Socket): void {
  const { encodePayload } = sparkplugPayload.get('spBv1.0')!
  const timestamp = Date.now()
  const metric = (at: number, value: number) => ({ alias: at, type: 'Double' as const, timestamp, value })
  const names = Array.from({ length: SPARKPLUG_METRICS }, (_, at) => ({ ...metric(at, 0), name: `Line/Metric ${at}` }))
  const bdSeq = { name: 'bdSeq', type: 'UInt64' as const, value: 0 }
  const birth = encodePayload({ timestamp, seq: 0, metrics: [bdSeq, ...names] })
  const rounds = Array.from({ length: 256 }, (_, at) => {
    const metrics = Array.from({ length: SPARKPLUG_METRICS }, (_, name) => metric(name, at + name / 100))
    return publish(TOPIC, encodePayload({ timestamp, seq: (at + 1) & 255, metrics }))
  })
  const all = Buffer.concat(rounds)
  const pour = () => {
    while (socket.writable && socket.write(all));
  }
  handshake(socket, () => {
    socket.write(publish(TOPIC.replace('NDATA', 'NBIRTH'), birth))
    socket.on('drain', pour)
    pour()
  })
}

/** JSON of ten numbers at QoS 1: so many in flight, one more for each PUBACK. */
export function mqtt(socket: Socket): void {
  const values = Object.fromEntries(Array.from({ length: JSON_VALUES }, (_, at) => [`value${at}`, 20 + at / 8]))
  const payload = Buffer.from(JSON.stringify({ ts: Date.now(), ...values }))
  let id = 0
  const some = (count: number) => {
    const packets = Array.from({ length: count }, () => {
      id = (id % 65_000) + 1
      return publish(`bench/line1/machine${id % 50}`, payload, id)
    })
    socket.write(Buffer.concat(packets))
  }
  handshake(
    socket,
    () => some(INFLIGHT),
    (count) => count > 0 && some(count),
  )
}
