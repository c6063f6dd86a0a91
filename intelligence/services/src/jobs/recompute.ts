import type { EpisodeKeeper } from '../episodes/keeper.ts'
import { episodeStore } from '../episodes/store.ts'
import type { Arrivals } from '../kinds/kind.ts'
import { pushScores } from '../outputs/writer.ts'
import type { Platform } from '../ports.ts'
import type { LiveService } from '../scoring/live.ts'
import { pastArrivals } from '../scoring/past.ts'
import { PastScorer, WorkCancelled } from '../training/thread.ts'

/** The last results of a span may wait for readings after it. */
const BEYOND = 10_000_000

export interface RecomputeOptions extends Pick<Platform, 'database' | 'historian'> {
  readonly episodes: EpisodeKeeper
}

export interface Recomputed {
  /** Readings written. */
  written: number
}

/**
 * Scores a span of the past in a thread of its own, exactly as it is scored live: the scorer is warmed up before the span, and each
 * result is the same (signal, time) again.
 * @param done told what was written so far
 */
export async function recompute(
  { database, historian, episodes }: RecomputeOptions,
  service: LiveService,
  { from, to }: { readonly from: number; readonly to: number },
  done: Recomputed,
  abort: AbortSignal,
  progress: (fraction: number, stage: string) => void,
): Promise<void> {
  const { id, tenant, kind, settings, plan, model, facts, outputs, signals } = service
  const { sink } = historian
  const warm = Math.max(0, from - kind.warmUp(settings, plan))
  const scorer = new PastScorer({ type: 'recompute', kind: kind.id, settings, plan, model })
  const end = () => void scorer.close()
  abort.addEventListener('abort', end)
  try {
    await episodes.settled()
    await database.tenant(tenant, (sql) => episodeStore.clear(sql, id, from, to))
    const beyond = to + BEYOND + 5 * (plan.step ?? 0)
    const take = async (arrivals: Arrivals) => {
      const { now } = arrivals
      const scores = await scorer.take(arrivals)
      while (sink.saturated) await sink.committed()
      const inside = (time: number) => time > from && time <= to
      done.written += pushScores(
        sink,
        outputs,
        signals,
        scores.rows.filter(({ time }) => inside(time)),
      )
      await sink.committed()
      episodes.note(
        service,
        scores.episodes
          .filter((episode) => inside(episode.from))
          .map((episode) => ({ ...episode, to: episode.to ?? now })),
      )
      progress(Math.max(0, Math.min(1, (now - warm) / (to - warm))), now <= from ? 'warming up' : 'scoring')
    }
    for await (const arrivals of pastArrivals(historian, plan, facts, { from: warm, to: beyond, now: beyond }, abort)) {
      await take(arrivals)
    }
    // Silence at the end: what is still open is over.
    await take(silence(beyond + BEYOND + 5 * (plan.step ?? 0)))
    await episodes.settled()
  } catch (error) {
    if (abort.aborted) throw new WorkCancelled()
    throw error
  } finally {
    abort.removeEventListener('abort', end)
    await scorer.close()
  }
}

const silence = (now: number): Arrivals => ({
  length: 0,
  input: new Uint16Array(0),
  time: new Float64Array(0),
  value: new Float64Array(0),
  wide: [],
  now,
})
