import type { BodyOf, monitoringOperations, Priority, Rule } from '@millwright/contracts'
import type { RuleRunner } from '../watch/rule-runner.ts'
import type { RunningRule } from '../watch/running-rule.ts'

export type NewRule = BodyOf<typeof monitoringOperations.createRule>
export type RuleChange = BodyOf<typeof monitoringOperations.updateRule>

/** A row of `rules`. */
export interface RuleRow extends RunningRule {
  readonly description: string
  readonly priority: Priority
  readonly enabled: boolean
  readonly createdAt: number
}

/** What a person gave, with the defaults for the rest. */
export function completed(body: NewRule): Omit<RuleRow, 'id' | 'tenant' | 'createdAt' | 'version'> {
  const clear = body.clearCondition ?? null
  return {
    name: body.name,
    description: body.description ?? '',
    equipmentClass: body.equipmentClass ?? null,
    equipment: body.equipment ?? null,
    condition: body.condition,
    clearCondition: clear?.trim() === '' ? null : clear,
    onDelay: body.onDelay ?? 0,
    offDelay: body.offDelay ?? 0,
    priority: body.priority,
    latching: body.latching ?? false,
    message: body.message ?? '',
    response: body.response ?? '',
    enabled: body.enabled ?? true,
  }
}

/** The rule as the API shows it. `runner`: what runs it; undefined when nothing does. */
export function shownRule(row: RuleRow, runner: RuleRunner | undefined): Rule {
  return {
    id: row.id,
    tenant: row.tenant,
    name: row.name,
    description: row.description,
    equipmentClass: row.equipmentClass,
    equipment: row.equipment,
    condition: row.condition,
    clearCondition: row.clearCondition,
    onDelay: row.onDelay,
    offDelay: row.offDelay,
    priority: row.priority,
    latching: row.latching,
    message: row.message,
    response: row.response,
    enabled: row.enabled,
    fault: row.enabled ? (runner?.trouble ?? null) : null,
    ...(row.enabled && runner?.faultSince !== undefined ? { faultSince: runner.faultSince } : {}),
    watches: row.enabled ? (runner?.watching ?? 0) : 0,
    createdAt: row.createdAt,
    version: row.version,
  }
}
