/** A service of the test kind on a machine of its own, and what is done with one again and again. */
import assert from 'node:assert/strict'
import type { Service, ServiceVersion } from '@millwright/contracts'
import { SECOND } from '@millwright/foundation'
import { eventually } from '@millwright/foundation/testing'
import { openStage, type Stage } from './stage.ts'

export const TEST_KIND = new URL('./test-kind.ts', import.meta.url).href
/** Long: the machine may be busy with other tests. */
export const PATIENCE = 90_000

export const levelStage = (options: Parameters<typeof openStage>[0] = {}): Promise<Stage> =>
  openStage({ moreKinds: [TEST_KIND], ...options })

export const nowSecond = (): number => Math.floor(Date.now() / 1000) * SECOND

let machines = 0

/** A machine whose level has stood at 50 for five minutes, and a service for it. */
export async function levelService(stage: Stage, settings: object = {}, more: object = {}) {
  const from = nowSecond() - 300 * SECOND
  const machine = await stage.machine(`Tank ${++machines}`, { level: () => 50 }, from, 300)
  const body = { name: 'Level', kind: 'test-level', equipment: machine.id, settings, ...more }
  const service = await stage.call('createService', { body })
  return { machine, service, id: service.id }
}

/** Waits for the version's end. */
export async function ended(stage: Stage, id: string, number = 1): Promise<ServiceVersion> {
  return eventually(async () => {
    const version = await stage.call('getServiceVersion', { params: { id, number } })
    return version.state === 'waiting' || version.state === 'running' ? undefined : version
  }, PATIENCE)
}

export async function train(stage: Stage, id: string): Promise<ServiceVersion> {
  const { number } = await stage.call('trainService', { params: { id } })
  const version = await ended(stage, id, number)
  assert.equal(version.state, 'ready', version.failure ?? '')
  return version
}

/** Trains and publishes, and waits until it scores. */
export async function goLive(stage: Stage, id: string): Promise<Service> {
  await train(stage, id)
  await stage.call('publishService', { params: { id } })
  return scoring(stage, id)
}

export const scoring = (stage: Stage, id: string): Promise<Service> =>
  eventually(async () => {
    const service = await stage.call('getService', { params: { id } })
    return service.state === 'live' && service.trouble === null ? service : undefined
  }, PATIENCE)

/** The readings of an output, oldest first. */
export async function scores(
  stage: Stage,
  service: Service,
  output = 'score',
): Promise<{ time: number; value: unknown }[]> {
  const signal = service.outputs.find(({ name }) => name === output)?.signal
  const facts = stage.plant.catalogue.byId(signal ?? '')
  assert.ok(facts)
  const readings = await stage.history.readings(facts, { from: 0, to: 4e15 }, 100_000)
  return readings.map(({ time, value }) => ({ time, value }))
}
