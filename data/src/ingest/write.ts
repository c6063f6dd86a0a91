import { isBad, QUALITY, type ReadingSink, type WideRow, type WideValue } from '@millwright/connectivity'
import type { BodyOf, historyOperations, SignalKind } from '@millwright/contracts'
import { type Clock, DAY, type Micros } from '@millwright/foundation'
import { historyErrors } from '../historian/errors.ts'
import type { SignalFacts } from '../signals/catalogue.ts'

export type ReadingsBody = BodyOf<typeof historyOperations.writeReadings>

const EARLIEST: Micros = Date.UTC(2000, 0, 1) * 1000
const MOST_TEXT = 10_000
const MOST_DOCUMENT = 256 * 1024
const MOST_SAMPLES = 4_000_000

/**
 * Writes given readings of a signal, as devices' readings are written; resolves when they are durable. All are checked
 * before the first is written.
 */
export async function writeReadings(
  sink: ReadingSink,
  facts: SignalFacts,
  body: ReadingsBody,
  clock: Clock,
): Promise<number> {
  const count = body.time.length
  if (body.value.length !== count) throw historyErrors.lengthsDiffer(lengths(body, 'value'))
  if (body.quality !== undefined && body.quality.length !== count) {
    throw historyErrors.lengthsDiffer(lengths(body, 'quality'))
  }
  const latest = clock.now() + DAY
  for (const [i, time] of body.time.entries()) {
    if (time < EARLIEST || time > latest) throw historyErrors.timeInvalid({ time, path: `time/${i}` })
  }
  const put = facts.kind === 'number' || facts.kind === 'boolean' ? numbers(facts, body) : wides(facts, body)
  // One that has to wait for the disk must not fill the memory meanwhile.
  while (sink.saturated) await sink.committed()
  put(sink)
  await sink.committed()
  return count
}

const lengths = (body: ReadingsBody, column: 'value' | 'quality') => ({
  times: body.time.length,
  values: body[column]?.length,
  column,
  path: column,
})

function numbers(facts: SignalFacts, body: ReadingsBody): (sink: ReadingSink) => void {
  const values = body.value.map((value, i) => {
    if (value === null) return Number.NaN
    if (facts.kind === 'boolean' && typeof value === 'boolean') return value ? 1 : 0
    if (facts.kind === 'boolean' && (value === 0 || value === 1)) return value
    if (facts.kind === 'number' && typeof value === 'number' && Number.isFinite(value)) return value
    throw invalid(
      facts,
      value,
      i,
      facts.kind === 'number' ? 'give a finite number or null' : 'give true, false or null',
    )
  })
  return (sink) => {
    const { open } = sink
    for (const [i, value] of values.entries()) open.push(facts.key, body.time[i]!, value, quality(body, i, value))
  }
}

/** No value has a Bad quality, whatever was sent with it. */
function quality(body: ReadingsBody, i: number, value: number): number {
  const sent = body.quality?.[i] ?? QUALITY.good
  return Number.isNaN(value) && !isBad(sent) ? QUALITY.bad : sent
}

function wides(facts: SignalFacts, body: ReadingsBody): (sink: ReadingSink) => void {
  const rows: WideRow[] = body.value.map((value, i) => ({
    signal: facts.key,
    time: body.time[i]!,
    quality: body.quality?.[i] ?? QUALITY.good,
    value: wide(facts, value, i),
  }))
  return (sink) => {
    for (const row of rows) sink.open.wide.push(row)
  }
}

function wide(facts: SignalFacts, value: unknown, i: number): WideValue {
  const kind = facts.kind as Exclude<SignalKind, 'number' | 'boolean'>
  if (kind === 'state') {
    if (typeof value === 'string' && value.length <= MOST_TEXT) return { kind, value }
    throw invalid(facts, value, i, `give a text of at most ${MOST_TEXT} characters`)
  }
  if (kind === 'document') {
    if (JSON.stringify(value).length <= MOST_DOCUMENT) return { kind, value }
    throw invalid(facts, '…', i, `a document may be ${MOST_DOCUMENT} bytes of JSON at the most`)
  }
  const fields = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  if (kind === 'position') {
    const { latitude, longitude, altitude } = fields
    if (!within(latitude, 90) || !within(longitude, 180) || !(altitude === undefined || within(altitude, 1e7))) {
      throw invalid(facts, value, i, 'give latitude and longitude in degrees, and altitude in m or leave it out')
    }
    return { kind, latitude, longitude, altitude }
  }
  const { sampleRate, samples } = fields
  const rated = typeof sampleRate === 'number' && sampleRate > 0 && Number.isFinite(sampleRate)
  if (!rated || !Array.isArray(samples) || samples.length === 0 || samples.length > MOST_SAMPLES) {
    throw invalid(facts, '…', i, 'give sampleRate in Hz and samples, an array of numbers')
  }
  if (!samples.every((sample) => typeof sample === 'number' && Number.isFinite(sample))) {
    throw invalid(facts, '…', i, 'each sample must be a finite number')
  }
  return { kind, sampleRate, samples: Float32Array.from(samples) }
}

const within = (value: unknown, most: number): value is number => typeof value === 'number' && Math.abs(value) <= most

const invalid = (facts: SignalFacts, value: unknown, i: number, why: string) =>
  historyErrors.valueInvalid({ value, name: facts.name, kind: facts.kind, why, path: `value/${i}` })
