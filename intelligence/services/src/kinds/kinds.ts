import { anomaly } from './anomaly/kind.ts'
import type { ServiceKind } from './kind.ts'

/** Every kind of service there is, in the order in which people see them. */
export const KINDS: readonly ServiceKind[] = [anomaly]

const byId = new Map(KINDS.map((kind) => [kind.id, kind]))

export const kindOf = (id: string): ServiceKind | undefined => byId.get(id)
