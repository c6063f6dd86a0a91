import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DeviceError } from './errors.ts'
import { Outbox, type Parcel } from './outbox.ts'

type Deed = 'add' | 'send' | 'acknowledge' | 'break'
const DEEDS = fc.array(fc.constantFrom<Deed>('add', 'add', 'send', 'send', 'acknowledge', 'break'), { maxLength: 200 })

test('property: whatever happens, each message is acknowledged once, in order, and bounds hold', async () => {
  await fc.assert(
    fc.asyncProperty(DEEDS, async (deeds) => {
      const outbox = new Outbox({ maxInFlight: 3, maxQueued: 8 })
      const resolved: number[] = []
      const flying: Parcel[] = []
      const acknowledged: number[] = []
      let added = 0
      const acknowledge = () => {
        const parcel = flying.shift()
        if (parcel === undefined) return
        acknowledged.push(Number(parcel.payload))
        outbox.acknowledged(parcel)
      }
      const send = () => {
        const parcel = outbox.next(0)
        if (parcel !== undefined) flying.push(parcel)
        return parcel !== undefined
      }
      for (const deed of deeds) {
        if (deed === 'add') {
          const number = added
          if (outbox.size === 8)
            assert.throws(
              () => outbox.add('t', 'x', false),
              (e: unknown) => (e as DeviceError).code === 'outbox-full',
            )
          else {
            added += 1
            void outbox.add('t', String(number), false).then(() => resolved.push(number))
          }
        } else if (deed === 'send') send()
        else if (deed === 'acknowledge') acknowledge()
        else {
          flying.length = 0
          outbox.interrupted()
        }
        assert.ok(outbox.inFlight <= 3 && outbox.size <= 8)
        assert.equal(outbox.inFlight, flying.length)
      }
      while (outbox.size > 0) {
        while (send());
        acknowledge()
      }
      await outbox.empty()
      assert.deepEqual(
        acknowledged,
        Array.from({ length: added }, (_, at) => at),
      )
      await new Promise((resolve) => setImmediate(resolve))
      assert.deepEqual(resolved, acknowledged)
    }),
  )
})

test('an acknowledgement of a former connection does not count', () => {
  const outbox = new Outbox({ maxInFlight: 1, maxQueued: 2 })
  void outbox.add('t', 'a', false)
  const first = outbox.next(0)!
  outbox.interrupted()
  outbox.acknowledged(first)
  assert.equal(outbox.size, 1)
  const again = outbox.next(0)!
  assert.equal(again.again, true)
  outbox.acknowledged(again)
  assert.equal(outbox.size, 0)
})

test('giving up rejects what is left and lets nobody wait', async () => {
  const outbox = new Outbox({ maxInFlight: 1, maxQueued: 2 })
  const sent = [outbox.add('t', 'a', false), outbox.add('t', 'b', false)]
  outbox.next(0)
  const waiting = Promise.all([outbox.room(), outbox.empty()])
  const settled = Promise.allSettled(sent)
  outbox.abandon(new DeviceError('closed', 'closed'))
  await waiting
  assert.deepEqual(
    (await settled).map(({ status }) => status),
    ['rejected', 'rejected'],
  )
})
