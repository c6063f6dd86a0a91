import type { historyOperations, ReplyOf } from '@millwright/contracts'
import type { Micros } from '@millwright/foundation'
import type { IngestState } from '../ingest/committer.ts'
import type { SignalFacts } from '../signals/catalogue.ts'
import { type BrokenPart, brokenParts, damageSentence } from './damage.ts'
import type { Engine } from './engine.ts'
import type { LatestMemory } from './latest/memory.ts'
import type { RetentionClass, RetentionRule } from './retention-classes.ts'

const TABLES = `table in ('readings', 'states', 'documents', 'positions', 'waveforms', 'rollup_1m', 'rollup_1h', 'rollup_1d')`

/** Bytes on disk of all telemetry, and points stored. */
async function storedTotals(engine: Engine): Promise<{ points: number; bytes: number }> {
  const [points, bytes] = await engine.columns<[number[], number[]]>(
    `select sumIf(rows, not startsWith(table, 'rollup')), sum(bytes_on_disk) from system.parts
     where active and database = currentDatabase() and ${TABLES}`,
  )
  return { points: points[0] ?? 0, bytes: bytes[0] ?? 0 }
}

/** Points of some signals and the days they lie in, by their rollups (which run some seconds behind). */
async function pointsOf(
  engine: Engine,
  keys: readonly number[] | undefined,
): Promise<{ points: number; oldest: Micros | null }> {
  const some = keys === undefined ? '' : 'where signal in {keys:Array(UInt32)}'
  const [points, oldest] = await engine.columns<[number[], number[]]>(
    `select sum(readings), min(time) from rollup_1d final ${some}`,
    { keys: keys ?? [] },
  )
  return { points: points[0] ?? 0, oldest: (points[0] ?? 0) > 0 ? oldest[0]! : null }
}

export interface HealthOptions {
  readonly engine: Engine
  readonly latest: LatestMemory
  readonly ingest: IngestState
  /** Points a second: of the viewer's tenant, or of all. */
  readonly pointsPerSecond: number
  readonly retention: Readonly<Record<RetentionClass, RetentionRule>>
}

/**
 * What the historian holds and how it does. `own`: the signals the viewer may read; a viewer of the whole platform
 * (undefined) gets the totals. For a part of the signals, bytes are their share by points.
 */
export async function dataHealth(
  options: HealthOptions,
  own: readonly SignalFacts[] | undefined,
): Promise<ReplyOf<typeof historyOperations.getDataHealth>> {
  const { engine, latest, ingest, retention } = options
  const [totals, rolled, broken] = await Promise.all([
    storedTotals(engine),
    own?.length === 0
      ? { points: 0, oldest: null }
      : pointsOf(
          engine,
          own?.map(({ key }) => key),
        ),
    brokenParts(engine),
  ])
  const points = own === undefined ? totals.points : Math.min(totals.points, rolled.points)
  return {
    points,
    bytes: totals.points === 0 ? 0 : Math.round((totals.bytes * points) / totals.points),
    signals: own?.length ?? latest.size,
    oldest: rolled.oldest,
    newest: latest.newest(own?.map(({ key }) => key)) ?? null,
    pointsPerSecond: own?.length === 0 ? 0 : options.pointsPerSecond,
    ...overallState(ingest, broken),
    retention: Object.entries(retention).map(([name, rule]) => ({ class: name, ...rule })),
  }
}

/** The state that people see: damage on disk outranks a slow moment, a disk that cannot be written outranks both. */
function overallState(
  ingest: IngestState,
  broken: readonly BrokenPart[],
): { state: 'ok' | 'slow' | 'failing'; reason?: string } {
  if (ingest.state === 'failing') return { state: 'failing', reason: `Readings cannot be stored: ${ingest.reason}` }
  if (broken.length > 0) return { state: 'failing', reason: damageSentence(broken) }
  return ingest.reason === undefined ? { state: ingest.state } : { state: ingest.state, reason: ingest.reason }
}
