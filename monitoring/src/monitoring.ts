import type { monitoringOperations } from '@millwright/contracts'
import type { Assets, Historian } from '@millwright/data'
import type { Bus, Clock, Log, PlatformEvent, Subscription } from '@millwright/foundation'
import type { Database } from '@millwright/storage'
import type { AuditLog, Handlers } from '@millwright/trust'
import { AlarmDesk } from './alarms/desk.ts'
import { alarmHandlers } from './alarms/handlers.ts'
import { AlarmPlaces } from './alarms/places.ts'
import { AlarmService } from './alarms/service.ts'
import { AlarmShelves } from './alarms/shelves.ts'
import { isActive } from './alarms/state-machine.ts'
import { alarmStore } from './alarms/store.ts'
import { assetDirectory, historianCommits, latestValues } from './plugs.ts'
import type { Commits, EquipmentDirectory, History, LatestValues } from './ports.ts'
import { DryRunService } from './rules/dry-run-service.ts'
import { RuleFaults } from './rules/faults.ts'
import { ruleHandlers } from './rules/handlers.ts'
import { type RuleChanged, RuleService } from './rules/service.ts'
import { ruleStore } from './rules/store.ts'
import { Engine } from './watch/engine.ts'

interface Platform {
  readonly database: Database
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Log
  readonly audit: AuditLog
}

export interface MonitoringOptions extends Platform {
  readonly plant: Pick<Assets, 'tree' | 'catalogue' | 'classes'>
  readonly historian: Pick<Historian, 'replay' | 'latest' | 'onCommit'>
}

/** The same over any implementation of the ports. */
export interface MonitoringParts extends Platform {
  readonly directory: EquipmentDirectory
  readonly history: History
  readonly commits: Commits
  readonly latest: LatestValues
}

/** Rules over live data, and the alarms they raise. */
export interface Monitoring {
  readonly rules: RuleService
  readonly alarms: AlarmService
  readonly shelves: AlarmShelves
  readonly handlers: Handlers<typeof monitoringOperations>
  /**
   * Takes up the rules and the standing alarms, warms every machine from history, and follows commits and changes from
   * then on. Call it before readings are taken in: resolves when every rule runs.
   */
  start(): Promise<void>
  /** Stops evaluating and writes what was evaluated. */
  stop(): Promise<void>
  /** Resolves when all changes so far are taken up and all alarms so far are written and announced. */
  settled(): Promise<void>
}

export function createMonitoring({ plant, historian, ...platform }: MonitoringOptions): Monitoring {
  return assembleMonitoring({
    ...platform,
    directory: assetDirectory(plant),
    history: historian.replay,
    commits: historianCommits(historian),
    latest: latestValues(historian),
  })
}

export function assembleMonitoring(options: MonitoringParts): Monitoring {
  const { database, bus, clock, log, directory } = options
  const desk = new AlarmDesk({ database, bus, clock, log })
  const faults = new RuleFaults({ database, clock, log })
  const engine = new Engine({ ...options, sink: desk, faults })
  const places = new AlarmPlaces({ database, directory, clock, log })
  const alarms = new AlarmService({ ...options, desk })
  const shelves = new AlarmShelves({ ...options, desk, alarms })
  const rules = new RuleService({
    ...options,
    runner: (rule) => engine.runner(rule),
    fits: (rule) => engine.fits(rule),
  })
  const dryRuns = new DryRunService({ ...options, rules })
  const subscriptions: Subscription[] = []

  /** The rule as it stands in the database now: the event may be an old one, or come twice. */
  async function ruleChanged({ tenant, data }: PlatformEvent): Promise<void> {
    const { rule: id, change, by } = data as RuleChanged
    const row = await database.tenant(tenant, (sql) => ruleStore.get(sql, id))
    if (row?.enabled) {
      engine.setRule(row)
      return
    }
    engine.removeRule(tenant, id, `The rule was ${row === undefined ? 'deleted' : change} by ${by}.`)
    if (row !== undefined) return
    await desk.settled()
    await database.tenant(tenant, (sql) => alarmStore.forgetRule(sql, id))
  }

  async function assetRemoved({ tenant, subject }: PlatformEvent): Promise<void> {
    engine.equipmentChanged(tenant, subject)
    await rules.equipmentRemoved(tenant, subject)
  }

  function follow(): void {
    const assetChanged = ({ tenant, subject }: PlatformEvent) => {
      engine.equipmentChanged(tenant, subject)
      places.nodeChanged(tenant, subject)
    }
    const signalChanged = ({ tenant, subject, data }: PlatformEvent) =>
      engine.signalChanged(tenant, subject, (data as { equipment?: string | null }).equipment ?? null)
    subscriptions.push(
      bus.subscribe('millwright.rule.changed', ruleChanged),
      bus.subscribe('millwright.asset.changed', assetChanged),
      bus.subscribe('millwright.asset.removed', assetRemoved),
      bus.subscribe('millwright.signal.created', signalChanged),
      bus.subscribe('millwright.signal.changed', signalChanged),
    )
  }

  return {
    rules,
    alarms,
    shelves,
    handlers: { ...ruleHandlers(rules, dryRuns), ...alarmHandlers(alarms, shelves) },
    async start() {
      follow()
      const enabled = await database.system((sql) => ruleStore.enabled(sql))
      const standing = await database.system((sql) => alarmStore.allStanding(sql))
      await engine.start(
        enabled,
        await faults.all(),
        standing.map(({ tenant, rule, equipment, state, raised_at }) => ({
          tenant,
          rule: rule ?? '',
          equipment,
          active: isActive(state),
          raisedAt: raised_at,
        })),
      )
      await shelves.start()
      log.info({ rules: enabled.length, alarms: standing.length }, 'rules run')
    },
    async stop() {
      for (const subscription of subscriptions.splice(0)) subscription.cancel()
      places.stop()
      await shelves.stop()
      await engine.stop()
      await faults.settled()
      await desk.stop()
    },
    async settled() {
      await engine.settled()
      await faults.settled()
      await shelves.settled()
      await desk.settled()
    },
  }
}
