import type { Identity } from '@millwright/sdk/device'
import type { HealthSampler } from '../health/sampler.ts'
import { VERSION } from '../version.ts'
import type { LocalParts } from './local.ts'
import type { Uplink } from './uplink.ts'

/** What the local page and its JSON show: plain data, as it is now. */
export function shown(identity: Identity, local: LocalParts, { link, sender }: Uplink, health: HealthSampler) {
  const { clock, keeper, queue, hub, host, devices, alarms, last } = local
  const { configuration, outcome, trialEnds } = keeper
  return {
    software: VERSION,
    device: identity.device,
    platform: identity.http.url,
    time: clock.now(),
    link: { ...link.state, offset: link.offset },
    clock: { trusted: clock.trusted, steps: clock.steps, lastStep: clock.lastStep },
    configuration: { version: configuration.version, outcome, trial: trialEnds !== undefined },
    queue: queue.figures,
    readings: { accepted: hub.accepted, acknowledged: sender.acknowledged, refused: hub.refusals.total },
    connections: host
      .statuses()
      .map(({ definition: { id, name, adapter }, status }) => ({ id, name, adapter, status })),
    devices: [...devices.all()],
    alarms: alarms.shown,
    values: [...last.all()],
    health: health.last,
    memory: process.memoryUsage(),
  }
}
