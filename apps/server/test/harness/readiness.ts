import type { RunningPlatform } from './platform.ts'

export interface Readiness {
  readonly status: number
  /** By part, in words. */
  readonly faults: Readonly<Record<string, string>>
  readonly warnings: Readonly<Record<string, string>>
}

/** What `/readyz` says. */
export async function readiness({ url }: Pick<RunningPlatform, 'url'>): Promise<Readiness> {
  const reply = await fetch(`${url}/readyz`)
  const { faults = {}, warnings = {} } = (await reply.json()) as Partial<Readiness>
  return { status: reply.status, faults, warnings }
}
