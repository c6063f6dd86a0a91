import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { crc16 } from './crc.ts'
import { MbapFraming, mbapFrame } from './mbap.ts'
import { type Answer, decodeAnswer, describeRequest, encodeRequest, type Request } from './pdu.ts'
import { RtuFraming, rtuFrame } from './rtu.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

/** The examples of the Modbus Application Protocol V1.1b3, chapter 6: request, answer, data. */
const EXAMPLES: readonly (readonly [Request, string, string, string])[] = [
  [{ function: 1, address: 19, count: 19 }, '01 0013 0013', '01 03 CD 6B 05', 'CD 6B 05'],
  [{ function: 2, address: 196, count: 22 }, '02 00C4 0016', '02 03 AC DB 35', 'AC DB 35'],
  [{ function: 3, address: 107, count: 3 }, '03 006B 0003', '03 06 022B 0000 0064', '022B 0000 0064'],
  [{ function: 4, address: 8, count: 1 }, '04 0008 0001', '04 02 000A', '000A'],
  [{ function: 5, address: 172, on: true }, '05 00AC FF00', '05 00AC FF00', ''],
  [{ function: 6, address: 1, value: 3 }, '06 0001 0003', '06 0001 0003', ''],
  [
    { function: 15, address: 19, bits: [...'1011001110'].map((bit) => bit === '1') },
    '0F 0013 000A 02 CD 01',
    '0F 0013 000A',
    '',
  ],
  [{ function: 16, address: 1, data: hex('000A 0102') }, '10 0001 0002 04 000A 0102', '10 0001 0002', ''],
  [{ function: 22, address: 4, and: 0xf2, or: 0x25 }, '16 0004 00F2 0025', '16 0004 00F2 0025', ''],
  [
    { function: 23, address: 3, count: 6, writeAddress: 14, data: hex('00FF 00FF 00FF') },
    '17 0003 0006 000E 0003 06 00FF 00FF 00FF',
    '17 0C 00FE 0ACD 0001 0003 000D 00FF',
    '00FE 0ACD 0001 0003 000D 00FF',
  ],
]

describe('protocol data units', () => {
  it('are those of the standard’s examples', () => {
    for (const [request, asked, answered, data] of EXAMPLES) {
      assert.deepEqual(encodeRequest(request), hex(asked), describeRequest(request))
      const answer = decodeAnswer(request, hex(answered))
      assert.equal(answer.kind, 'data')
      assert.deepEqual(Buffer.from((answer as Extract<Answer, { kind: 'data' }>).data), hex(data))
    }
  })

  it('tell exceptions from answers, and answers to something else from both', () => {
    const read: Request = { function: 3, address: 0, count: 2 }
    const kindOf = (answer: string) => decodeAnswer(read, hex(answer)).kind
    assert.deepEqual(decodeAnswer(read, hex('83 02')), { kind: 'exception', code: 2 })
    for (const wrong of [
      '',
      '83',
      '83 02 00',
      '04 04 0000 0000',
      '03 02 0000',
      '03 04 0000',
      '03 06 0000 0000',
      '84 02',
    ]) {
      assert.equal(kindOf(wrong), 'malformed', wrong)
    }
    assert.equal(decodeAnswer({ function: 6, address: 1, value: 3 }, hex('06 0001 0004')).kind, 'malformed')
    assert.equal(decodeAnswer({ function: 16, address: 1, data: hex('000A') }, hex('10 0002 0001')).kind, 'malformed')
  })
})

interface Recording {
  readonly framing: 'tcp' | 'rtu'
  readonly unit: number
  readonly request: Request
  readonly sent: string
  readonly received: string
  readonly data: string
}

describe('frames', () => {
  it('have the CRC of the serial line guide', () => {
    // Appendix B of Modbus over Serial Line V1.02: 02 07 gives 41 12 on the wire.
    assert.equal(crc16(hex('02 07')), 0x1241)
    assert.deepEqual(rtuFrame(2, hex('07')), hex('02 07 41 12'))
  })

  it('are found in recordings of other implementations', () => {
    const file = readFileSync(new URL('../../testcases/recordings.json', import.meta.url), 'utf8')
    const recordings = JSON.parse(file, (key, value) =>
      key === 'request' && value.data ? { ...value, data: hex(value.data) } : value,
    ) as Recording[]
    assert.equal(recordings.length, 20)
    for (const { framing, unit, request, sent, received, data } of recordings) {
      const frames = framing === 'tcp' ? new MbapFraming(hex(sent).readUInt16BE(0) - 1) : new RtuFraming()
      assert.deepEqual(frames.send({ unit, request }, encodeRequest(request)), hex(sent))
      const pdu = frames.receive(hex(received))
      const answer = decodeAnswer(request, pdu!)
      if (answer.kind === 'exception') assert.equal(`exception ${answer.code}`, data)
      else assert.deepEqual(Buffer.from((answer as { data: Uint8Array }).data), hex(data))
    }
  })

  it('are put together from single bytes and taken from a heap', () => {
    const request: Request = { function: 3, address: 0, count: 2 }
    const pdu = hex('03 04 0001 0002')
    const framing = new MbapFraming(41)
    framing.send({ unit: 7, request }, encodeRequest(request))
    const late = mbapFrame(40, 7, hex('03 04 0009 0009'))
    const elsewhere = mbapFrame(42, 8, hex('03 04 0008 0008'))
    const whole = Buffer.concat([late, elsewhere, mbapFrame(42, 7, pdu)])
    let found: Uint8Array | undefined
    for (const byte of whole) found ??= framing.receive(Uint8Array.of(byte))
    assert.deepEqual(Buffer.from(found!), pdu)
    framing.send({ unit: 7, request }, encodeRequest(request))
    const heap = Buffer.concat([late, mbapFrame(43, 7, pdu), mbapFrame(44, 7, pdu)])
    assert.deepEqual(Buffer.from(framing.receive(heap)!), pdu)
    assert.equal(framing.giveUp(), false)
  })

  it('of a serial line are found between noise, cut and after a false start', () => {
    const request: Request = { function: 3, address: 0, count: 2 }
    const frame = rtuFrame(7, hex('03 04 0001 0002'))
    const framing = new RtuFraming()
    framing.send({ unit: 7, request }, encodeRequest(request))
    // A false start: unit, function and byte count are right, the rest is noise.
    const noise = hex('00 FF 07 03 04 AA')
    assert.equal(framing.receive(noise), undefined)
    let found: Uint8Array | undefined
    for (const byte of frame) found ??= framing.receive(Uint8Array.of(byte))
    assert.deepEqual(Buffer.from(found!), hex('03 04 0001 0002'))
    assert.equal(framing.receive(frame), undefined, 'nothing is awaited any more')
  })
})
