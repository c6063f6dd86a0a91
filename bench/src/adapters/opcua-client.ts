/**
 * One OPC UA client in a process of its own, so that its processor time is its own: `adapter` (ours) or `bare`
 * (node-opcua-client as its documentation shows). Arguments: kind, endpoint, nodes, seconds. Prints one JSON line.
 */

import { TestPorts } from '@millwright/connectivity/testing'
import { opcuaAdapter } from '@millwright/connectivity-opcua'
import { AttributeIds, OPCUAClient, TimestampsToReturn } from 'node-opcua-client'

const [kind, endpoint, nodes, seconds] = [
  process.argv[2],
  process.argv[3]!,
  Number(process.argv[4]),
  Number(process.argv[5]),
]
const MACHINE = 'urn:millwright:test:machine'
const INTERVAL = 1000

interface Client {
  count(): number
  stop(): Promise<void>
}

async function adapter(): Promise<Client> {
  const ports = new TestPorts()
  ports.counting = true
  const connection = opcuaAdapter.create(
    {
      endpoint,
      security: { policy: 'None' },
      publishingInterval: INTERVAL,
      rules: [{ folder: `nsu=${MACHINE};s=Many` }],
    },
    ports,
  )
  await connection.start()
  await ports.until(() => connection.counters['items'] === nodes && ports.count >= nodes, 60_000)
  return {
    count: () => ports.count,
    async stop() {
      await connection.stop()
      ports.close()
    },
  }
}

async function bare(): Promise<Client> {
  const client = OPCUAClient.create({ endpointMustExist: false })
  await client.connect(endpoint)
  const session = await client.createSession()
  const namespace = (await session.readNamespaceArray()).indexOf(MACHINE)
  let count = 0
  const PER_SUBSCRIPTION = 5000
  for (let first = 0; first < nodes; first += PER_SUBSCRIPTION) {
    const subscription = await session.createSubscription2({
      requestedPublishingInterval: INTERVAL,
      requestedMaxKeepAliveCount: 10,
      requestedLifetimeCount: 1000,
      publishingEnabled: true,
    })
    for (let at = first; at < Math.min(nodes, first + PER_SUBSCRIPTION); at += 1000) {
      const items = Array.from({ length: Math.min(1000, nodes - at) }, (_, n) => ({
        nodeId: `ns=${namespace};s=Many${at + n}`,
        attributeId: AttributeIds.Value,
      }))
      const parameters = { samplingInterval: INTERVAL, queueSize: 4, discardOldest: true }
      const group = await subscription.monitorItems(items, parameters, TimestampsToReturn.Both)
      group.on('changed', () => {
        count++
      })
    }
  }
  for (const end = Date.now() + 60_000; count < nodes && Date.now() < end; ) {
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return {
    count: () => count,
    async stop() {
      await session.close()
      await client.disconnect()
    },
  }
}

const started = performance.now()
const client = await (kind === 'adapter' ? adapter() : bare())
const ready = performance.now() - started
// Values come in bursts: from between two of them, so that as many are counted as there were seconds.
for (let still = 0, last = -1, waited = 0; still < 5 && waited < 60; waited++) {
  await new Promise((resolve) => setTimeout(resolve, 50))
  still = client.count() === last ? still + 1 : 0
  last = client.count()
}
const before = { count: client.count(), cpu: process.cpuUsage(), time: performance.now() }
await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
const cpu = process.cpuUsage(before.cpu)
const result = {
  ready,
  points: client.count() - before.count,
  seconds: (performance.now() - before.time) / 1000,
  cpu: (cpu.user + cpu.system) / 1e6,
  rss: process.memoryUsage().rss / 1e6,
}
process.stdout.write(`${JSON.stringify(result)}\n`)
await client.stop()
process.exit(0)
