import { Value } from 'typebox/value'
import { serviceErrors } from '../errors.ts'
import type { ServiceKind, Settings } from './kind.ts'
import { schemaFault } from './schema-fault.ts'

/** More text than any kind's settings take. */
const MOST_TEXT = 256 * 1024

/** The settings with the schema's defaults filled in. @throws MW-SERVICE-0005 with the path of what is wrong */
export function checkedSettings(kind: ServiceKind, given: unknown): Settings {
  if (JSON.stringify(given ?? {}).length > MOST_TEXT) throw refused('they are too long.', ['settings'])
  const settings = Value.Default(kind.settings, structuredClone(given ?? {}))
  const fault = schemaFault(kind.settings, settings)
  if (fault !== undefined) throw refused(fault.reason, ['settings', ...fault.path])
  const problem = kind.problem?.(settings as Settings)
  if (problem !== undefined) throw refused(problem, ['settings'])
  return settings as Settings
}

/** Stored settings, with the defaults of fields that the kind has got since. */
export const filledSettings = (kind: ServiceKind, stored: Settings): Settings =>
  Value.Default(kind.settings, structuredClone(stored)) as Settings

const refused = (reason: string, path: readonly string[]) => serviceErrors.settings({ reason, path: path.join('/') })
