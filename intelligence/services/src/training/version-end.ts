import { MillwrightError } from '@millwright/foundation'
import type { Platform } from '../ports.ts'
import type { Announcer } from '../services/announce.ts'
import type { VersionRow } from '../services/model.ts'
import { type VersionResult, versionStore } from '../versions/store.ts'
import { STOPPING } from './queue.ts'
import { storableReport, storableText } from './storable.ts'
import { WorkCancelled, WorkFailed } from './thread.ts'

/** Versions that a service keeps beside the live one. */
const KEPT = 50
/** Of the words of a failure. */
const MOST_FAILURE = 4000

export type EndOptions = Pick<Platform, 'database' | 'clock' | 'log' | 'artifacts'> & { readonly announcer: Announcer }

/** Runs what makes a version, and writes down how that ended. Never throws. */
export async function concluded(
  options: EndOptions,
  version: Pick<VersionRow, 'service' | 'number' | 'tenant' | 'createdBy'>,
  abort: AbortSignal,
  make: () => Promise<VersionResult>,
): Promise<void> {
  const { database, clock, log, announcer } = options
  const { service, number, tenant } = version
  try {
    await database.tenant(tenant, (sql) => versionStore.begin(sql, service, number))
    const result = await make().catch((error: unknown): VersionResult | undefined => ending(error, abort, log))
    // The next start says what became of it.
    if (result === undefined) return
    const finish = (end: VersionResult) =>
      database.tenant(tenant, async (sql) => {
        await versionStore.finish(sql, service, number, end, clock.now())
        return versionStore.prune(sql, service, KEPT)
      })
    // Whatever a method says must not leave a version that is never over.
    const stored = async () => finish(storable(result))
    const old = await stored().catch((error: unknown) => {
      log.error({ err: error, service, number }, 'the result of a training could not be written down')
      return finish({ failure: 'Its result could not be written down; the platform’s log says why.' })
    })
    await removeUnused(options, old)
    await announcer.changed(tenant, service, 'trained', version.createdBy)
  } catch (error) {
    log.error({ err: error, service, number }, 'the end of a training could not be written down')
  }
}

function storable(result: VersionResult): VersionResult {
  if ('failure' in result) return { failure: storableText(result.failure).slice(0, MOST_FAILURE) }
  return 'report' in result && result.report !== null ? { ...result, report: storableReport(result.report) } : result
}

function ending(error: unknown, abort: AbortSignal, log: EndOptions['log']): VersionResult | undefined {
  if (abort.reason === STOPPING) return undefined
  if (abort.aborted || error instanceof WorkCancelled) return { cancelled: true }
  if (error instanceof MillwrightError || error instanceof WorkFailed) return { failure: error.message }
  log.error({ err: error }, 'a training failed')
  return {
    failure: `It failed for a reason within the platform: ${error instanceof Error ? error.message : String(error)}`,
  }
}

/** Models that no version has any more. */
export async function removeUnused(
  { database, artifacts }: Pick<EndOptions, 'database' | 'artifacts'>,
  models: readonly string[],
): Promise<void> {
  for (const sha256 of models) {
    if (!(await database.system((sql) => versionStore.artifactUsed(sql, sha256)))) await artifacts.remove(sha256)
  }
}

/** It was cancelled before its turn. */
export async function dropped({ database, clock, announcer }: EndOptions, version: VersionRow): Promise<void> {
  const { service, number, tenant } = version
  await database.tenant(tenant, (sql) => versionStore.finish(sql, service, number, { cancelled: true }, clock.now()))
  await announcer.changed(tenant, service, 'trained', version.createdBy)
}

/** Keeps the model's bytes. */
export const kept = async (
  artifacts: Platform['artifacts'],
  model: Uint8Array,
): Promise<{ sha256: string; size: number }> =>
  artifacts.put(
    (async function* () {
      yield model
    })(),
  )
