import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeBlock } from '@millwright/connectivity'
import { ToyAdapter } from '@millwright/connectivity/testing'
import type { AgentConfiguration } from '@millwright/contracts'
import { createLog, Lifecycle, SECOND, systemClock } from '@millwright/foundation'
import { TestPlatform, type TestPlatformOptions } from '@millwright/sdk/device/testing'
import { AdapterShelf, ensureIdentity, startAgent } from '../src/index.ts'

export const AGENT = 'dev_01k5zsx0v3m8f3t9q2w7r6y5n4'
export const CONNECTION = 'cnx_01k5zsx0v3m8f3t9q2w7r6y5n4'
const SETTINGS = {
  queueBytes: 64 * 2 ** 20,
  backlog: 'oldest-first',
  whenFull: 'drop-oldest',
  rollbackAfter: 10 * SECOND,
} as const

export const log = createLog({ level: (process.env['TEST_LOG'] as 'info') ?? 'silent' })

/** The platform's side of an agent's line, with a configuration to give. */
export class TestAgentPlatform {
  readonly platform: TestPlatform
  configuration: AgentConfiguration
  /** The API is away, though the line is there. */
  refusing = false
  /** Drafts by their number. */
  readonly probes = new Map<string, unknown>()

  private constructor(platform: TestPlatform, configuration: AgentConfiguration) {
    this.platform = platform
    this.configuration = configuration
  }

  static async start(options: TestPlatformOptions = {}): Promise<TestAgentPlatform> {
    const made: TestAgentPlatform[] = []
    const platform = await TestPlatform.start({
      ...options,
      onRequest: (route) => made[0]?.answer(route),
      onMessage: async (message) => {
        await options.onMessage?.(message)
        if (message.topic === 'mw/v1/twin/get') setImmediate(() => void made[0]!.tellDesired())
      },
    })
    const stage = new TestAgentPlatform(platform, { version: 1, settings: SETTINGS, connections: [], rules: [] })
    made.push(stage)
    return stage
  }

  answer(route: string): unknown {
    if (this.refusing) return undefined
    if (route === 'GET /api/v1/devices/me/configuration') return this.configuration
    const probe = /^GET \/api\/v1\/devices\/me\/probes\/([0-9a-f]{32})$/.exec(route)?.[1]
    return probe === undefined ? undefined : this.probes.get(probe)
  }

  /** Wants another configuration, and says so. */
  async want(change: Partial<AgentConfiguration>): Promise<void> {
    this.configuration = { ...this.configuration, ...change, version: this.configuration.version + 1 }
    await this.tellDesired()
  }

  tellDesired(): Promise<void> {
    const { version } = this.configuration
    return this.platform.tell(AGENT, 'mw/v1/twin/desired', { version, document: { agent: { configuration: version } } })
  }

  /** All readings that arrived, by `connection/device/metric`: times and values, in the order of their coming. */
  readings(): Map<string, { time: number; value: unknown }[]> {
    const seen = new Map<string, { time: number; value: unknown }[]>()
    for (const { topic, bytes } of this.platform.received) {
      if (topic !== 'mw/v1/agent/readings') continue
      decodeBlock(bytes, Number.MAX_SAFE_INTEGER, ({ connection, device }, rows) => {
        for (let row = 0; row < rows.length; row++) {
          const key = `${connection}/${device}/${rows.name[row]}`
          const wide = rows.wide[row]
          const value = wide === undefined ? rows.value[row] : 'value' in wide ? wide.value : wide
          const list = seen.get(key) ?? []
          list.push({ time: rows.time[row]!, value })
          seen.set(key, list)
        }
      })
    }
    return seen
  }

  /** What the agent reported of itself in its twin, merged. */
  reported(): Record<string, unknown> {
    return (this.document()['agent'] ?? {}) as Record<string, unknown>
  }

  /** All that it reported, merged. */
  document(): Record<string, unknown> {
    const document: Record<string, unknown> = {}
    for (const { topic, payload } of this.platform.received) {
      if (topic === 'mw/v1/twin/reported') merge(document, (JSON.parse(payload) as { document: object }).document)
    }
    return document
  }

  messages(topic: string): Record<string, unknown>[] {
    return this.platform.received.filter((one) => one.topic === topic).map(({ payload }) => JSON.parse(payload))
  }
}

function merge(into: Record<string, unknown>, patch: object): void {
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete into[name]
    else if (typeof value === 'object' && !Array.isArray(value)) {
      into[name] ??= {}
      merge(into[name] as Record<string, unknown>, value)
    } else into[name] = value
  }
}

/** An agent in this process, with the toy adapter on its shelf. */
export async function agentInProcess(stage: TestAgentPlatform, directory: string, clock = systemClock) {
  const { url } = stage.platform
  await ensureIdentity(directory, url, stage.platform.token(AGENT))
  const toy = new ToyAdapter()
  const shelf = new AdapterShelf()
  shelf.set('toy', toy)
  const lifecycle = new Lifecycle({ log, clock })
  const page = { host: '127.0.0.1', port: 0 }
  const agent = await startAgent({ directory, clock, log, lifecycle, page, shelf })
  return { agent, toy, lifecycle, shelf }
}

export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'millwright-edge-'))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}
