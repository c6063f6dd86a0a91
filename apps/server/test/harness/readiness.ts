import type { RunningPlatform } from './platform.ts'

export interface Readiness {
  readonly status: number
  /** By part, in words. */
  readonly faults: Readonly<Record<string, string>>
}

/** What `/readyz` says. */
export async function readiness({ url }: Pick<RunningPlatform, 'url'>): Promise<Readiness> {
  const reply = await fetch(`${url}/readyz`)
  const { faults = {} } = (await reply.json()) as { faults?: Record<string, string> }
  return { status: reply.status, faults }
}
