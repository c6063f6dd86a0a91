/** AI services as a whole on real engines, with equipment that has history. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectivityMigrations } from '@millwright/connectivity'
import type { serviceOperations } from '@millwright/contracts'
import { createAssets, createHistorian, dataMigrations } from '@millwright/data'
import {
  createBus,
  createLog,
  type Micros,
  newId,
  type PlatformEvent,
  SECOND,
  systemClock,
} from '@millwright/foundation'
import { createMonitoring, monitoringMigrations } from '@millwright/monitoring'
import { openArtifacts } from '@millwright/storage'
import { memoryDatabase, temporaryTelemetry } from '@millwright/storage/testing'
import { type Actor, createAudit, trustMigrations } from '@millwright/trust'
import { testActor } from '@millwright/trust/testing'
import { createIntelligence, type Intelligence, type IntelligenceOptions } from '../intelligence.ts'
import { intelligenceMigrations } from '../migrations.ts'

type Operations = typeof serviceOperations
type Handled = Intelligence['handlers']

export type Stage = Awaited<ReturnType<typeof openStage>>

export async function openStage(options: Partial<IntelligenceOptions> = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'millwright-services-'))
  const database = await memoryDatabase([
    ...trustMigrations,
    ...connectivityMigrations,
    ...dataMigrations,
    ...monitoringMigrations,
    ...intelligenceMigrations,
  ])
  const telemetry = await temporaryTelemetry()
  const log = createLog({ level: 'silent' })
  const clock = systemClock
  const bus = createBus(log)
  const audit = createAudit({ database, clock })
  const plant = createAssets({ database, bus, clock, audit })
  await plant.start()
  const historian = createHistorian({ telemetry, bus, clock, log, signals: plant.catalogue })
  await historian.start()
  const monitoring = createMonitoring({ database, bus, clock, log, audit, plant, historian })
  await monitoring.start()
  const artifacts = openArtifacts(directory)
  const tenant = newId('ten')
  const engineer = testActor({ tenant, name: 'Ada' })
  const events: PlatformEvent[] = []
  bus.subscribe('millwright.service.*', (event) => void events.push(event))
  const commands = { seen: async () => ({ name: 'none' }), send: async () => undefined }
  const parts = {
    ...{ database, artifacts, bus, clock, log, audit, plant, historian, commands },
    rules: monitoring.rules,
    ...options,
  }
  let intelligence = createIntelligence(parts)
  await intelligence.start()

  return {
    ...parts,
    monitoring,
    history: historian,
    tenant,
    engineer,
    events,
    get intelligence() {
      return intelligence
    },
    /** Calls an operation as somebody. */
    call<Name extends keyof Operations & keyof Handled>(
      name: Name,
      input: { params?: object; query?: object; body?: object; ifMatch?: number } = {},
      actor: Actor = engineer,
    ): ReturnType<Handled[Name]> {
      const call = { params: {}, query: {}, body: {}, signal: new AbortController().signal, actor, ...input }
      return (intelligence.handlers[name] as (call: unknown) => ReturnType<Handled[Name]>)(call)
    },
    /** Equipment with signals, each a function of the second, written from `from` on. */
    async machine(
      name: string,
      signals: Readonly<Record<string, (second: number) => number>>,
      from: Micros,
      seconds: number,
    ): Promise<{ id: string; keys: Readonly<Record<string, number>> }> {
      const node = await plant.assets.create(engineer, { level: 'equipment', name, parent: null })
      const keys: Record<string, number> = {}
      for (const signal of Object.keys(signals)) {
        const { id } = await plant.signals.create(engineer, { name: signal, kind: 'number', equipment: node.id })
        keys[signal] = plant.catalogue.byId(id)!.key
      }
      await this.write(keys, signals, from, seconds)
      return { id: node.id, keys }
    },
    /** Writes a row a second, as a device's messages would; resolves when they are durable. */
    async write(
      keys: Readonly<Record<string, number>>,
      signals: Readonly<Record<string, (second: number) => number>>,
      from: Micros,
      seconds: number,
    ): Promise<void> {
      for (let second = 0; second < seconds; second++) {
        const time = from + second * SECOND
        for (const [name, value] of Object.entries(signals)) {
          historian.sink.open.push(keys[name]!, time, value(Math.round(time / SECOND)), 0)
        }
      }
      await historian.sink.committed()
    },
    /** Stops without a word and starts anew on the same data. */
    async again(changes: Partial<IntelligenceOptions> = {}): Promise<void> {
      await intelligence.stop()
      intelligence = createIntelligence({ ...parts, ...changes })
      await intelligence.start()
    },
    async close(): Promise<void> {
      await intelligence.stop()
      await monitoring.stop()
      await historian.stop()
      await telemetry.close()
      await database.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
