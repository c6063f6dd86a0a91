import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Bus, PlatformEvent } from '../bus.ts'
import { eventually } from './eventually.ts'

/** An event for tests. */
function sampleEvent(type: string, data: unknown = {}, subject = 'sub'): PlatformEvent {
  return { id: crypto.randomUUID(), type, source: 'test', subject, tenant: 'ten', time: 1_790_000_000_000_000, data }
}

/** What every bus must do; `open` makes one that nobody else uses. */
export function busContract(name: string, open: () => Bus | Promise<Bus>): void {
  const withBus = (title: string, work: (bus: Bus) => Promise<void>) =>
    test(`${name}: ${title}`, async () => {
      const bus = await open()
      try {
        await work(bus)
      } finally {
        await bus.close()
      }
    })

  withBus('an event reaches every subscriber of its type, whole', async (bus) => {
    const seen: PlatformEvent[] = []
    bus.subscribe('millwright.device.created', (event) => void seen.push(event))
    bus.subscribe('millwright.device.created', (event) => void seen.push(event))
    bus.subscribe('millwright.device.removed', () => assert.fail('another type'))
    const event = sampleEvent('millwright.device.created', { name: 'Pump', nested: [1, null, 'ü'] })
    await bus.publish(event)
    await eventually(() => seen.length === 2)
    assert.deepEqual(seen, [event, event])
  })

  withBus('a pattern ending in .* takes all types below it', async (bus) => {
    const seen: string[] = []
    bus.subscribe('millwright.device.*', (event) => void seen.push(event.type))
    await bus.publish(sampleEvent('millwright.device.created'))
    await bus.publish(sampleEvent('millwright.devices.created'))
    await bus.publish(sampleEvent('millwright.device'))
    await bus.publish(sampleEvent('millwright.device.token.revoked'))
    await eventually(() => seen.length >= 2)
    assert.deepEqual(seen, ['millwright.device.created', 'millwright.device.token.revoked'])
  })

  withBus(
    'events of one type arrive in the order of publishing, one at a time, however slow the handler',
    async (bus) => {
      const seen: number[] = []
      let running = 0
      bus.subscribe('a.b', async (event) => {
        running++
        assert.equal(running, 1)
        const number = event.data as number
        for (let i = 0; i < (number % 3) * 5; i++) await Promise.resolve()
        seen.push(number)
        running--
      })
      await Promise.all(Array.from({ length: 50 }, (_, i) => bus.publish(sampleEvent('a.b', i))))
      await eventually(() => seen.length === 50)
      assert.deepEqual(seen, [...seen.keys()])
    },
  )

  withBus('a handler that fails stops neither the others nor the publisher', async (bus) => {
    const seen: string[] = []
    bus.subscribe('a.b', () => {
      throw new Error('thrown')
    })
    bus.subscribe('a.b', () => Promise.reject(new Error('rejected')))
    bus.subscribe('a.b', (event) => void seen.push(event.id))
    await bus.publish(sampleEvent('a.b'))
    await bus.publish(sampleEvent('a.b'))
    await eventually(() => seen.length === 2)
  })

  withBus('a handler may publish', async (bus) => {
    const seen: string[] = []
    bus.subscribe('a.first', () => bus.publish(sampleEvent('a.second')))
    bus.subscribe('a.second', (event) => void seen.push(event.type))
    await bus.publish(sampleEvent('a.first'))
    await eventually(() => seen.length === 1)
  })

  withBus('handlers that publish to each other do not wait for each other for ever', async (bus) => {
    const seen: string[] = []
    const bounce = (to: string) => async (event: PlatformEvent) => {
      seen.push(event.type)
      if ((event.data as number) > 0) await bus.publish(sampleEvent(to, (event.data as number) - 1))
    }
    bus.subscribe('a.ping', bounce('a.pong'))
    bus.subscribe('a.pong', bounce('a.ping'))
    await Promise.all([bus.publish(sampleEvent('a.ping', 5)), bus.publish(sampleEvent('a.pong', 5))])
    await eventually(() => seen.length === 12)
  })

  withBus('a cancelled subscription gets nothing more', async (bus) => {
    const seen: string[] = []
    const cancelled = bus.subscribe('a.b', (event) => void seen.push(`first ${event.id}`))
    bus.subscribe('a.b', (event) => void seen.push(event.id))
    cancelled.cancel()
    const event = sampleEvent('a.b')
    await bus.publish(event)
    await eventually(() => seen.length > 0)
    assert.deepEqual(seen, [event.id])
  })
}
