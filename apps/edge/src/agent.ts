import { join } from 'node:path'
import type { Clock, Lifecycle, Log } from '@millwright/foundation'
import { loadIdentity } from '@millwright/sdk/device'
import type { AdapterShelf } from './adapters.ts'
import { HealthSampler } from './health/sampler.ts'
import { StatusPage } from './page/server.ts'
import { type LocalParts, openLocal } from './parts/local.ts'
import { shown } from './parts/shown.ts'
import { openUplink, type Uplink } from './parts/uplink.ts'
import { VERSION } from './version.ts'

export interface AgentOptions {
  /** Identity, queue, configuration and what adapters keep. */
  readonly directory: string
  readonly clock: Clock
  readonly log: Log
  readonly lifecycle: Lifecycle
  /** Of the local page; undefined: none. */
  readonly page: { readonly host: string; readonly port: number } | undefined
  /** The protocols it has. */
  readonly shelf: AdapterShelf
}

export interface RunningAgent {
  readonly device: string
  /** Of the local page, as `http://127.0.0.1:8089`. */
  readonly page: string | undefined
}

/** Puts the agent together and starts it; resolves when it runs, whether the platform is there or not. */
export async function startAgent(options: AgentOptions): Promise<RunningAgent> {
  const { directory, clock, log, lifecycle, shelf } = options
  const identity = await loadIdentity(join(directory, 'identity'))
  const local = await openLocal({ directory, clock, log, lifecycle, shelf })
  const uplink = await openUplink(identity, local, lifecycle)
  const health = await lifecycle.use(
    'health',
    () => startHealth(local, uplink),
    (part) => part.stop(),
  )
  const look = () => shown(identity, local, uplink, health)
  const page = await lifecycle.use(
    'page',
    () => (options.page === undefined ? undefined : StatusPage.listen({ ...options.page, log, shown: look })),
    (part) => part?.close(),
  )
  log.info({ device: identity.device, version: VERSION, page: page?.url }, 'the agent runs')
  return { device: identity.device, page: page?.url }
}

function startHealth({ clock, log, own, directory, queue }: LocalParts, { link }: Uplink): HealthSampler {
  const figures = () => ({
    queue: queue.figures,
    offset: link.offset,
    clockTrusted: clock.trusted,
    linkUp: link.up,
  })
  const sampler = new HealthSampler({ clock, log, own, directory, figures })
  void sampler.sample()
  sampler.start()
  return sampler
}
