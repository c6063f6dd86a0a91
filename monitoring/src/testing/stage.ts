/** Monitoring as a whole on a real PostgreSQL engine, a plant in memory and virtual time. */
import { type Bus, createBus, createLog, newId, type PlatformEvent } from '@millwright/foundation'
import { VirtualClock } from '@millwright/foundation/testing'
import type { Database } from '@millwright/storage'
import { memoryDatabase } from '@millwright/storage/testing'
import { type Actor, createAudit, trustMigrations } from '@millwright/trust'
import { testActor } from '@millwright/trust/testing'
import { monitoringMigrations } from '../migrations.ts'
import { assembleMonitoring, type Monitoring, type MonitoringParts } from '../monitoring.ts'
import { MemoryPlant } from './plant.ts'

export class Stage {
  readonly database: Database
  readonly clock: VirtualClock
  readonly plant = new MemoryPlant()
  readonly engineer: Actor
  readonly events: PlatformEvent[] = []
  bus: Bus
  monitoring: Monitoring

  private constructor(database: Database, clock: VirtualClock) {
    this.database = database
    this.clock = clock
    this.engineer = testActor({ tenant: this.plant.tenant, name: 'Ada' })
    this.bus = createBus(log)
    this.monitoring = this.#made({})
  }

  static async start(): Promise<Stage> {
    const stage = new Stage(await memoryDatabase([...trustMigrations, ...monitoringMigrations]), new VirtualClock())
    await stage.passing(stage.monitoring.start())
    return stage
  }

  /** Stops without a word, as `kill -9` does, and starts anew on the same database and history. */
  async crash(changes: Partial<MonitoringParts> = {}): Promise<void> {
    const dead = this.monitoring
    this.bus = createBus(log)
    this.monitoring = this.#made(changes)
    // The dead one would go on hearing commits in this process; a killed one does not.
    await dead.stop()
    await this.passing(this.monitoring.start())
  }

  /** Lets virtual time run while something is awaited that may wait on it. */
  async passing<T>(promise: Promise<T>): Promise<T> {
    let settled = false
    const done = () => {
      settled = true
    }
    void promise.then(done, done)
    while (!settled) await this.clock.advance(0)
    return promise
  }

  /** Everything told so far is written and announced. */
  settled(): Promise<void> {
    return this.passing(this.monitoring.settled())
  }

  /** Moves time on, and waits for what comes of it. */
  async advance(delay: number): Promise<void> {
    await this.clock.advance(delay)
    await this.settled()
  }

  /** Announces a change of the plant. */
  publish(type: string, subject: string, data: unknown = {}): Promise<void> {
    const time = this.clock.now()
    return this.bus.publish({ id: newId('evt'), type, source: 'test', subject, tenant: this.plant.tenant, time, data })
  }

  /** Announces a change, and waits for what comes of it. */
  async changed(type: string, subject: string, data: unknown = {}): Promise<void> {
    await this.publish(type, subject, data)
    await this.settled()
  }

  /** What the journal says of the standing and closed alarms, oldest first: `raised unacknowledged`. */
  async journal(): Promise<string[]> {
    const { items } = await this.monitoring.alarms.journal(this.engineer, { limit: 1000 })
    return items.reverse().map(({ transition, to }) => `${transition} ${to}`)
  }

  async standing() {
    return (await this.monitoring.alarms.list(this.engineer, { limit: 1000 })).items
  }

  async close(): Promise<void> {
    await this.passing(this.monitoring.stop())
    await this.database.close()
  }

  #made(changes: Partial<MonitoringParts>): Monitoring {
    const { database, bus, clock, plant } = this
    bus.subscribe('millwright.alarm.transition', (event) => void this.events.push(event))
    const audit = createAudit({ database, clock })
    return assembleMonitoring({
      database,
      bus,
      clock,
      log,
      audit,
      directory: plant,
      history: plant,
      commits: plant,
      latest: plant,
      ...changes,
    })
  }
}

const log = createLog({ level: 'silent' })
