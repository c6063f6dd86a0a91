import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type LiveSettings, liveClient } from './live.ts'

/** A socket in the test's hand. */
class Wire {
  readyState = 0
  readonly sent: string[] = []
  onopen: (() => void) | undefined
  onmessage: ((event: { data: string }) => void) | undefined
  onclose: ((event: { code: number; reason: string }) => Promise<void> | void) | undefined

  send(text: string): void {
    this.sent.push(text)
  }

  close(): void {
    this.readyState = 3
  }

  opened(): void {
    this.readyState = 1
    this.onopen?.()
  }

  async closed(code: number, reason = ''): Promise<void> {
    this.readyState = 3
    await this.onclose?.({ code, reason })
  }
}

function setUp(refusal?: LiveSettings['refusal']) {
  const wires: Wire[] = []
  const errors: { code: string; detail: string }[] = []
  const live = liveClient({
    url: 'http://plant.example',
    open: () => {
      wires.push(new Wire())
      return wires.at(-1) as unknown as WebSocket
    },
    ...(refusal === undefined ? {} : { refusal }),
  })
  live.onError((error) => errors.push(error))
  return { live, wires, errors }
}

test('a session that has ended is not retried, and says why; the next subscription tries again', async () => {
  const { live, wires, errors } = setUp()
  wires[0]!.opened()
  live.alarms(() => undefined)
  await wires[0]!.closed(4401, 'the session has ended')
  assert.deepEqual([live.link.state, live.link.reason], ['refused', 'the session has ended'])
  assert.deepEqual(errors, [{ code: 'refused', detail: 'the session has ended' }])
  assert.equal(wires.length, 1)
  live.events(() => undefined)
  assert.equal(wires.length, 2)
  wires[1]!.opened()
  assert.equal(live.link.state, 'open')
  assert.equal(wires[1]!.sent.length, 2, 'both subscriptions stand again')
  live.close()
})

test('a handshake that the platform refuses is not retried; one that only failed is', async () => {
  let answer: string | undefined = 'Not signed in.'
  const refused = setUp(async () => answer)
  await refused.wires[0]!.closed(1006)
  assert.deepEqual([refused.live.link.state, refused.live.link.reason], ['refused', 'Not signed in.'])
  refused.live.close()
  answer = undefined
  const lost = setUp(async () => answer)
  await lost.wires[0]!.closed(1006)
  assert.equal(lost.live.link.state, 'lost')
  assert.deepEqual(lost.errors, [])
  lost.live.close()
})

test('rights that changed are a reason to come back at once, not to stay away', async () => {
  const { live, wires } = setUp(async () => assert.fail('it stood: nobody is asked'))
  wires[0]!.opened()
  await wires[0]!.closed(4403, 'rights have changed')
  assert.equal(live.link.state, 'lost')
  live.close()
})
