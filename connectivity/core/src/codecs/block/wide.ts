import type { WideValue } from '../../batch.ts'
import { connectivityErrors } from '../../errors.ts'
import { BOUNDS } from '../bounds.ts'
import { readJson } from '../json/document.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'
import { WIDE } from './format.ts'
import { readPlanes, writePlanes } from './integers.ts'
import { readNumbers, writeNumbers } from './numbers.ts'
import { waveformProblem } from './rows-problem.ts'
import type { TextTable } from './tables.ts'

type Of<K extends WideValue['kind']> = Extract<WideValue, { kind: K }>

/** The wide values of one column: each kind's together, in the order of their rows. */
export function writeWide(into: ByteWriter, wide: readonly WideValue[], texts: TextTable, scratch: Float64Array): void {
  const states = wide.filter((value) => value.kind === 'state')
  const documents = wide.filter((value) => value.kind === 'document')
  const positions = wide.filter((value) => value.kind === 'position')
  const waveforms = wide.filter((value) => value.kind === 'waveform')
  if (states.length > 0) {
    const numbers = Float64Array.from(states, ({ value }) => texts.number(value))
    writePlanes(into, numbers, numbers.length)
  }
  if (documents.length > 0) writeDocuments(into, documents)
  if (positions.length > 0) writePositions(into, positions, scratch)
  if (waveforms.length > 0) writeWaveforms(into, waveforms, scratch)
}

function writeDocuments(into: ByteWriter, documents: readonly Of<'document'>[]): void {
  const texts = documents.map(({ value }) => Buffer.from(JSON.stringify(value)))
  writePlanes(
    into,
    Float64Array.from(texts, ({ length }) => length),
    texts.length,
  )
  for (const text of texts) into.bytes(text)
}

function writePositions(into: ByteWriter, positions: readonly Of<'position'>[], scratch: Float64Array): void {
  const write = (values: number[]) => {
    if (values.length > 0) writeNumbers(into, Float64Array.from(values), values.length, scratch)
  }
  write(positions.map(({ latitude }) => latitude))
  write(positions.map(({ longitude }) => longitude))
  write(positions.flatMap(({ altitude }) => altitude ?? []))
}

function writeWaveforms(into: ByteWriter, waveforms: readonly Of<'waveform'>[], scratch: Float64Array): void {
  const rates = Float64Array.from(waveforms, ({ sampleRate }) => sampleRate)
  writeNumbers(into, rates, rates.length, scratch)
  writePlanes(
    into,
    Float64Array.from(waveforms, ({ samples }) => samples.length),
    waveforms.length,
  )
  for (const { samples } of waveforms) {
    const bits = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)
    const planes = into.reserve(bits.length)
    const count = samples.length
    for (let i = 0; i < count; i++) {
      for (let plane = 0; plane < 4; plane++) planes[plane * count + i] = bits[i * 4 + plane]!
    }
  }
}

/** What is left of what a block may come to when its shared texts stand in each row. */
export interface Allowance {
  bytes: number
}

/** How many there are of each wide kind. */
export type WideCounts = readonly number[]

/** The wide values of one column, by kind, each to be taken from its front. */
export interface WideQueues {
  readonly states: readonly WideValue[]
  readonly documents: readonly WideValue[]
  readonly positions: readonly WideValue[]
  readonly waveforms: readonly WideValue[]
}

/**
 * @param altitudes for each position in order: does it have an altitude?
 * @param texts the block's texts, and as state values so that rows share one object
 */
export function readWide(
  from: ByteReader,
  counts: WideCounts,
  altitudes: readonly boolean[],
  states: { value(number: number): WideValue | undefined; size(number: number): number },
  allowance: Allowance,
): WideQueues {
  return {
    states: readStates(from, counts[WIDE.state]!, states, allowance),
    documents: readDocuments(from, counts[WIDE.document]!, allowance),
    positions: readPositions(from, altitudes),
    waveforms: readWaveforms(from, counts[WIDE.waveform]!, allowance),
  }
}

function spend(from: ByteReader, allowance: Allowance, bytes: number): void {
  allowance.bytes -= bytes
  if (allowance.bytes < 0) throw from.fail('it holds more text than a block may')
}

function readStates(
  from: ByteReader,
  count: number,
  states: { value(number: number): WideValue | undefined; size(number: number): number },
  allowance: Allowance,
): WideValue[] {
  if (count === 0) return []
  const numbers = new Float64Array(count)
  readPlanes(from, numbers, count)
  return Array.from(numbers, (number) => {
    const value = states.value(number)
    if (value === undefined) throw from.fail(`there is no text ${number}`)
    spend(from, allowance, states.size(number))
    return value
  })
}

function readDocuments(from: ByteReader, count: number, allowance: Allowance): WideValue[] {
  if (count === 0) return []
  const lengths = new Float64Array(count)
  readPlanes(from, lengths, count)
  return Array.from(lengths, (length): WideValue => {
    spend(from, allowance, length)
    return { kind: 'document', value: readJson(from.take(length)) }
  })
}

function readPositions(from: ByteReader, altitudes: readonly boolean[]): WideValue[] {
  const count = altitudes.length
  if (count === 0) return []
  const read = (size: number): Float64Array => {
    const values = new Float64Array(size)
    if (size > 0) readNumbers(from, values, size)
    return values
  }
  const latitudes = read(count)
  const longitudes = read(count)
  const heights = read(altitudes.filter(Boolean).length)
  let next = 0
  return altitudes.map((has, i): WideValue => {
    const latitude = latitudes[i]!
    const longitude = longitudes[i]!
    const altitude = has ? heights[next++]! : undefined
    const fine = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && Math.abs(altitude ?? 0) <= 1e6
    if (!fine) throw from.fail('a position is not on the earth')
    return { kind: 'position', latitude, longitude, altitude }
  })
}

function readWaveforms(from: ByteReader, count: number, allowance: Allowance): WideValue[] {
  if (count === 0) return []
  const rates = new Float64Array(count)
  readNumbers(from, rates, count)
  const lengths = new Float64Array(count)
  readPlanes(from, lengths, count)
  return Array.from(lengths, (length, at): WideValue => {
    if (length > BOUNDS.samples) {
      throw connectivityErrors.valueTooLarge({ path: '/', limit: `${BOUNDS.samples} samples` })
    }
    spend(from, allowance, length * 4)
    const planes = from.take(length * 4)
    const samples = new Float32Array(length)
    const bits = new Uint8Array(samples.buffer)
    for (let i = 0; i < length; i++) {
      for (let plane = 0; plane < 4; plane++) bits[i * 4 + plane] = planes[plane * length + i]!
    }
    const sampleRate = rates[at]!
    const problem = waveformProblem('/', sampleRate, samples)
    if (problem !== undefined) throw problem
    return { kind: 'waveform', sampleRate, samples }
  })
}
