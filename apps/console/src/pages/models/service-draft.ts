import { ApiError, type ServiceAlarm, type ServiceKind } from '../../api/types.ts'
import { faultsOf, pointerOf } from '../../components/schema-form/faults.ts'
import type { Schema, Values } from '../../components/schema-form/schema.ts'
import { fresh } from '../../components/schema-form/values.ts'
import { BUDGET } from './alarm-choice.tsx'

/** A service as it is being made. */
export interface ServiceDraft {
  readonly kind: ServiceKind
  readonly equipment: string
  readonly name: string
  readonly settings: Values
  readonly alarm: ServiceAlarm | null
}

export const schemaOf = (kind: ServiceKind): Schema => kind.settingsSchema as Schema

/** The form's part of the schema: what stands beside the alarm is asked for there. */
export function formSchema(kind: ServiceKind): Schema {
  const schema = schemaOf(kind)
  const { [BUDGET]: _, ...properties } = schema.properties ?? {}
  return kind.alarms ? { ...schema, properties } : schema
}

export const newDraft = (kind: ServiceKind, equipment: string): ServiceDraft => ({
  kind,
  equipment,
  name: '',
  settings: fresh(schemaOf(kind)) as Values,
  alarm: null,
})

/** A name to begin with; outputs are named by it, so it says which machine. */
export const suggestedName = ({ name }: ServiceKind, equipmentName: string): string =>
  `${equipmentName} ${name.toLowerCase()}`.slice(0, 80)

export const isReady = ({ kind, settings }: ServiceDraft): boolean =>
  faultsOf(schemaOf(kind), settings, new Set()).size === 0

/** The platform's sentence about one setting; undefined when the error is about something else, or about all of them. */
export function refusedSetting(error: unknown): { pointer: string; sentence: string } | undefined {
  if (!(error instanceof ApiError)) return undefined
  const pointer = pointerOf(error.problem.path, 'settings')
  return pointer === undefined || pointer === '' ? undefined : { pointer, sentence: error.problem.detail }
}
