import type { Client } from '@millwright/sdk'
import { CNC_MODEL } from '../cnc/model.ts'
import type { MachineModel } from '../core/machine.ts'
import { DAYS_PER_SECOND } from '../pump/bearing.ts'
import { PUMP_MODEL } from '../pump/model.ts'
import { all, Ensure } from './ensure.ts'
import type { ProvisionRecord } from './record.ts'

/** An AI service at one machine, as the API takes it. */
export interface PlannedService {
  readonly name: string
  readonly kind: string
  /** Name of the machine. */
  readonly machine: string
  readonly description: string
  readonly settings: Readonly<Record<string, unknown>>
  readonly alarm?: { readonly priority: 'critical' | 'high' | 'medium' | 'low' }
}

const signalOf = (name: string, model: MachineModel = PUMP_MODEL): string => {
  if (!model.signals.some((signal) => signal.name === name)) throw new Error(`${model.name} has no signal ${name}`)
  return name
}

/** What learns from the machines and looks at them live. They begin when their first readings are there. */
export const SERVICES: readonly PlannedService[] = [
  {
    name: 'Pump vibration',
    kind: 'vibration',
    machine: 'P-101',
    description: 'Listens to the drive-end bearing: names damage long before the vibration limit or the temperature do',
    settings: {
      waveforms: [signalOf('vibration_waveform')],
      speed: signalOf('speed'),
      bearings: [{ name: 'drive end', designation: 'SKF 6205-2RS JEM' }],
      pump: true,
      severityClass: 'class I',
    },
    alarm: { priority: 'high' },
  },
  {
    name: 'Bearing life',
    kind: 'life',
    machine: 'P-101',
    description:
      'Follows the wear of the drive-end bearing to the vibration at which it must stop; a time-lapse, as the injected crack is',
    settings: {
      limitSignal: signalOf('vibration_rms'),
      limit: 8,
      acceleration: DAYS_PER_SECOND * 86_400,
      horizon: 60 * 24,
      within: 7 * 24,
      alarmAt: 0.5,
      failureCost: 18_000,
      plannedCost: 2400,
      lifeHours: 16_000,
      step: 1,
    },
    alarm: { priority: 'medium' },
  },
  {
    name: 'Tool life',
    kind: 'life',
    machine: 'OP20',
    description:
      'Follows the flank wear of the milling cutter to its end: a tool that breaks scraps the part and stops the line',
    settings: {
      limitSignal: signalOf('tool_wear', CNC_MODEL),
      limit: 100,
      horizon: 2,
      within: 0.25,
      failureCost: 900,
      plannedCost: 70,
      lifeHours: 1,
      step: 5,
    },
  },
]

/** Trainings that may fail before a service is left to people. */
const TRIES = 5

/**
 * Makes the services, trains them on the first readings and publishes them: once, each step only if it was not done.
 * What people removed, stopped or trained themselves stays as they left it.
 * @param pause resolves after a while with false when the plant ends
 * @returns names of what was published now
 */
export async function provisionServices(
  client: Client,
  record: ProvisionRecord,
  equipment: ReadonlyMap<string, string>,
  pause: () => Promise<boolean>,
  services: readonly PlannedService[] = SERVICES,
): Promise<string[]> {
  const ensure = new Ensure(record)
  const published: string[] = []
  // Side by side: one that waits for its signals must not keep the others waiting.
  await Promise.all(
    services.map(async (service) => {
      const machine = equipment.get(service.machine)
      if (machine === undefined || record.id('published', service.name) !== undefined) return
      const id = await made(client, ensure, service, machine, pause)
      if (id === undefined || !(await trained(client, id, pause))) return
      await record.keep('published', service.name, id)
      published.push(service.name)
    }),
  )
  return published
}

/** Signals come with the first readings: until then the platform refuses a service that names them. */
async function made(
  client: Client,
  ensure: Ensure,
  { name, kind, machine: _, description, settings, alarm }: PlannedService,
  equipment: string,
  pause: () => Promise<boolean>,
): Promise<string | undefined> {
  for (;;) {
    const present = await all((cursor) => client.listServices({ query: { limit: 1000, ...cursor } }))
    try {
      const id = await ensure.id('services', name, {
        found: present.find((one) => one.name === name && one.equipment === equipment)?.id,
        make: async () =>
          (
            await client.createService({
              body: { name, kind, equipment, description, settings: { ...settings }, ...(alarm && { alarm }) },
            })
          ).id,
      })
      return ensure.fresh(id) || present.some((one) => one.id === id) ? id : undefined
    } catch (error) {
      if ((error as { status?: number }).status !== 422) throw error
    }
    if (!(await pause())) return undefined
  }
}

/** @returns whether it is live now; false when people took it over, or it cannot be trained */
async function trained(client: Client, id: string, pause: () => Promise<boolean>): Promise<boolean> {
  for (let failures = 0; failures < TRIES; ) {
    const { kind, equipment, settings, liveVersion } = await client.getService({ params: { id } })
    if (liveVersion !== null) return true
    const [newest] = (await client.listServiceVersions({ params: { id }, query: { limit: 1 } })).items
    if (newest?.state === 'ready') {
      await client.publishService({ params: { id }, body: {} })
      return true
    }
    if (newest?.state === 'waiting' || newest?.state === 'running') {
      if (!(await pause())) return false
      continue
    }
    if (newest !== undefined) failures++
    const readiness = await client.checkReadiness({ body: { kind, equipment, settings } })
    if (readiness.level !== 'missing') await client.trainService({ params: { id }, body: {} })
    if (!(await pause())) return false
  }
  return false
}
