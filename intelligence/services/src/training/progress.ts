import type { Announcer } from '../services/announce.ts'

/** Live views are told twice a second at the most. */
const EVERY_MS = 500

/** Keeps how far work has come, and tells whoever watches. */
export function progressTeller(
  announcer: Announcer,
  { id, tenant }: { readonly id: string; readonly tenant: string },
  of: number | string,
  keep: (fraction: number, stage: string) => void,
): (fraction: number, stage: string) => void {
  let told = Number.NEGATIVE_INFINITY
  let stageTold = ''
  return (fraction, stage) => {
    keep(fraction, stage)
    const now = performance.now()
    if (now - told < EVERY_MS && stage === stageTold) return
    told = now
    stageTold = stage
    void announcer.progress(tenant, { service: id, of, fraction, stage })
  }
}
