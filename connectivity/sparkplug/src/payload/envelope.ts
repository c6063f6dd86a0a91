import { gunzipSync, inflateSync } from 'node:zlib'
import type { Micros } from '@millwright/foundation'
import { sparkplugErrors } from '../errors.ts'
import { WIRE, WireReader } from '../wire/reader.ts'
import { BOUNDS } from './bounds.ts'
import { MetricFields } from './metric.ts'

/** What Sparkplug's clients put into `uuid` when `body` holds the payload compressed. */
const COMPRESSED = 'SPBV1.0_COMPRESSED'

/** A payload without its metrics: enough to put messages into their order before anything else is read of them. */
export interface Envelope {
  /** Unpacked, when it came compressed. */
  readonly bytes: Buffer
  /** µs; 0: none. */
  readonly time: Micros
  /** 0 to 255; -1: none, or not in that range. */
  readonly sequence: number
  readonly metrics: number
}

const reader = new WireReader()

/** @throws MW-SPB-0001 to 0005 */
export function readEnvelope(payload: Buffer): Envelope {
  const outer = scan(payload)
  if (outer.uuid !== COMPRESSED || outer.body === undefined) return outer
  const inner = scan(unpack(outer.body, algorithmOf(payload)))
  return {
    bytes: inner.bytes,
    metrics: inner.metrics,
    time: inner.time === 0 ? outer.time : inner.time,
    sequence: inner.sequence === -1 ? outer.sequence : inner.sequence,
  }
}

function scan(bytes: Buffer): Envelope & { uuid: string; body: Buffer | undefined } {
  if (bytes.length > BOUNDS.payloadBytes) {
    throw sparkplugErrors.tooLarge({ size: bytes.length, limit: BOUNDS.payloadBytes })
  }
  let time = 0
  let sequence = -1
  let metrics = 0
  let uuid = ''
  let body: Buffer | undefined
  reader.start(bytes)
  try {
    for (let field = reader.field(); field !== 0; field = reader.field()) {
      if (field === 1) {
        reader.expect(WIRE.varint)
        time = reader.number() * 1000
      } else if (field === 2) {
        reader.expect(WIRE.bytes)
        metrics++
        reader.skip()
      } else if (field === 3) {
        reader.expect(WIRE.varint)
        const number = reader.number()
        sequence = number <= 255 ? number : -1
      } else if (field === 4) {
        reader.expect(WIRE.bytes)
        uuid = reader.text(200)
      } else if (field === 5) {
        reader.expect(WIRE.bytes)
        body = reader.slice()
      } else reader.skip()
    }
  } finally {
    reader.release()
  }
  if (metrics > BOUNDS.metrics) throw sparkplugErrors.tooMany({ limit: BOUNDS.metrics, things: 'metrics' })
  return { bytes, time, sequence, metrics, uuid, body }
}

function algorithmOf(payload: Buffer): string {
  let algorithm = 'DEFLATE'
  eachMetric(payload, (metric) => {
    if (metric.name === 'algorithm') algorithm = metric.text.toUpperCase()
  })
  return algorithm
}

function unpack(body: Buffer, algorithm: string): Buffer {
  const limits = { maxOutputLength: BOUNDS.payloadBytes }
  try {
    if (algorithm === 'GZIP') return gunzipSync(body, limits)
    if (algorithm === 'DEFLATE') return inflateSync(body, limits)
  } catch (cause) {
    throw sparkplugErrors.compression({ what: (cause as Error).message, cause })
  }
  throw sparkplugErrors.compression({ what: `the algorithm ${algorithm} is neither DEFLATE nor GZIP` })
}

/** Calls `visit` with each metric of a payload; the same object each time. For births and deaths, not for data. */
export function eachMetric(bytes: Buffer, visit: (metric: MetricFields, reader: WireReader) => void): void {
  const own = new WireReader()
  const metric = new MetricFields()
  own.start(bytes)
  for (let field = own.field(); field !== 0; field = own.field()) {
    if (field !== 2) {
      own.skip()
      continue
    }
    own.expect(WIRE.bytes)
    const outer = own.enter()
    metric.read(own)
    visit(metric, own)
    own.leave(outer)
  }
}
