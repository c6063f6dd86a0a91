import type { Priority, Rule } from '../../api/types.ts'

/** What a rule watches: exactly one of the two is set once it can be saved. */
export interface Target {
  readonly equipmentClass: string | null
  readonly equipment: string | null
}

/** A rule as it stands in the editor: times in seconds, as people say them. */
export interface Draft extends Target {
  readonly name: string
  readonly description: string
  readonly condition: string
  readonly clearCondition: string
  readonly onDelay: number | string
  readonly offDelay: number | string
  readonly priority: Priority
  readonly latching: boolean
  readonly message: string
  readonly response: string
  readonly enabled: boolean
}

const SECOND = 1_000_000

export const emptyDraft = (target: Target): Draft => ({
  ...target,
  name: '',
  description: '',
  condition: '',
  clearCondition: '',
  onDelay: 0,
  offDelay: 0,
  priority: 'medium',
  latching: false,
  message: '',
  response: '',
  enabled: true,
})

export const draftOf = (rule: Rule): Draft => ({
  equipmentClass: rule.equipmentClass,
  equipment: rule.equipment,
  name: rule.name,
  description: rule.description,
  condition: rule.condition,
  clearCondition: rule.clearCondition ?? '',
  onDelay: rule.onDelay / SECOND,
  offDelay: rule.offDelay / SECOND,
  priority: rule.priority,
  latching: rule.latching,
  message: rule.message,
  response: rule.response,
  enabled: rule.enabled,
})

/** The draft as the API takes it; delays in µs. */
export const bodyOf = (draft: Draft) => ({
  ...draft,
  name: draft.name.trim(),
  clearCondition: draft.clearCondition.trim() === '' ? null : draft.clearCondition,
  onDelay: Math.round(Number(draft.onDelay) * SECOND),
  offDelay: Math.round(Number(draft.offDelay) * SECOND),
})

export const canTry = (draft: Draft): boolean =>
  draft.condition.trim() !== '' && (draft.equipmentClass !== null) !== (draft.equipment !== null)

export const canSave = (draft: Draft): boolean => canTry(draft) && draft.name.trim() !== ''
