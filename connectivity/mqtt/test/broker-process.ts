/** A broker in a process of its own, for tests that kill it. Prints `{ port }` once it listens. */
import { createBus, systemClock } from '@millwright/foundation'
import { createMqttAdapter } from '../src/index.ts'
import { TestPlatform } from './ports.ts'
import { quiet } from './world.ts'

interface Start {
  readonly directory: string
  readonly devices: readonly string[]
  readonly tls: { readonly key: string; readonly cert: string; readonly ca: string }
}

process.once('message', async ({ directory, devices, tls }: Start) => {
  const platform = new TestPlatform()
  for (const device of devices) platform.add(device)
  const adapter = createMqttAdapter({
    connectivity: platform.ports,
    trust: platform.trust,
    bus: createBus(quiet),
    clock: systemClock,
    log: quiet,
    directory,
    host: '127.0.0.1',
    port: 0,
    tls,
  })
  await adapter.start()
  process.send!({ port: adapter.port })
})
