import { join } from 'node:path'
import { Prober } from '@millwright/connectivity'
import type { Clock, Lifecycle, Log } from '@millwright/foundation'
import type { Identity } from '@millwright/sdk/device'
import { ConnectionCommands } from '../platform/commands.ts'
import { PlatformLink, TIME_EVERY } from '../platform/link.ts'
import { answerProbes } from '../platform/probes.ts'
import { type AgentState, Reporter } from '../platform/report.ts'
import { Sender } from '../platform/sender.ts'
import { DeviceTwins } from '../twins/device-twins.ts'
import { VERSION } from '../version.ts'
import type { LocalParts } from './local.ts'

/** What speaks to the platform. */
export interface Uplink {
  readonly link: PlatformLink
  readonly sender: Sender
}

/** For one desired value; milliseconds. */
const WRITE_TIME = 15_000

/** Opens the line to the platform, and connects what works at the machine with it. */
export async function openUplink(identity: Identity, local: LocalParts, lifecycle: Lifecycle): Promise<Uplink> {
  const { directory, clock, log, queue, host, keeper, desk, shelf, clientIdentity } = local
  const link = await lifecycle.use(
    'link',
    () => new PlatformLink({ identity, directory: join(directory, 'identity'), clock, log }),
    (part) => part.close(),
  )
  const twins = await openTwins(local, lifecycle)
  const sender = new Sender({ queue, link, clock, log })
  const reporter = new Reporter({ link, clock, log, state: () => stateOf(local, twins) })
  desk.fetch = () => link.get('/api/v1/devices/me/configuration', 'The configuration')
  desk.confirm = () => link.send('mw/v1/twin/get', '')
  desk.changed = () => void reporter.tell()
  tellDevices(local, link)
  followDesired(local, link, twins)
  link.onTime = (time) => clock.compare(time)
  new ConnectionCommands({ link, host, clock, log })
  const prober = new Prober({ adapters: shelf, clock, log, identity: clientIdentity })
  answerProbes({ link, prober, load: (adapter) => shelf.load(adapter) })
  const asksTime = askTime(link, clock, log)
  await lifecycle.use(
    'sender',
    () => reporter.start(),
    async () => {
      asksTime.cancel()
      sender.stop()
      reporter.stop()
      await keeper.stop()
    },
  )
  return { link, sender }
}

function openTwins({ directory, clock, log, host, desk }: LocalParts, lifecycle: Lifecycle): Promise<DeviceTwins> {
  const works = (id: string) => ['running', 'degraded'].includes(host.status(id)?.state ?? '')
  const twins = new DeviceTwins({
    clock,
    log,
    file: join(directory, 'twins.json'),
    works,
    write: ({ connection, device, metric, value }) =>
      host.command(connection, {
        name: 'write',
        params: { metric, value },
        device: device === '' ? undefined : device,
        signal: AbortSignal.timeout(WRITE_TIME),
      }),
    changed: () => desk.changed(),
  })
  return lifecycle.use(
    'desired values',
    async () => {
      await twins.open()
      host.onStatus(() => twins.poke())
      return twins
    },
    (part) => part.stop(),
  )
}

function stateOf({ queue, host, keeper }: LocalParts, twins: DeviceTwins): AgentState {
  const { readings, bytes, oldest, dropped } = queue.figures
  return {
    software: VERSION,
    configuration: keeper.outcome && { ...keeper.outcome, running: keeper.configuration.version },
    queue: { readings, bytes, ...(oldest === undefined ? {} : { oldest }), dropped },
    connections: new Map(host.statuses().map(({ definition, status }) => [definition.id, status])),
    ...twins.reported,
  }
}

/** Who is there behind the connections: each change, and everybody when the line comes up. */
function tellDevices({ devices, log }: LocalParts, link: PlatformLink): void {
  const tell = (state: object) => {
    link
      .send('mw/v1/agent/devices', JSON.stringify(state))
      .catch((error: Error) => log.debug({ err: error }, 'a device’s state is told when the line is back'))
  }
  devices.onChange = tell
  link.whenUp(() => {
    for (const state of devices.all()) tell(state)
  })
}

function followDesired({ keeper, log }: LocalParts, link: PlatformLink, twins: DeviceTwins): void {
  const follow = (document: Readonly<Record<string, unknown>>) => {
    const { agent, devices } = document as { agent?: { configuration?: unknown }; devices?: unknown }
    if (typeof agent?.configuration === 'number') keeper.want(agent.configuration)
    void twins.want(devices)
  }
  link.onDesired = ({ document }) => follow(document)
  link.whenUp(() => {
    link.fetchDesired().then(
      ({ document }) => follow(document),
      (error: Error) => log.debug({ err: error }, 'the desired state was not told'),
    )
  })
}

/** Asks for the platform's clock when the line comes up, and now and then. */
function askTime(link: PlatformLink, clock: Clock, log: Log): { cancel(): void } {
  let timer = clock.after(TIME_EVERY, () => again())
  const ask = () => {
    link.get('/api/v1/info', 'The platform').catch((error: Error) => log.debug({ err: error }, 'no time was told'))
  }
  const again = () => {
    if (link.up) ask()
    timer = clock.after(TIME_EVERY, () => again())
  }
  link.whenUp(ask)
  return { cancel: () => timer.cancel() }
}
