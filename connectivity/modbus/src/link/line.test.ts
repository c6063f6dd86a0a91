/** The queue before a line, on virtual time: a serial line has no transaction ids. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { VirtualClock } from '@millwright/foundation/testing'
import { encodeRequest, type Request } from '../codec/pdu.ts'
import { RtuFraming, rtuFrame } from '../codec/rtu.ts'
import type { Asking } from './job.ts'
import { Line } from './line.ts'
import type { WireEvents } from './wire.ts'

const request: Request = { function: 3, address: 0, count: 1 }
const pdu = encodeRequest(request)
const asking = (unit: number): Asking => ({ name: `Unit ${unit}`, unit, timeout: 100, pause: 0 })
const answer = (unit: number, value: number) => rtuFrame(unit, Buffer.of(3, 2, value >> 8, value & 0xff))

function serialLine(clock: VirtualClock) {
  const sent: Buffer[] = []
  let events: WireEvents | undefined
  const line = new Line({
    peer: '/dev/ttyS0',
    open: async (opened) => {
      events = opened
      return { write: (bytes) => void sent.push(Buffer.from(bytes)), close: async () => undefined }
    },
    framing: () => new RtuFraming(),
    clock,
    random: () => 0,
    rest: 2_000,
    connection: false,
    counters: { requests: 0, timeouts: 0, exceptions: 0, strays: 0, connects: 0 },
  })
  return { line, sent, receive: (bytes: Buffer) => events!.data(bytes) }
}

describe('a serial line', () => {
  it('never takes the late answer of a unit for that to the next request', async () => {
    const clock = new VirtualClock()
    const { line, sent, receive } = serialLine(clock)
    const first = line.ask(asking(1), request, pdu)
    first.catch(() => undefined)
    await clock.advance(100_000)
    await assert.rejects(first, {
      code: 'MW-MODBUS-0002',
      message: 'Unit 1 did not answer the read of holding registers 0 within 100 ms.',
    })

    const second = line.ask(asking(1), request, pdu)
    const other = line.ask(asking(2), request, pdu)
    await clock.advance(1_000)
    assert.deepEqual(
      sent.map((frame) => frame[0]),
      [1, 2],
      'the other unit is asked meanwhile',
    )
    receive(answer(1, 666))
    receive(answer(2, 22))
    assert.deepEqual([...(await other)], [0, 22])
    await clock.advance(100_000)
    assert.deepEqual(
      sent.map((frame) => frame[0]),
      [1, 2, 1],
    )
    receive(answer(1, 11))
    assert.deepEqual([...(await second)], [0, 11])
    await line.close()
  })

  it('rests between frames and lets commands go first', async () => {
    const clock = new VirtualClock()
    const { line, sent, receive } = serialLine(clock)
    const polls = [1, 2].map((unit) => line.ask(asking(unit), request, pdu))
    const command = line.ask(asking(3), request, pdu, new AbortController().signal)
    await clock.advance(0)
    receive(answer(3, 1))
    await command
    assert.equal(sent.length, 1, 'the line rests')
    await clock.advance(2_000)
    assert.deepEqual(
      sent.map((frame) => frame[0]),
      [3, 1],
    )
    for (const poll of polls) poll.catch(() => undefined)
    await line.close()
    await assert.rejects(polls[0]!, { code: 'MW-MODBUS-0004' })
    await assert.rejects(line.ask(asking(1), request, pdu), { code: 'MW-MODBUS-0004' })
  })

  it('does not send a command any more once nobody waits for it', async () => {
    const clock = new VirtualClock()
    const { line, sent, receive } = serialLine(clock)
    const poll = line.ask(asking(1), request, pdu)
    await clock.advance(0)
    const given = new AbortController()
    const command = line.ask(asking(2), request, pdu, given.signal)
    command.catch(() => undefined)
    given.abort()
    receive(answer(1, 1))
    await poll
    await clock.advance(10_000)
    await assert.rejects(command, { code: 'MW-MODBUS-0009' })
    assert.deepEqual(
      sent.map((frame) => frame[0]),
      [1],
    )
    await line.close()
  })
})
