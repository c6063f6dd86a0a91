import { fork } from 'node:child_process'
import { join } from 'node:path'
import { TestServer } from '@millwright/connectivity-opcua/testing'
import type { Scenario, ScenarioContext } from '../scenario.ts'

const CLIENT = join(import.meta.dirname, '../adapters/opcua-client.ts')

interface Run {
  readonly ready: number
  readonly points: number
  readonly seconds: number
  readonly cpu: number
  readonly rss: number
}

/** 50,000 OPC UA nodes that change each second, by our adapter and by node-opcua-client alone, against node-opcua-server. */
export const opcua: Scenario = {
  name: 'opcua',
  about: 'OPC UA client: nodes at 1 Hz, beside the bare library',
  async run({ quick, log }: ScenarioContext) {
    const nodes = quick ? 5_000 : 50_000
    const seconds = quick ? 3 : 5
    log(`starting a server with ${nodes} variables`)
    const server = await TestServer.start({ many: nodes })
    try {
      await server.order('changeMany', 1000)
      log('node-opcua-client alone')
      const bare = await client('bare', server.endpoint, nodes, seconds)
      log('the adapter')
      const adapter = await client('adapter', server.endpoint, nodes, seconds)
      const rate = ({ points, seconds: over }: Run) => Math.round(points / over)
      const cost = ({ points, cpu }: Run) => Math.round((cpu / points) * 1e7) / 10
      return {
        figures: [
          { name: 'OPC UA nodes', value: nodes, unit: 'nodes' },
          {
            name: 'adapter',
            value: rate(adapter),
            unit: 'points/s',
            target: { atLeast: Math.round(rate(bare) * 0.95) },
            note: 'the server, on the same machine, sets the pace',
          },
          { name: 'bare library', value: rate(bare), unit: 'points/s' },
          { name: 'adapter, processor', value: cost(adapter), unit: 'µs/point', target: { atMost: cost(bare) } },
          { name: 'bare library, processor', value: cost(bare), unit: 'µs/point' },
          {
            name: 'adapter, until all nodes came',
            value: Math.round(adapter.ready),
            unit: 'ms',
            note: 'browsing included',
          },
          {
            name: 'bare library, until all nodes came',
            value: Math.round(bare.ready),
            unit: 'ms',
            note: 'nodes known',
          },
          { name: 'adapter, memory', value: Math.round(adapter.rss), unit: 'MB' },
          { name: 'bare library, memory', value: Math.round(bare.rss), unit: 'MB' },
        ],
      }
    } finally {
      await server.kill()
    }
  },
}

async function client(kind: 'adapter' | 'bare', endpoint: string, nodes: number, seconds: number): Promise<Run> {
  const child = fork(CLIENT, [kind, endpoint, String(nodes), String(seconds)], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  let output = ''
  for await (const bytes of child.stdout!) output += String(bytes)
  // The library prints warnings of its own.
  const line = output.split('\n').findLast((one) => one.startsWith('{'))
  if (line === undefined) throw new Error(`the ${kind} client ended without a result: ${output.slice(-500)}`)
  return JSON.parse(line) as Run
}
