import type { WideValue } from '../../batch.ts'
import { connectivityErrors } from '../../errors.ts'
import { BOUNDS } from '../bounds.ts'
import type { JsonReader } from '../json/reader.ts'
import { type MetricRows, ROW } from '../rows.ts'

/** No value was measured: Bad quality, the value itself is NaN. */
const NO_VALUE = 0x80000000

/** Reads one metric's value into a row. Lists are taken only where `lists` says so. */
export function readMetric(reader: JsonReader, name: string, into: MetricRows, lists: boolean): void {
  switch (reader.peek()) {
    case 'number':
      into.push(name, ROW.number, reader.readNumber(), 0)
      return
    case 'boolean':
      into.push(name, ROW.boolean, reader.readBoolean() ? 1 : 0, 0)
      return
    case 'null':
      reader.readNull()
      into.push(name, ROW.none, Number.NaN, NO_VALUE)
      return
    case 'string':
      into.pushWide(name, ROW.state, { kind: 'state', value: reader.readString() })
      return
    case 'array':
      if (!lists) {
        throw connectivityErrors.wrongType({ path: reader.path, expected: 'a number, boolean, string, null or object' })
      }
      into.pushWide(name, ROW.document, { kind: 'document', value: reader.readValue() })
      return
    case 'object': {
      const path = reader.path
      const value = classify(reader.readValue() as Record<string, unknown>, path)
      into.pushWide(name, ROW[value.kind], value)
    }
  }
}

/** An object with exactly the fields of a waveform or a position is one; any other is a document. */
function classify(fields: Record<string, unknown>, path: string): WideValue {
  const names = Object.keys(fields)
  if (names.length === 2 && 'sampleRate' in fields && 'samples' in fields) {
    return waveform(fields['sampleRate'], fields['samples'], path)
  }
  if ('latitude' in fields && 'longitude' in fields && names.length === ('altitude' in fields ? 3 : 2)) {
    return {
      kind: 'position',
      latitude: within(fields['latitude'], 90, `${path}/latitude`),
      longitude: within(fields['longitude'], 180, `${path}/longitude`),
      altitude: 'altitude' in fields ? within(fields['altitude'], 1e6, `${path}/altitude`) : undefined,
    }
  }
  return { kind: 'document', value: fields }
}

function waveform(rate: unknown, samples: unknown, path: string): WideValue {
  if (typeof rate !== 'number' || rate <= 0 || rate > 1e9) {
    throw connectivityErrors.wrongType({
      path: `${path}/sampleRate`,
      expected: 'a number of Hz, above 0 and up to 1e9',
    })
  }
  if (!Array.isArray(samples) || samples.length === 0) {
    throw connectivityErrors.wrongType({ path: `${path}/samples`, expected: 'a list of at least one number' })
  }
  if (samples.length > BOUNDS.samples) {
    throw connectivityErrors.valueTooLarge({ path: `${path}/samples`, limit: `${BOUNDS.samples} samples` })
  }
  const values = new Float32Array(samples.length)
  for (let i = 0; i < samples.length; i++) {
    const sample: unknown = samples[i]
    if (typeof sample !== 'number') {
      throw connectivityErrors.wrongType({ path: `${path}/samples/${i}`, expected: 'a number' })
    }
    values[i] = sample
    // Beyond a 32-bit float it would be stored as infinite.
    if (!Number.isFinite(values[i])) throw connectivityErrors.numberOutOfRange({ path: `${path}/samples/${i}` })
  }
  return { kind: 'waveform', sampleRate: rate, samples: values }
}

function within(value: unknown, bound: number, path: string): number {
  if (typeof value === 'number' && Math.abs(value) <= bound) return value
  throw connectivityErrors.wrongType({ path, expected: `a number from ${-bound} to ${bound}` })
}
