import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { FramingError } from './framing.ts'
import { MbapFraming, mbapFrame } from './mbap.ts'
import { answerLength, decodeAnswer, encodeRequest, type Request } from './pdu.ts'
import { RtuFraming, rtuFrame } from './rtu.ts'

const range = (most: number) =>
  fc
    .integer({ min: 1, max: most })
    .chain((count) => fc.record({ count: fc.constant(count), address: fc.integer({ min: 0, max: 65_536 - count }) }))
const word = fc.integer({ min: 0, max: 0xffff })
const registers = (most: number) =>
  fc.uint8Array({ minLength: 1, maxLength: most }).map((half) => new Uint8Array([...half, ...half]))
const request: fc.Arbitrary<Request> = fc.oneof(
  fc.constantFrom(1 as const, 2 as const).chain((code) => range(2000).map((r) => ({ function: code, ...r }))),
  fc.constantFrom(3 as const, 4 as const).chain((code) => range(125).map((r) => ({ function: code, ...r }))),
  fc.record({ function: fc.constant(5 as const), address: word, on: fc.boolean() }),
  fc.record({ function: fc.constant(6 as const), address: word, value: word }),
  fc.record({
    function: fc.constant(15 as const),
    address: fc.integer({ min: 0, max: 60_000 }),
    bits: fc.array(fc.boolean(), { minLength: 1, maxLength: 1968 }),
  }),
  fc.record({ function: fc.constant(16 as const), address: fc.integer({ min: 0, max: 65_000 }), data: registers(123) }),
  fc.record({ function: fc.constant(22 as const), address: word, and: word, or: word }),
  fc.record({
    function: fc.constant(23 as const),
    address: fc.integer({ min: 0, max: 65_000 }),
    count: fc.integer({ min: 1, max: 125 }),
    writeAddress: fc.integer({ min: 0, max: 65_000 }),
    data: registers(121),
  }),
)
const unit = fc.integer({ min: 0, max: 255 })

/** A right answer to any request, its data made of `seed`. */
function answerTo(asked: Request, seed: number): Buffer {
  const pdu = Buffer.alloc(answerLength(asked))
  pdu[0] = asked.function
  if (asked.function <= 4 || asked.function === 23) {
    pdu[1] = pdu.length - 2
    for (let at = 2; at < pdu.length; at++) pdu[at] = (seed + at * 31) & 0xff
  } else encodeRequest(asked).copy(pdu, 0, 0, pdu.length)
  return pdu
}

/** The bytes in pieces, cut where `cuts` says. */
function pieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b)
  return [0, ...at].map((start, index) => bytes.subarray(start, at[index] ?? bytes.length))
}

describe('codec, for all bytes', () => {
  it('an answer is found whole, however the stream is cut and whatever is around it', () => {
    const cuts = fc.array(fc.nat(4000), { maxLength: 8 })
    const noise = fc.uint8Array({ maxLength: 40 })
    fc.assert(
      fc.property(request, unit, fc.nat(255), cuts, noise, fc.boolean(), (asked, id, seed, at, around, tcp) => {
        const answer = answerTo(asked, seed)
        const framing = tcp ? new MbapFraming(99) : new RtuFraming()
        framing.send({ unit: id, request: asked }, encodeRequest(asked))
        // Before it: late answers (TCP), noise that never forms the unit's address (RTU).
        const before = tcp
          ? mbapFrame(99, id, answer)
          : Buffer.from(around).map((byte) => (byte === id ? byte ^ 1 : byte))
        const frame = tcp ? mbapFrame(100, id, answer) : rtuFrame(id, answer)
        let found: Uint8Array | undefined
        for (const piece of pieces(Buffer.concat([before, frame]), at)) found ??= framing.receive(piece)
        assert.deepEqual(Buffer.from(found ?? []), answer)
        assert.notEqual(decodeAnswer(asked, found!).kind, 'malformed')
      }),
      { numRuns: 400 },
    )
  })

  it('arbitrary and mutated bytes never do more than not be an answer', () => {
    fc.assert(
      fc.property(
        request,
        unit,
        fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 5 }),
        fc.nat(),
        fc.boolean(),
        (asked, id, heaps, flip, tcp) => {
          const framing = tcp ? new MbapFraming() : new RtuFraming()
          framing.send({ unit: id, request: asked }, encodeRequest(asked))
          const answer = answerTo(asked, flip & 0xff)
          const frame = tcp ? mbapFrame(1, id, answer) : rtuFrame(id, answer)
          frame[flip % frame.length]! ^= 1 << (flip % 7)
          for (const bytes of [...heaps, frame]) {
            try {
              const pdu = framing.receive(bytes)
              if (pdu !== undefined)
                assert.ok(['data', 'exception', 'malformed'].includes(decodeAnswer(asked, pdu).kind))
            } catch (error) {
              assert.ok(error instanceof FramingError, String(error))
              return
            }
          }
        },
      ),
      { numRuns: 400 },
    )
  })

  it('a serial answer with any one bit wrong is no answer', () => {
    fc.assert(
      fc.property(range(125), unit, fc.nat(), (at, id, flip) => {
        const asked: Request = { function: 3, ...at }
        const framing = new RtuFraming()
        framing.send({ unit: id, request: asked }, encodeRequest(asked))
        const frame = rtuFrame(id, answerTo(asked, flip & 0xff))
        frame[flip % frame.length]! ^= 1 << (flip % 8)
        assert.equal(framing.receive(frame), undefined)
      }),
      { numRuns: 300 },
    )
  })
})
