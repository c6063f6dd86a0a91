import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MillwrightError } from '@millwright/foundation'
import fc from 'fast-check'
import { packet, publishPacket, text } from '../../test/packets.ts'
import { decodeConnect, decodeSubscribe, decodeUnsubscribe } from './decode.ts'
import { Framer } from './framer.ts'
import { headerRules } from './packet-types.ts'

const RULES = headerRules({ connect: 1024, publish: 1024 * 1024, subscribe: 4096 })

/** All packets of a stream given in these pieces, as hex. */
function frames(pieces: readonly Uint8Array[]): string[] {
  const framer = new Framer(RULES)
  const packets: string[] = []
  for (const piece of pieces) {
    framer.push(Buffer.from(piece))
    while (framer.next()) packets.push(`${framer.type}/${framer.body}/${framer.packet.toString('hex')}`)
  }
  return packets
}

const cut = (bytes: Buffer, places: readonly number[]): Buffer[] => {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  return sorted.slice(1).map((end, at) => bytes.subarray(sorted[at]!, end))
}

const aPacket = fc.oneof(
  fc
    .record({ payload: fc.uint8Array({ maxLength: 300 }), qos: fc.constantFrom(0 as const, 1 as const, 2 as const) })
    .map(({ payload, qos }) => publishPacket('mw/v1/telemetry', Buffer.from(payload), qos, 7)),
  fc.constantFrom(Buffer.from([0xc0, 0]), Buffer.from([0x40, 2, 0, 1]), Buffer.from([0x62, 2, 0, 1])),
)

describe('the framer', () => {
  it('finds the same packets however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(aPacket, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 12 }), (packets, places) => {
        const stream = Buffer.concat(packets)
        const whole = packets.map((bytes) => bytes.toString('hex'))
        assert.deepEqual(
          frames(cut(stream, places)).map((frame) => frame.split('/')[2]),
          whole,
        )
        assert.deepEqual(frames([...stream].map((byte) => Buffer.from([byte]))), frames([stream]))
      }),
    )
  })

  it('answers any bytes with packets or a typed error, and holds no more than it was given', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 8 }), (pieces) => {
        const framer = new Framer(RULES)
        let given = 0
        try {
          for (const piece of pieces) {
            given += piece.length
            framer.push(Buffer.from(piece))
            while (framer.next());
            assert.ok(framer.held <= given)
          }
        } catch (error) {
          assert.ok(error instanceof MillwrightError, String(error))
        }
      }),
    )
  })

  it('judges size, type and flags from the header alone', () => {
    const refused: [number[], string][] = [
      [[0x32, 0x81, 0x80, 0x40], 'MW-MQTT-0003'], // PUBLISH of 1 MiB + 1
      [[0x10, 0x81, 0x08], 'MW-MQTT-0003'], // CONNECT of 1025 bytes
      [[0x32, 0xff, 0xff, 0xff, 0xff], 'MW-MQTT-0003'],
      [[0x32, 0x80, 0x80, 0x80, 0x80], 'MW-MQTT-0001'], // five-byte length
      [[0x36, 4], 'MW-MQTT-0001'], // QoS 3
      [[0x38, 4], 'MW-MQTT-0001'], // DUP on QoS 0
      [[0x80, 5], 'MW-MQTT-0001'], // reserved flags
      [[0x40, 3], 'MW-MQTT-0003'],
      [[0x40, 1], 'MW-MQTT-0001'],
      [[0x20, 2], 'MW-MQTT-0002'], // CONNACK from a device
      [[0x00, 0], 'MW-MQTT-0002'],
      [[0xf0, 0], 'MW-MQTT-0002'],
    ]
    for (const [bytes, code] of refused) {
      assert.throws(() => frames([Buffer.from(bytes)]), { code }, Buffer.from(bytes).toString('hex'))
    }
  })
})

describe('the decoders', () => {
  const decoders = [decodeConnect, decodeSubscribe, decodeUnsubscribe]
  it('answer any bytes with a packet or a typed error', () => {
    fc.assert(
      fc.property(fc.constantFrom(...decoders), fc.uint8Array({ maxLength: 200 }), (decode, bytes) => {
        try {
          decode(Buffer.from(bytes), 0)
        } catch (error) {
          assert.ok(error instanceof MillwrightError, String(error))
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('read back any CONNECT', () => {
    const word = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((name) => !/[\p{Cc}]/u.test(name))
    const shape = fc.record({
      clean: fc.boolean(),
      keepAlive: fc.nat({ max: 65_535 }),
      clientId: word,
      will: fc.option(
        fc.record({
          topic: word,
          payload: fc.uint8Array({ maxLength: 50 }),
          qos: fc.nat({ max: 2 }),
          retain: fc.boolean(),
        }),
        { nil: undefined },
      ),
      username: fc.option(word, { nil: undefined }),
    })
    fc.assert(
      fc.property(shape, ({ clean, keepAlive, clientId, will, username }) => {
        const flags =
          (clean ? 2 : 0) |
          (will === undefined ? 0 : 4 | (will.qos << 3) | (will.retain ? 0x20 : 0)) |
          (username === undefined ? 0 : 0x80)
        const bytes = packet(
          0x10,
          text('MQTT'),
          [4, flags, keepAlive >> 8, keepAlive & 255],
          text(clientId),
          ...(will === undefined ? [] : [text(will.topic), text(Buffer.from(will.payload))]),
          ...(username === undefined ? [] : [text(username)]),
        )
        const body = bytes.length - (bytes.length > 129 ? bytes.length - 3 : bytes.length - 2)
        const read = decodeConnect(bytes, body)
        assert.deepEqual(
          { ...read, will: undefined },
          { version: 4, clean, keepAlive, clientId, will: undefined, username, password: undefined },
        )
        assert.deepEqual(
          read.will && { ...read.will, payload: [...read.will.payload] },
          will && { ...will, payload: [...will.payload] },
        )
      }),
    )
  })

  it('refuse invalid UTF-8, NUL and control characters in topics', () => {
    for (const bytes of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0], [0x61, 0x0a], [0x7f]]) {
      const subscribe = Buffer.concat([Buffer.from([0, 1]), text(Buffer.from(bytes)), Buffer.from([0])])
      assert.throws(() => decodeSubscribe(subscribe, 0), { code: 'MW-MQTT-0001' })
    }
  })
})
