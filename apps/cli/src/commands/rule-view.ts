import type { Client } from '@millwright/sdk'
import type { Cli } from '../cli.ts'
import { text } from '../texts/text.ts'
import { type Rule, ruleFile } from './rule-file.ts'

export async function showRule(cli: Cli, client: Client, rule: Rule): Promise<void> {
  const { out } = cli
  if (out.json) return out.value(rule)
  const written = await ruleFile(client, rule)
  const field = (name: string) => (written[name] === undefined ? '' : String(written[name]))
  out.record([
    [text('fields.name'), rule.name],
    [text('fields.description'), rule.description],
    [text('fields.priority'), rule.priority],
    [text('fields.state'), text(!rule.enabled ? 'rules.off' : rule.fault === null ? 'rules.on' : 'rules.faulty')],
    [text('fields.fault'), rule.fault ?? ''],
    [text('fields.class'), field('equipmentClass')],
    [text('fields.equipment'), field('equipment')],
    [text('fields.watches'), String(rule.watches)],
    [text('fields.condition'), rule.condition],
    [text('fields.clearCondition'), rule.clearCondition ?? ''],
    [text('fields.onDelay'), field('onDelay')],
    [text('fields.offDelay'), field('offDelay')],
    [text('fields.latching'), rule.latching ? text('values.yes') : ''],
    [text('fields.message'), rule.message],
    [text('fields.response'), rule.response],
    [text('fields.created'), out.time(rule.createdAt)],
    [text('fields.id'), rule.id],
  ])
}
