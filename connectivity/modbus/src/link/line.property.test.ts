/** Whatever a peer does and whenever: each request is settled once, by its own answer or by words. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MillwrightError } from '@millwright/foundation'
import { VirtualClock } from '@millwright/foundation/testing'
import fc from 'fast-check'
import { MbapFraming, mbapFrame } from '../codec/mbap.ts'
import { encodeRequest, type Request } from '../codec/pdu.ts'
import { RtuFraming, rtuFrame } from '../codec/rtu.ts'
import { modbusErrors } from '../errors.ts'
import { Line } from './line.ts'
import type { WireEvents } from './wire.ts'

type Happening =
  | { readonly kind: 'ask'; readonly unit: number; readonly count: number; readonly command: boolean }
  | { readonly kind: 'answer'; readonly late: number }
  | { readonly kind: 'noise'; readonly bytes: Uint8Array }
  | { readonly kind: 'wait'; readonly micros: number }
  | { readonly kind: 'lost' }
  | { readonly kind: 'refuse'; readonly on: boolean }

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      unit: fc.integer({ min: 1, max: 3 }),
      count: fc.integer({ min: 1, max: 4 }),
      command: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('answer' as const), late: fc.nat(2) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('noise' as const), bytes: fc.uint8Array({ maxLength: 300 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), micros: fc.nat(300_000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lost' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('refuse' as const), on: fc.boolean() }) },
)

/** The answer to a frame that was sent: each register holds unit and address of its request. */
function answerTo(frame: Buffer, tcp: boolean): Buffer {
  const [unit, at] = tcp ? [frame[6]!, 7] : [frame[0]!, 1]
  const address = frame.readUInt16BE(at + 1)
  const count = frame.readUInt16BE(at + 3)
  const pdu = Buffer.alloc(2 + 2 * count, address & 0xff)
  pdu[0] = 3
  pdu[1] = 2 * count
  return tcp ? mbapFrame(frame.readUInt16BE(0), unit, pdu) : rtuFrame(unit, pdu)
}

describe('a line', () => {
  it('settles every request once, never with what belongs to another', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { maxLength: 40 }), fc.boolean(), async (happenings, tcp) => {
        const clock = new VirtualClock()
        let refusing = false
        let events: WireEvents | undefined
        let sent: Buffer[] = []
        const line = new Line({
          peer: 'peer',
          open: async (opened) => {
            if (refusing) throw modbusErrors.closed({ peer: 'peer', why: 'refused' })
            events = opened
            sent = []
            return { write: (bytes) => void sent.push(Buffer.from(bytes)), close: async () => undefined }
          },
          framing: () => (tcp ? new MbapFraming() : new RtuFraming()),
          clock,
          random: () => 0,
          rest: tcp ? 0 : 2_000,
          connection: tcp,
          counters: { requests: 0, timeouts: 0, exceptions: 0, strays: 0, connects: 0 },
        })
        line.users = 3
        const asks: Promise<void>[] = []
        let asked = 0
        const ask = (unit: number, count: number, command: boolean) => {
          // Each request has an address of its own, which its answer repeats.
          const address = ++asked % 250
          const request: Request = { function: 3, address, count }
          const asking = { name: `Unit ${unit}`, unit, timeout: 100, pause: 0 }
          const signal = command ? new AbortController().signal : undefined
          const settled = line.ask(asking, request, encodeRequest(request), signal).then(
            (data) => assert.deepEqual(data, Buffer.alloc(2 * count, address)),
            (error) => assert.ok(error instanceof MillwrightError, String(error)),
          )
          settled.catch(() => undefined)
          asks.push(settled)
        }
        for (const each of happenings) {
          await clock.advance(0)
          if (each.kind === 'ask') ask(each.unit, each.count, each.command)
          else if (each.kind === 'refuse') refusing = each.on
          else if (each.kind === 'wait') await clock.advance(each.micros)
          else if (each.kind === 'lost') events?.closed(modbusErrors.closed({ peer: 'peer', why: 'it went away' }))
          else if (each.kind === 'noise') events?.data(each.bytes)
          else {
            // A serial line has no numbers: there only the last request is answered, within its time and the one after.
            const frame = sent.at(tcp ? -1 - each.late : -1)
            if (frame !== undefined) events?.data(answerTo(frame, tcp))
          }
        }
        await clock.advance(60_000_000)
        await line.close()
        await Promise.all(asks)
      }),
      { numRuns: 150 },
    )
  })
})
