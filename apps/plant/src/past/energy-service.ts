import { DAY, formatTime, HOUR, type Micros } from '@millwright/foundation'
import type { Client } from '@millwright/sdk'
import { all, Ensure } from '../provision/ensure.ts'
import type { ProvisionRecord } from '../provision/record.ts'
import { airDays } from './air-days.ts'

const NAME = 'Compressed air'
/** Days of history before the first start, and how many of them lie before the repair. */
const DAYS = 8
const BEFORE_REPAIR = 5.5
const WAITS = 60
const WAIT = 2_000

export interface PastOptions {
  readonly client: Client
  readonly record: ProvisionRecord
  /** Machine name -> id of its equipment. */
  readonly equipment: ReadonlyMap<string, string>
  readonly seed: number
  readonly now: Micros
  /** True when the plant is ending. */
  stopped(): boolean
  say(text: string): void
}

/**
 * The compressed air's days before the plant was first started, written through the API as an import would be, and an energy service
 * that learns from them: worn fittings were replaced on the sixth day, and what that saved is for the service to find out.
 */
export async function ensureEnergyService(options: PastOptions): Promise<void> {
  const { client, record, equipment, seed, now, say, stopped } = options
  if (record.id('services', NAME) !== undefined) return
  const compressor = equipment.get('CA-1')
  const gauge = equipment.get('OP30')
  if (compressor === undefined || gauge === undefined) return
  const to = Math.floor(now / HOUR) * HOUR
  const from = to - DAYS * DAY
  const repaired = from + BEFORE_REPAIR * DAY
  const days = await airDays({ seed, from, to, repaired }, () => new Promise((resolve) => setImmediate(resolve)))
  const signals = await signalsOf(options, compressor, gauge)
  if (signals === undefined || stopped()) return
  for (const [name, signal] of Object.entries(signals)) {
    await client.writeReadings({ body: { signal, time: days.time, value: days[name as keyof typeof signals] } })
  }
  const service = await new Ensure(record).id('services', NAME, {
    found: (await all((cursor) => client.listServices({ query: { limit: 1000, kind: 'energy', ...cursor } }))).find(
      (one) => one.name === NAME,
    )?.id,
    make: async () => (await client.createService({ body: bodyOf(compressor, signals.parts_good, repaired) })).id,
  })
  const { number } = await client.trainService({ params: { id: service }, body: { from, to } })
  for (let wait = 0; wait < WAITS && !stopped(); wait++) {
    const { state, failure } = await client.getServiceVersion({ params: { id: service, number } })
    if (state === 'ready') break
    if (state === 'failed') throw new Error(failure ?? 'the training failed')
    await new Promise((resolve) => setTimeout(resolve, WAIT))
  }
  await client.publishService({ params: { id: service }, body: { number } })
  await client.recomputeService({ params: { id: service }, body: { from, to } })
  say(`${DAYS} simulated days of compressed air are history, and an energy service has learnt from them`)
}

function bodyOf(equipment: string, production: string, repaired: Micros) {
  return {
    name: NAME,
    kind: 'energy',
    equipment,
    description:
      'Set up with the simulated plant: worn fittings were replaced on the sixth of its days before the start',
    settings: {
      energy: 'motor_power',
      production,
      flow: 'air_flow',
      baselineUntil: formatTime(repaired),
      price: 0.21,
      dearPrice: 0.29,
      dearFrom: 7,
      dearTo: 21,
      timeZone: 'Europe/Berlin',
    },
  }
}

/** Signals exist from a device's first message on. */
async function signalsOf({ client, stopped }: PastOptions, compressor: string, gauge: string) {
  for (let wait = 0; wait < WAITS && !stopped(); wait++) {
    const [air, line] = await Promise.all(
      [compressor, gauge].map((equipment) =>
        all((cursor) => client.listSignals({ query: { equipment, limit: 1000, ...cursor } })),
      ),
    )
    const id = (of: typeof air, name: string) => of?.find((signal) => signal.name === name)?.id
    const found = {
      motor_power: id(air, 'motor_power'),
      air_flow: id(air, 'air_flow'),
      pressure: id(air, 'pressure'),
      parts_good: id(line, 'parts_good'),
    }
    if (Object.values(found).every((one) => one !== undefined)) return found as Record<keyof typeof found, string>
    await new Promise((resolve) => setTimeout(resolve, WAIT))
  }
  return undefined
}
