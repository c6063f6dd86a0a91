import type { Client, components } from '@millwright/sdk'
import { given } from '../command.ts'
import { usage } from '../errors.ts'
import { readDocument } from '../input/documents.ts'
import { parseDuration, writeDuration } from '../input/durations.ts'
import { AssetNames } from '../resolve/assets.ts'
import { findClass } from '../resolve/things.ts'
import { text } from '../texts/text.ts'

export type Rule = components['schemas']['Rule']
export type RuleChange = Parameters<Client['updateRule']>[0]['body']

export interface RuleOptions {
  readonly file?: string
  readonly name?: string
  readonly condition?: string
  readonly clearCondition?: string
  readonly class?: string
  readonly equipment?: string
  readonly priority?: Rule['priority']
  readonly onDelay?: number
  readonly offDelay?: number
  readonly latching?: boolean
  readonly message?: string
  readonly response?: string
  readonly description?: string
}

/** What a rule is given by the platform itself: allowed in a file, so that `rules show --json` can be sent back. */
const OWN = ['id', 'tenant', 'version', 'createdAt', 'fault', 'watches']

/**
 * A rule as the API takes it, from a file and flags (which win). In a file, machines and classes stand by their names and
 * delays as durations (`10s`); ids and µs are taken too. Errors: wrong usage; refused for a name that is unknown.
 */
export async function ruleBody(client: Client, options: RuleOptions): Promise<RuleChange> {
  const { file, class: className, ...flags } = options
  const content = file === undefined ? {} : await readDocument(file)
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw usage(text('rules.badFile', { file: file! }))
  const fields = Object.fromEntries(Object.entries(content).filter(([name]) => !OWN.includes(name)))
  const {
    from: _f,
    to: _t,
    ...named
  } = {
    ...fields,
    ...given({ ...flags, equipmentClass: className }),
  } as Record<string, unknown>
  return {
    ...named,
    ...given({
      equipmentClass: await idOf(named['equipmentClass'], async (name) => (await findClass(client, name)).id),
      equipment: await idOf(named['equipment'], async (name) => (await new AssetNames(client).get(name)).id),
      onDelay: delay(named['onDelay']),
      offDelay: delay(named['offDelay']),
    }),
  } as RuleChange
}

async function idOf(named: unknown, find: (name: string) => Promise<string>): Promise<string | null | undefined> {
  if (named === null || named === undefined) return named
  return find(String(named))
}

const delay = (written: unknown): number | undefined =>
  typeof written === 'string' ? parseDuration(written) : (written as number | undefined)

/** A rule as a file that people edit and other platforms take: names and durations instead of ids and µs. */
export async function ruleFile(client: Client, rule: Rule): Promise<Record<string, unknown>> {
  const { equipmentClass, equipment, clearCondition } = rule
  const path = equipment === null ? undefined : (await new AssetNames(client).paths([equipment])).get(equipment)
  return given({
    name: rule.name,
    description: rule.description || undefined,
    equipmentClass:
      equipmentClass === null ? undefined : (await client.getClass({ params: { id: equipmentClass } })).name,
    equipment: path,
    condition: rule.condition,
    clearCondition: clearCondition ?? undefined,
    onDelay: writeDuration(rule.onDelay),
    offDelay: writeDuration(rule.offDelay),
    priority: rule.priority,
    latching: rule.latching,
    message: rule.message || undefined,
    response: rule.response || undefined,
    enabled: rule.enabled,
  })
}
