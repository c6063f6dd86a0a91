import type { serviceOperations } from '@millwright/contracts'
import type { Micros, PlatformEvent, Subscription } from '@millwright/foundation'
import type { Handlers } from '@millwright/trust'
import { EpisodeKeeper } from './episodes/keeper.ts'
import { serviceHandlers } from './handlers.ts'
import { JobService } from './jobs/service.ts'
import { jobStore } from './jobs/store.ts'
import { kindHandlers } from './kinds/handlers.ts'
import { takeKinds } from './kinds/kinds.ts'
import { Diverters } from './kinds/quality/diverters.ts'
import { LabelService } from './labels/service.ts'
import { OutputSignals } from './outputs/signals.ts'
import type { Platform } from './ports.ts'
import { LiveScoring } from './scoring/live.ts'
import { ServiceAccess } from './services/access.ts'
import { ServiceAlarm } from './services/alarm.ts'
import { Announcer } from './services/announce.ts'
import { ServiceLife } from './services/life.ts'
import type { ServiceRow } from './services/model.ts'
import { ServiceService } from './services/service.ts'
import { ServiceShower, trainingId } from './services/show.ts'
import { InputCheck } from './training/input-check.ts'
import { WorkQueue } from './training/queue.ts'
import { Training } from './training/training.ts'
import { VersionService } from './versions/service.ts'
import { versionStore } from './versions/store.ts'

export interface IntelligenceOptions extends Platform {
  /** Longest time for one batch of one service, µs; default 10 s. */
  readonly scoringLimit?: Micros | undefined
  /** Modules (URLs) of kinds that stand elsewhere. */
  readonly moreKinds?: readonly string[] | undefined
}

const INTERRUPTED = 'The platform was restarted while it waited or ran; start it again.'

/** AI services: made, trained, published, scoring. */
export interface Intelligence {
  readonly handlers: Handlers<typeof serviceOperations> & ReturnType<typeof kindHandlers>
  /** Takes up the services that were live. Call it before readings are taken in, so that each is scored. */
  start(): Promise<void>
  stop(): Promise<void>
  /** Resolves when all that was committed before is scored, and what was found is written down. */
  settled(): Promise<void>
  /** For the platform's own figures. */
  figures(): { readonly services: number; readonly leftOut: number }
}

export function createIntelligence(options: IntelligenceOptions): Intelligence {
  const { database, clock, bus } = options
  const announcer = new Announcer(options)
  const access = new ServiceAccess(options)
  const outputs = new OutputSignals(options)
  const queue = new WorkQueue()
  const diverters = new Diverters({ ...options, announcer })
  const episodes = new EpisodeKeeper(options)
  const scoring = new LiveScoring({
    ...options,
    found: (service, facts) => episodes.note(service, facts),
    act: (service, facts) => diverters.act(service, facts),
    failed: (service, reason) => life.failed(service, reason),
    begun: (service, openEpisode) => {
      if (!openEpisode)
        void episodes
          .settled()
          .then(() => life.endEpisodes(service))
          .catch(() => undefined)
    },
  })
  const shower = new ServiceShower({ ...options, outputs, scoring, queue })
  const alarm = new ServiceAlarm({ ...options, outputs })
  const life: ServiceLife = new ServiceLife({ ...options, access, announcer, outputs, scoring, alarm, shower })
  const inputs = new InputCheck({ ...options, outputs })
  const training = new Training({ ...options, announcer, outputs })
  const versions = new VersionService({ ...options, access, announcer, queue, training })
  const jobs = new JobService({ ...options, access, announcer, queue, life, outputs, episodes })
  const labels = new LabelService({ ...options, access, announcer })
  const services = new ServiceService({
    ...options,
    access,
    announcer,
    outputs,
    inputs,
    shower,
    end,
    alarmChanged: (row) => life.alarmChanged(row),
  })
  let following: Subscription | undefined

  /** Before a service goes: nothing of it may be left running. */
  async function end(row: ServiceRow): Promise<void> {
    scoring.remove(row.id)
    diverters.forget(row.id)
    const [open, open2] = await database.tenant(row.tenant, async (sql) => [
      await versionStore.open(sql, [row.id]),
      await jobStore.open(sql, row.id),
    ])
    for (const { number } of open) await queue.cancel(trainingId(row.id, number))
    for (const { id } of open2) await queue.cancel(id)
    await episodes.settled()
    await alarm.remove(row)
  }

  /** The database has removed the services of equipment that is gone. */
  function assetRemoved({ subject }: PlatformEvent): void {
    scoring.removeOf((service) => service.equipment === subject)
  }

  return {
    handlers: {
      ...serviceHandlers({ services, life, versions, jobs, labels, readiness: { ...options, access, training } }),
      ...kindHandlers({
        ...options,
        access,
        diverters,
        model: async (row, number = row.liveVersion ?? undefined) =>
          life.liveService(row, await life.ready(row, number)),
      }),
    },
    async start() {
      await takeKinds(options.moreKinds ?? [])
      const now = clock.now()
      await database.system((sql) => versionStore.failOpen(sql, INTERRUPTED, now))
      await database.system((sql) => jobStore.failOpen(sql, INTERRUPTED, now))
      await outputs.start()
      await diverters.start()
      scoring.start()
      following = bus.subscribe('millwright.asset.removed', assetRemoved)
      await life.start()
    },
    async stop() {
      following?.cancel()
      await queue.stop()
      await scoring.stop()
      await life.settled()
      await episodes.settled()
    },
    async settled() {
      await scoring.settled()
      await episodes.settled()
      await life.settled()
    },
    figures: () => scoring.figures,
  }
}
