import { HOUR, SECOND } from '@millwright/foundation'
import { all, Ensure } from '../provision/ensure.ts'
import type { PastOptions } from './energy-service.ts'
import { type LineHours, lineHours } from './line-hours.ts'

const NAME = 'Shaft quality'
const HOURS = 4
const WAITS = 120
const WAIT = 1_000
/** Readings of one request. */
const MOST = 50_000
const STATIONS = ['OP10', 'OP20'] as const
const PROCESS = ['spindle_power', 'spindle_temperature', 'tool_wear'] as const

/** Machine -> signal -> id. */
type Signals = Readonly<Record<string, Record<string, string>>>

/**
 * The line's shift before the plant was first started, written through the API as an import would be, and a quality service that learns from it
 * what a part's diameter will be: parts that slipped in the lathe's chuck are diverted before the gauge.
 */
export async function ensureQualityService(
  options: PastOptions & { readonly devices: ReadonlyMap<string, string> },
): Promise<void> {
  const { client, record, equipment, devices, seed, now, say, stopped } = options
  if (record.id('services', NAME) !== undefined) return
  const gauge = equipment.get('OP30')
  const gate = devices.get('OP30')
  if (gauge === undefined || gate === undefined) return
  const to = Math.floor((now - 60 * SECOND) / SECOND) * SECOND
  const from = to - HOURS * HOUR
  const hours = await lineHours({ seed, from, to }, () => new Promise((resolve) => setImmediate(resolve)))
  const signals = await signalsOf(options)
  if (signals === undefined || stopped()) return
  await write(options, hours, signals)
  const id = await new Ensure(record).id('services', NAME, {
    found: (await all((cursor) => client.listServices({ query: { limit: 1000, kind: 'quality', ...cursor } }))).find(
      (one) => one.name === NAME,
    )?.id,
    make: async () => (await client.createService({ body: bodyOf(gauge, signals) })).id,
  })
  const { number } = await client.trainService({ params: { id }, body: { from, to } })
  for (let wait = 0; wait < WAITS && !stopped(); wait++) {
    const { state, failure } = await client.getServiceVersion({ params: { id, number } })
    if (state === 'ready') break
    if (state === 'failed') throw new Error(failure ?? 'the training failed')
    await new Promise((resolve) => setTimeout(resolve, WAIT))
  }
  if (stopped()) return
  await client.setDiverter({ params: { id }, body: { diverter: { device: gate } } })
  await client.publishService({ params: { id }, body: { number } })
  say(`a shift of the line is history, and a quality service judges each part before the gauge`)
}

function bodyOf(equipment: string, signals: Signals) {
  return {
    name: NAME,
    kind: 'quality',
    equipment,
    description: 'Set up with the simulated plant: foresees the diameter of each shaft before it reaches the gauge',
    settings: {
      stations: STATIONS.map((name) => ({
        name,
        part: signals[name]!['part_serial']!,
        signals: PROCESS.map((signal) => signals[name]![signal]!),
      })),
      result: 'diameter',
      resultPart: 'part_serial',
      lower: 39.975,
      upper: 40.025,
      miss: 40,
      falseReject: 4,
    },
    alarm: { priority: 'medium' as const },
  }
}

async function write({ client, stopped }: PastOptions, hours: LineHours, signals: Signals): Promise<void> {
  for (const [machine, held] of Object.entries(hours)) {
    for (const [name, { time, value }] of Object.entries(held)) {
      const signal = signals[machine]?.[name]
      if (signal === undefined) continue
      for (let at = 0; at < time.length && !stopped(); at += MOST)
        await client.writeReadings({
          body: { signal, time: time.slice(at, at + MOST), value: value.slice(at, at + MOST) },
        })
    }
  }
}

/** Signals exist from a device's first message on: those of parts from the first part on. */
async function signalsOf({ client, equipment, stopped }: PastOptions): Promise<Signals | undefined> {
  const wanted: Readonly<Record<string, readonly string[]>> = {
    OP10: ['part_serial', ...PROCESS],
    OP20: ['part_serial', ...PROCESS],
    OP30: ['part_serial', 'diameter'],
  }
  for (let wait = 0; wait < WAITS && !stopped(); wait++) {
    const found: Record<string, Record<string, string>> = {}
    for (const [machine, names] of Object.entries(wanted)) {
      const its = equipment.get(machine)
      if (its === undefined) return undefined
      const there = await all((cursor) => client.listSignals({ query: { equipment: its, limit: 1000, ...cursor } }))
      found[machine] = Object.fromEntries(
        names.flatMap((name) => {
          const id = there.find((signal) => signal.name === name)?.id
          return id === undefined ? [] : [[name, id]]
        }),
      )
    }
    if (Object.entries(wanted).every(([machine, names]) => names.every((name) => found[machine]![name] !== undefined)))
      return found
    await new Promise((resolve) => setTimeout(resolve, WAIT))
  }
  return undefined
}
