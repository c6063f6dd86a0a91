import type { SignalKey } from '@millwright/connectivity'
import type { SignalFacts } from '@millwright/data'
import { serviceErrors } from '../errors.ts'
import type { Candidate, ServiceKind, Settings } from '../kinds/kind.ts'
import type { Platform } from '../ports.ts'

export interface InputSources {
  readonly plant: Pick<Platform['plant'], 'catalogue' | 'tree'>
  /** Signals that services write, with the service's id. */
  readonly writers: ReadonlyMap<string, string>
}

/** The signals of a piece of equipment as kinds choose from them, by name. */
export function candidatesOf({ plant, writers }: InputSources, equipment: string): Candidate[] {
  return Array.from(plant.catalogue.ofEquipment(equipment).values(), ({ id, name, kind, unit }) => ({
    id,
    name,
    kind,
    unit,
    computed: writers.has(id),
  })).sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** A signal as settings name it: of the equipment by its name, or, for kinds that look elsewhere, any of the tenant's by its id. */
export function namedSignal(
  { plant }: { readonly plant: Pick<Platform['plant'], 'catalogue' | 'tree'> },
  kind: Pick<ServiceKind, 'elsewhere'>,
  equipment: string,
  name: string,
): SignalFacts | undefined {
  const own = plant.catalogue.ofEquipment(equipment).get(name)
  if (own !== undefined || kind.elsewhere !== true) return own
  const other = plant.catalogue.byId(name)
  return other !== undefined && other.tenant === plant.tree.get(equipment)?.tenant ? other : undefined
}

/** @throws MW-SERVICE-0026 for a name that the equipment does not have, -0013 when there is none at all */
export function chosenInputs(
  sources: InputSources,
  kind: ServiceKind,
  settings: Settings,
  equipment: string,
): readonly SignalFacts[] {
  const names = kind.inputs(settings, candidatesOf(sources, equipment))
  if (names.length === 0)
    throw serviceErrors.noInputs({ reason: 'the equipment has no signal that fits.', path: 'settings' })
  return [...new Set(names)].map((name) => {
    const facts = namedSignal(sources, kind, equipment, name)
    if (facts === undefined) throw serviceErrors.inputMissing({ name, path: 'settings' })
    return facts
  })
}

/** What a version's inputs are called on the hot path now; undefined where the signal is gone. */
export const keysOf = (
  { plant }: { readonly plant: Pick<Platform['plant'], 'catalogue'> },
  inputs: readonly { readonly signal: string }[],
): (SignalKey | undefined)[] => inputs.map(({ signal }) => plant.catalogue.byId(signal)?.key)
