import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Bus, createBus, createLog, newId, type PlatformEvent } from '@millwright/foundation'
import { VirtualClock } from '@millwright/foundation/testing'
import type { Database } from '@millwright/storage'
import { memoryDatabase } from '@millwright/storage/testing'
import { type Actor, type AssetPaths, createAudit, type Seal, trustMigrations } from '@millwright/trust'
import { testActor } from '@millwright/trust/testing'
import type { RuleForAgents } from '../agents/model.ts'
import { type Connectivity, createConnectivity } from '../connectivity.ts'
import type { NewDevice } from '../devices/model.ts'
import type { Limits } from '../limits/limits.ts'
import { connectivityMigrations } from '../migrations.ts'
import type { DeviceSession } from '../sessions/model.ts'
import { MemorySignals } from './memory-signals.ts'
import { MemorySink } from './memory-sink.ts'
import { ToyAdapter } from './toy-adapter.ts'

/** Shows in tests what is sealed and for whom: nothing is hidden. */
const testSeal: Seal = {
  seal: (name, plain) => `sealed ${name} ${Buffer.from(plain).toString('base64')}`,
  open(name, sealed) {
    if (!sealed.startsWith(`sealed ${name} `)) throw new Error('sealed for another')
    return Buffer.from(sealed.slice(`sealed ${name} `.length), 'base64')
  },
}

/** An asset tree that knows the nodes a test names. */
export class MemoryAssets implements AssetPaths {
  readonly nodes = new Map<string, string[]>()

  async path(_tenant: string, node: string): Promise<{ path: string[]; name: string } | undefined> {
    const path = this.nodes.get(node)
    return path === undefined ? undefined : { path, name: node }
  }
}

/** Connectivity on a real database in memory, virtual time, and a historian and signals in memory. */
export class TestConnectivity {
  clock = new VirtualClock()
  readonly log = createLog({ level: 'silent' })
  bus: Bus = createBus(this.log)
  readonly assets = new MemoryAssets()
  readonly events: PlatformEvent[] = []
  sink = new MemorySink()
  signals = new MemorySignals()
  readonly tenant = newId('ten')
  /** The one adapter that connections can have here. */
  readonly toy = new ToyAdapter()
  readonly directory = mkdtempSync(join(tmpdir(), 'millwright-connectivity-'))
  /** The rules that agents are to run. */
  rules: (tenant: string, devices: ReadonlySet<string>) => readonly RuleForAgents[] = () => []
  /** An administrator of `tenant`. */
  readonly actor: Actor = testActor({ tenant: this.tenant })
  readonly database: Database
  #platform: Connectivity | undefined

  constructor(database: Database) {
    this.database = database
    this.#listen()
  }

  get platform(): Connectivity {
    return this.#platform!
  }

  async start(limits: Partial<Limits> = {}): Promise<Connectivity> {
    const { database, bus, clock, log, assets, sink, signals } = this
    const trust = { audit: createAudit({ database, clock }), seal: testSeal }
    this.#platform = createConnectivity({
      database,
      bus,
      clock,
      log,
      trust,
      assetPaths: assets,
      sink,
      signals,
      limits,
      adapters: new Map([['toy', this.toy]]),
      directory: this.directory,
      agentRules: { watching: async (tenant, devices) => this.rules(tenant, devices) },
    })
    await this.#platform.start()
    return this.#platform
  }

  /** As after `kill -9`: what runs is left standing in a time that moves no more; a new platform takes up its database. */
  async crash(limits: Partial<Limits> = {}): Promise<Connectivity> {
    this.clock = new VirtualClock(this.clock.now())
    this.bus = createBus(this.log)
    this.sink = new MemorySink()
    this.signals = new MemorySignals()
    this.#listen()
    return this.start(limits)
  }

  #listen(): void {
    this.bus.subscribe('*', (event) => {
      this.events.push(event)
    })
  }

  async device(wanted: Partial<NewDevice> = {}): Promise<string> {
    const { id } = await this.platform.devices.create(this.actor, {
      name: `Device ${newId('dev').slice(-8)}`,
      ...wanted,
    })
    return id
  }

  /** A live session of a device, made when no id is given. */
  async session(device?: string, protocol = 'test'): Promise<DeviceSession> {
    const id = device ?? (await this.device())
    return this.platform.sessions.open({ tenant: this.tenant, device: id }, protocol, '192.0.2.7')
  }

  async close(): Promise<void> {
    await this.#platform?.stop()
    await this.bus.close()
    await this.database.close()
    rmSync(this.directory, { recursive: true, force: true })
  }
}

/** @param wrap puts something between connectivity and the database, to make it fail */
export async function testConnectivity(
  wrap: (database: Database) => Database = (plain) => plain,
): Promise<TestConnectivity> {
  return new TestConnectivity(wrap(await memoryDatabase([...trustMigrations, ...connectivityMigrations])))
}
