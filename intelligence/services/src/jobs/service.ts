import type { ServiceJob } from '@millwright/contracts'
import { decodeCursor, encodeCursor, MillwrightError, newId } from '@millwright/foundation'
import type { Actor } from '@millwright/trust'
import type { EpisodeKeeper } from '../episodes/keeper.ts'
import { serviceErrors } from '../errors.ts'
import type { OutputSignals } from '../outputs/signals.ts'
import type { Platform } from '../ports.ts'
import type { ServiceAccess } from '../services/access.ts'
import type { Announcer } from '../services/announce.ts'
import type { ServiceLife } from '../services/life.ts'
import type { WorkProgress } from '../services/model.ts'
import { knownKind } from '../services/service.ts'
import { progressTeller } from '../training/progress.ts'
import { type Job, STOPPING, type WorkQueue } from '../training/queue.ts'
import { storableText } from '../training/storable.ts'
import { WorkCancelled, WorkFailed } from '../training/thread.ts'
import { MOST_WAITING } from '../versions/service.ts'
import { recompute } from './recompute.ts'
import { type JobRow, jobStore } from './store.ts'

export interface JobServiceOptions extends Platform {
  readonly access: ServiceAccess
  readonly announcer: Announcer
  readonly queue: WorkQueue
  readonly life: ServiceLife
  readonly outputs: OutputSignals
  readonly episodes: EpisodeKeeper
}

/** Long work on services beside training: the past is scored again. */
export class JobService {
  readonly #options: JobServiceOptions

  constructor(options: JobServiceOptions) {
    this.#options = options
  }

  async list(actor: Actor, id: string, query: { cursor?: string; limit?: number }) {
    const row = await this.#options.access.service(actor, id, 'service:read')
    const limit = query.limit ?? 100
    const [before] = decodeCursor(query.cursor, [''])
    const rows = await this.#options.database.tenant(row.tenant, (sql) => jobStore.page(sql, id, before, limit + 1))
    const items = rows.slice(0, limit).map((job) => this.#shown(job))
    return rows.length > limit ? { items, next: encodeCursor([items.at(-1)!.id]) } : { items }
  }

  async recompute(
    actor: Actor,
    id: string,
    { from, to, number }: { from: number; to: number; number?: number },
  ): Promise<ServiceJob> {
    const { access, database, clock, audit, queue, announcer, life, outputs } = this.#options
    const row = await access.service(actor, id, 'service:train')
    const end = Math.min(to, clock.now())
    if (end <= from) throw serviceErrors.range({ path: 'to' })
    const version = await life.ready(row, number ?? row.liveVersion ?? undefined)
    if (queue.waitingOf(row.tenant) >= MOST_WAITING) throw serviceErrors.queueFull({ limit: MOST_WAITING })
    const inputs = version.plan!.inputs.map(({ signal }) => this.#options.plant.catalogue.byId(signal))
    await outputs.make(
      row,
      knownKind(row.kind).outputs(version.settings),
      inputs.some((facts) => facts?.simulated),
    )
    const now = clock.now()
    const job: JobRow = {
      id: newId('job', Math.floor(now / 1000)),
      service: id,
      tenant: row.tenant,
      type: 'recompute',
      number: version.number,
      from,
      to: end,
      state: 'waiting',
      written: 0,
      failure: null,
      createdAt: now,
      createdBy: actor.name,
      finishedAt: null,
    }
    const service = await life.liveService(row, version)
    await database.tenant(row.tenant, async (sql) => {
      await jobStore.insert(sql, job)
      await audit.record(actor, 'service.recompute', id, { job: job.id, number: job.number, from, to: end }, sql)
    })
    const done = { written: 0 }
    queue.add(
      this.#job(job, done, (abort, progress) =>
        recompute(this.#options, service, job, done, abort, progressTeller(announcer, row, job.id, progress)),
      ),
    )
    await announcer.changed(row.tenant, id, 'job', actor.name)
    return this.#shown(job)
  }

  async cancel(actor: Actor, id: string, job: string): Promise<ServiceJob> {
    const { access, database, queue, audit } = this.#options
    const row = await access.service(actor, id, 'service:train')
    const get = async () => {
      const held = await database.tenant(row.tenant, (sql) => jobStore.get(sql, id, job))
      if (held === undefined) throw serviceErrors.jobUnknown({ id: job, path: 'job' })
      return held
    }
    const held = await get()
    if (held.state !== 'waiting' && held.state !== 'running') throw serviceErrors.notUnderWay({ state: held.state })
    await queue.cancel(job)
    await database.tenant(row.tenant, (sql) => audit.record(actor, 'service.cancel', id, { job }, sql))
    return this.#shown(await get())
  }

  #job(
    row: JobRow,
    done: { written: number },
    work: (abort: AbortSignal, progress: (fraction: number, stage: string) => void) => Promise<void>,
  ): Job {
    const { database, clock, log, announcer } = this.#options
    const finish = async (state: JobRow['state'], failure: string | null = null) => {
      const end = { state, failure, written: done.written, at: clock.now() }
      await database.tenant(row.tenant, (sql) => jobStore.finish(sql, row.id, end))
      await announcer.changed(row.tenant, row.service, 'job', row.createdBy)
    }
    return {
      id: row.id,
      tenant: row.tenant,
      async run(abort, progress) {
        try {
          await database.tenant(row.tenant, (sql) => jobStore.begin(sql, row.id))
          await work(abort, progress)
          await finish('ready')
        } catch (error) {
          if (abort.reason === STOPPING) return
          if (abort.aborted || error instanceof WorkCancelled) return finish('cancelled')
          const known = error instanceof MillwrightError || error instanceof WorkFailed
          if (!known) log.error({ err: error, job: row.id }, 'a recomputation failed')
          await finish('failed', storableText(error instanceof Error ? error.message : String(error)))
        }
      },
      dropped: () => finish('cancelled'),
    }
  }

  #shown({ tenant: _, ...row }: JobRow): ServiceJob {
    const at: WorkProgress | undefined = this.#options.queue.progress(row.id)
    return { ...row, progress: at?.fraction ?? (row.state === 'ready' ? 1 : 0), stage: at?.stage ?? '' }
  }
}
