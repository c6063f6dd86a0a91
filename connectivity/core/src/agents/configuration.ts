import { createHash } from 'node:crypto'
import type { AgentConfiguration } from '@millwright/contracts'
import type { Database, Sql } from '@millwright/storage'
import { joinSecrets } from '../connections/secrets.ts'
import { connectionStore } from '../connections/store.ts'
import type { Vault } from '../connections/vault.ts'
import { deviceStore } from '../devices/store.ts'
import { type AgentRules, defaultSettings, type StoredAgent } from './model.ts'
import { agentStore } from './store.ts'

export interface ConfigurationOptions {
  readonly database: Database
  readonly vault: Vault
  readonly rules: AgentRules | undefined
}

type Rules = AgentConfiguration['rules']

/** What an agent is to do, put together from its connections, its settings and the rules on its signals. */
export class AgentConfigurations {
  readonly #options: ConfigurationOptions

  constructor(options: ConfigurationOptions) {
    this.#options = options
  }

  /** With secrets in the clear. The version is that of what is in it. */
  async of(agent: StoredAgent): Promise<AgentConfiguration> {
    const { database, vault } = this.#options
    const { tenant, device } = agent
    const rules = await this.rules(agent)
    return database.tenant(tenant, async (sql) => {
      // Locked, so that no change comes between its version and its connections.
      await sql.query('select 1 from agents where device = $1 for update', [device])
      const now = (await agentStore.get(sql, device))!
      const rows = await connectionStore.ofAgent(sql, device)
      return {
        version: now.configuration,
        settings: { ...defaultSettings, ...now.settings },
        connections: rows
          .filter(({ enabled }) => enabled)
          .map(({ id, version, name, adapter, config, secrets }) => ({
            id,
            version,
            name,
            adapter,
            config: joinSecrets(config, vault.open(id, secrets)),
          })),
        rules,
      }
    })
  }

  /** The rules whose signals all come from this agent. */
  async rules(agent: Pick<StoredAgent, 'tenant' | 'device'>): Promise<Rules> {
    const { database, rules } = this.#options
    if (rules === undefined) return []
    const devices = await database.tenant(agent.tenant, (sql) => devicesOf(sql, agent.device))
    const found = await rules.watching(agent.tenant, new Set(devices.keys()))
    return found.map(({ id, name, rule, signals }) => ({
      id,
      name,
      rule,
      signals: Object.fromEntries(
        Object.entries(signals).map(([as, { device, name: signal }]) => {
          const { connection, behind } = devices.get(device)!
          // At the connection's equipment its signals are named after the device too.
          const metric = behind !== null && signal.startsWith(`${behind}/`) ? signal.slice(behind.length + 1) : signal
          return [as, { connection, device: behind, metric }]
        }),
      ),
    }))
  }
}

export const digestOf = (rules: Rules): string =>
  rules.length === 0 ? '' : createHash('sha256').update(JSON.stringify(rules)).digest('hex')

/** The agent's device and those of its connections: which connection each is of, and what that calls it. */
async function devicesOf(sql: Sql, agent: string): Promise<Map<string, { connection: string; behind: string | null }>> {
  const devices = new Map<string, { connection: string; behind: string | null }>()
  devices.set(agent, { connection: '', behind: null })
  for (const { id } of await connectionStore.ofAgent(sql, agent)) {
    for (const device of await deviceStore.ofConnection(sql, id)) {
      devices.set(device.id, { connection: id, behind: device.behindName })
    }
  }
  return devices
}
