import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type ConnectionDefinition, ConnectionHost, type HostedPorts } from '@millwright/connectivity'
import type { AgentConfiguration } from '@millwright/contracts'
import { type Clock, type Lifecycle, type Log, SECOND } from '@millwright/foundation'
import type { AdapterShelf } from '../adapters.ts'
import { EdgeClock } from '../clock/edge-clock.ts'
import { ConfigurationKeeper, EMPTY } from '../configuration/keeper.ts'
import { ConfigurationStore } from '../configuration/store.ts'
import { removeOthers } from '../folders.ts'
import { MemoryTrim } from '../health/trim.ts'
import { DurableQueue, type Loss, type QueuePolicy } from '../queue/index.ts'
import { DeviceStates } from '../readings/devices.ts'
import { ReadingsHub } from '../readings/hub.ts'
import { OwnSignals } from '../readings/own.ts'
import { readingsPort } from '../readings/port.ts'
import { LastValues } from '../readings/signals.ts'
import { AlarmDesk } from '../rules/alarm-desk.ts'

export interface LocalOptions {
  readonly directory: string
  readonly clock: Clock
  readonly log: Log
  readonly lifecycle: Lifecycle
  readonly shelf: AdapterShelf
}

/** What the configuration asks of the platform; put in when the line is made. */
export interface PlatformDesk {
  fetch(): Promise<unknown>
  confirm(): Promise<void>
  changed(): void
}

/** What works at the machine, whether the platform is there or not. */
export interface LocalParts {
  readonly directory: string
  readonly log: Log
  readonly clock: EdgeClock
  readonly queue: DurableQueue
  readonly shelf: AdapterShelf
  readonly host: ConnectionHost
  readonly devices: DeviceStates
  readonly last: LastValues
  readonly hub: ReadingsHub
  readonly own: OwnSignals
  readonly alarms: AlarmDesk
  readonly keeper: ConfigurationKeeper
  readonly desk: PlatformDesk
  /** The certificate that adapters show to their peers. */
  readonly clientIdentity: string
}

/** A connection that does not stop in time is left behind; what it gave is in the queue. */
const STOP_PATIENCE = 2.5 * SECOND

/** Opens clock and queue, and puts the last configuration to work. */
export async function openLocal({
  directory,
  clock: machine,
  log,
  lifecycle,
  shelf,
}: LocalOptions): Promise<LocalParts> {
  const clock = await lifecycle.use(
    'clock',
    () => EdgeClock.open(machine, join(directory, 'clock.json'), log),
    (part) => part.close(),
  )
  const store = new ConfigurationStore(join(directory, 'configuration'))
  const { queue, whenLost } = await openQueue(directory, clock, log, lifecycle, store)
  const alarms = new AlarmDesk({ clock, log, file: join(directory, 'alarms.json') })
  const last = new LastValues()
  const hub = new ReadingsHub({ queue, clock, log, last, watch: (section, rows) => alarms.take(section, rows) })
  const own = new OwnSignals(hub, log)
  alarms.own = own
  clock.onStep = (step) => void own.write({ 'agent/clock step': { document: { ...step } } })
  whenLost((loss) => void own.write({ 'agent/queue loss': { document: { ...loss } } }))

  const clientIdentity = join(directory, 'client-identity')
  await mkdir(clientIdentity, { recursive: true, mode: 0o700 })
  const devices = new DeviceStates()
  const adapters = shelf
  const ports = async ({ id }: ConnectionDefinition): Promise<HostedPorts> => {
    const folder = join(directory, 'connections', id)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const close = (reason: string) => devices.gone(id, reason)
    const readings = readingsPort(id, hub, devices)
    return { readings, feed: undefined, directory: folder, identity: clientIdentity, close }
  }
  const host = new ConnectionHost({ adapters, clock, log, ports })
  const trim = await lifecycle.use(
    'memory',
    () => new MemoryTrim(clock),
    (part) => part.stop(),
  )
  const activate = async ({ connections, settings, rules }: AgentConfiguration): Promise<void> => {
    queue.configure(policyOf(settings))
    await alarms.apply(rules)
    for (const { adapter } of connections) await adapters.load(adapter)
    await host.apply(connections)
    trim.soon()
    const ids = new Set(connections.map(({ id }) => id))
    last.keep(ids)
    await removeOthers(join(directory, 'connections'), ids)
  }
  const desk = noPlatform()
  const keeper = new ConfigurationKeeper({
    store,
    clock,
    log,
    activate,
    fetch: () => desk.fetch(),
    confirm: () => desk.confirm(),
    changed: () => desk.changed(),
  })
  await keeper.load()
  await lifecycle.use(
    'alarms',
    () => alarms.open(),
    () => alarms.close(),
  )
  await lifecycle.use(
    'connections',
    () => keeper.start(),
    () => within(clock, host.stop('the agent stopped')),
  )
  return {
    directory,
    log,
    clock,
    queue,
    shelf: adapters,
    host,
    devices,
    last,
    hub,
    own,
    alarms,
    keeper,
    desk,
    clientIdentity,
  }
}

/** Opens the queue. Losses found while it opens are told when there is somebody to tell them. */
async function openQueue(
  directory: string,
  clock: EdgeClock,
  log: Log,
  lifecycle: Lifecycle,
  store: ConfigurationStore,
) {
  const { settings } = (await store.current())?.configuration ?? EMPTY
  const early: Loss[] = []
  let tell = (loss: Loss): void => void early.push(loss)
  const options = { directory: join(directory, 'queue'), clock, log, ...policyOf(settings) }
  const queue = await lifecycle.use(
    'queue',
    () => DurableQueue.open(options, (loss) => tell(loss)),
    (part) => part.close(),
  )
  const whenLost = (listener: (loss: Loss) => void) => {
    tell = listener
    early.forEach(listener)
  }
  return { queue, whenLost }
}

function noPlatform(): PlatformDesk {
  const none = () => Promise.reject(new Error('there is no line to the platform yet'))
  return { fetch: none, confirm: none, changed: () => undefined }
}

const policyOf = ({ queueBytes, backlog, whenFull }: AgentConfiguration['settings']): QueuePolicy => ({
  budget: queueBytes,
  backlog,
  whenFull,
})

async function within(clock: Clock, work: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = clock.after(STOP_PATIENCE, resolve)
  await Promise.race([work, promise])
  timer.cancel()
}
