import { createHash } from 'node:crypto'
import type { FedReading, FedSignal } from '@millwright/connectivity'
import { isArray } from '../payload/arrays.ts'
import type { OutMetric, OutValue } from '../payload/encode.ts'
import { TYPE } from '../payload/types.ts'
import { valueFor } from '../payload/value-for.ts'

/** One metric that a signal becomes; a position becomes three. */
export interface LaidMetric {
  readonly name: string
  readonly alias: number
  readonly type: number
  readonly unit: string | undefined
  /** What of the signal's value it holds. */
  readonly part: 'whole' | 'latitude' | 'longitude' | 'altitude'
  /** As last sent: said again only when it changes. */
  quality: number
}

export interface LaidSignal {
  readonly signal: FedSignal
  /** undefined: the edge node itself. */
  readonly device: string | undefined
  readonly metrics: readonly LaidMetric[]
}

const ID = 100
const NAME = 200
/** Sparkplug's quality codes (section 6.4.15). */
const GOOD = 192
const BAD = 0
const STALE = 500

/** Which metric of which device each signal is: one layout lasts from birth to birth. */
export class Layout {
  readonly #bySignal = new Map<string, LaidSignal>()
  /** In the order of birth; undefined (the edge node itself) is not among them. */
  readonly devices = new Map<string, LaidSignal[]>()
  readonly own: LaidSignal[] = []
  /** The same for the same set of signals. */
  readonly fingerprint: string

  constructor(signals: readonly FedSignal[], by: 'equipment' | 'none') {
    let alias = 1
    const taken = new Set<string>()
    const hash = createHash('sha256')
    for (const signal of signals) {
      const device = by === 'none' || signal.path.length === 0 ? undefined : deviceId(signal.path)
      const base = by === 'none' ? [...signal.path, signal.name].join('/') : signal.name
      const name = distinct(clean(base, NAME), `${device ?? ''}\n`, taken, signal.id)
      const metrics = partsOf(signal).map(({ suffix, type, part }): LaidMetric => {
        const unit = part === 'whole' ? signal.unit : undefined
        return { name: `${name}${suffix}`, alias: alias++, type, unit, part, quality: GOOD }
      })
      const laid: LaidSignal = { signal, device, metrics }
      this.#bySignal.set(signal.id, laid)
      hash.update(JSON.stringify([signal.id, device, name, signal.kind, signal.unit]))
      if (device === undefined) this.own.push(laid)
      else this.devices.set(device, [...(this.devices.get(device) ?? []), laid])
    }
    this.fingerprint = hash.digest('hex')
  }

  of(signal: string): LaidSignal | undefined {
    return this.#bySignal.get(signal)
  }
}

function deviceId(path: readonly string[]): string {
  const id = clean(path.join('.'), 10_000).replace(/[+#/]/g, '_')
  if (id.length <= ID) return id
  return `${createHash('sha256').update(id).digest('hex').slice(0, 8)}${id.slice(8 - ID)}`
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
const clean = (name: string, most: number) => name.replace(/[\u0000-\u001f\u007f-\u009f]/g, '_').slice(0, most)

function distinct(name: string, scope: string, taken: Set<string>, id: string): string {
  const own = taken.has(scope + name) ? `${name.slice(0, NAME - 9)}-${id.slice(-8)}` : name
  taken.add(scope + own)
  return own
}

function partsOf({ kind }: FedSignal): { suffix: string; type: number; part: LaidMetric['part'] }[] {
  switch (kind) {
    case 'number':
      return [{ suffix: '', type: TYPE.Double, part: 'whole' }]
    case 'boolean':
      return [{ suffix: '', type: TYPE.Boolean, part: 'whole' }]
    case 'waveform':
      return [{ suffix: '', type: TYPE.FloatArray, part: 'whole' }]
    case 'position':
      return (['latitude', 'longitude', 'altitude'] as const).map((part) => ({
        suffix: `/${part}`,
        type: TYPE.Double,
        part,
      }))
    default:
      return [{ suffix: '', type: TYPE.String, part: 'whole' }]
  }
}

export type SentMetric = OutMetric & { readonly historical: boolean }

/** The metrics of one reading, for data: by alias, without their names. */
export function* dataOf(laid: LaidSignal, reading: FedReading, historical: boolean): Iterable<SentMetric> {
  for (const metric of laid.metrics) {
    const quality = qualityCode(reading.quality)
    const said = quality === metric.quality && !historical ? undefined : quality
    if (!historical) metric.quality = quality
    yield {
      alias: metric.alias,
      time: reading.time,
      type: metric.type,
      historical,
      quality: said,
      ...partOf(metric, reading.value),
    }
  }
}

/** The metrics of a signal, for its birth: whole, with the present value. @param now when it never had one */
export function* birthOf({ signal, metrics }: LaidSignal, now: number): Iterable<OutMetric> {
  const { latest } = signal
  for (const metric of metrics) {
    const { name, alias, type, unit } = metric
    metric.quality = latest === undefined ? BAD : qualityCode(latest.quality)
    const quality = metric.quality === GOOD ? undefined : metric.quality
    const value = latest === undefined ? { value: null } : partOf(metric, latest.value)
    yield { name, alias, type, unit, quality, time: latest?.time ?? now, ...value }
  }
}

/** 192 good, 0 bad, 500 for what is uncertain. */
function qualityCode(quality: number): number {
  const severity = quality >>> 30
  if (severity === 0) return GOOD
  return severity === 1 ? STALE : BAD
}

function partOf({ type, part }: LaidMetric, value: unknown): { value: OutValue; sampleRate?: number } {
  if (value === null || value === undefined) return { value: null }
  if (part !== 'whole') return fitted(type, (value as Readonly<Record<string, unknown>>)[part] ?? null)
  if (isArray(type)) {
    const { sampleRate, samples } = value as { sampleRate: number; samples: Iterable<number> }
    return { ...fitted(type, [...samples]), sampleRate }
  }
  if (type === TYPE.String && typeof value !== 'string') return { value: JSON.stringify(value) ?? null }
  return fitted(type, value)
}

/** What does not fit (NaN, a value of another kind) is no value. */
function fitted(type: number, value: unknown): { value: OutValue } {
  const converted = valueFor(type, value)
  return 'value' in converted ? converted : { value: null }
}
