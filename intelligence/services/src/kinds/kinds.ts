import { anomaly } from './anomaly/kind.ts'
import { energy } from './energy/kind.ts'
import { forecast } from './forecast/kind.ts'
import type { ServiceKind } from './kind.ts'
import { life } from './life/kind.ts'
import { model } from './model/kind.ts'
import { quality } from './quality/kind.ts'
import { vibration } from './vibration/kind.ts'

/** Every kind of service there is, in the order in which people see them. */
const KINDS: ServiceKind[] = [anomaly, model, life, vibration, energy, forecast, quality]

const taken: string[] = []

export const kindOf = (id: string): ServiceKind | undefined => KINDS.find((kind) => kind.id === id)

export const allKinds = (): readonly ServiceKind[] => KINDS

/** Modules whose kinds were taken in: threads take them in as well. */
export const takenKinds = (): readonly string[] => [...taken]

/** Takes in kinds that stand elsewhere: each module exports its `ServiceKind` as `kind`. Twice the same is once. */
export async function takeKinds(modules: readonly string[]): Promise<void> {
  for (const module of modules) {
    if (taken.includes(module)) continue
    const { kind } = (await import(module)) as { kind: ServiceKind }
    taken.push(module)
    if (kindOf(kind.id) === undefined) KINDS.push(kind)
  }
}
