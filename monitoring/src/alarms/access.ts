import { type Actor, may } from '@millwright/trust'

/** Where an alarm hangs, and what it tells of. */
export interface AlarmPlace {
  readonly tenant: string
  readonly path: readonly string[]
  /** Names of every signal that it and its journal tell of. */
  readonly signalNames: readonly string[]
}

/** Whether the actor may read the alarm: `alarm:read` for every signal it tells of, which a share may leave out. */
export function mayReadAlarm(actor: Actor, { tenant, path, signalNames }: AlarmPlace): boolean {
  if (signalNames.length === 0) return may(actor, 'alarm:read', { tenant, path })
  return signalNames.every((signal) => may(actor, 'alarm:read', { tenant, path, signal }))
}
