import { QUALITY } from '@millwright/connectivity'
import { sparkplugErrors } from '../errors.ts'
import type { WireReader } from '../wire/reader.ts'
import { BOUNDS } from './bounds.ts'
import { readScalar } from './scalar.ts'

/** Properties by their key: numbers, booleans, texts, null, and property sets within (section 6.4.14 and 6.4.15). */
export type Properties = { readonly [key: string]: unknown }

/** Reads the PropertySet between the reader's place and its end. */
export function readProperties(reader: WireReader, name: string, depth = 1): Properties {
  if (depth > BOUNDS.depth) throw sparkplugErrors.tooDeep({ path: name, limit: BOUNDS.depth })
  const keys: string[] = []
  const values: unknown[] = []
  for (let field = reader.field(); field !== 0; field = reader.field()) {
    if (field === 1) keys.push(reader.text(BOUNDS.nameBytes))
    else if (field === 2) values.push(readValue(reader, name, depth))
    else reader.skip()
    if (keys.length > BOUNDS.properties || values.length > BOUNDS.properties) {
      throw sparkplugErrors.tooMany({ limit: BOUNDS.properties, things: 'properties' })
    }
  }
  const pairs = keys.map((key, at): [string, unknown] => [key, values[at] ?? null])
  return Object.fromEntries(pairs.filter(([key]) => key !== '__proto__'))
}

function readValue(reader: WireReader, name: string, depth: number): unknown {
  reader.expect(2)
  const outer = reader.enter()
  let type = 0
  let value: unknown = null
  let isNull = false
  for (let field = reader.field(); field !== 0; field = reader.field()) {
    if (field === 1) type = reader.uint32()
    else if (field === 2) isNull = reader.varint() !== 0
    else if (field >= 3 && field <= 8) value = readScalar(reader, field - 3, type)
    else if (field === 9) {
      reader.expect(2)
      const inner = reader.enter()
      value = readProperties(reader, name, depth + 1)
      reader.leave(inner)
    } else if (field === 10) value = readList(reader, name, depth)
    else reader.skip()
  }
  reader.leave(outer)
  return isNull ? null : value
}

function readList(reader: WireReader, name: string, depth: number): unknown[] {
  const sets: unknown[] = []
  reader.expect(2)
  const outer = reader.enter()
  for (let field = reader.field(); field !== 0; field = reader.field()) {
    if (field !== 1) {
      reader.skip()
      continue
    }
    reader.expect(2)
    const inner = reader.enter()
    sets.push(readProperties(reader, name, depth + 1))
    reader.leave(inner)
    if (sets.length > BOUNDS.properties) {
      throw sparkplugErrors.tooMany({ limit: BOUNDS.properties, things: 'property sets' })
    }
  }
  reader.leave(outer)
  return sets
}

/**
 * The quality that the property `Quality` tells as an OPC UA status code: 192 good, 0 bad, 500 stale (section 6.4.15);
 * other numbers by the upper bits of an OPC quality byte, as many gateways pass them on. undefined: no such property.
 */
export function qualityOf(properties: Properties): number | undefined {
  const code = properties['Quality'] ?? properties['quality']
  if (typeof code !== 'number') return undefined
  if (code === 500) return QUALITY.uncertainLastUsable
  if (code > 255) return code <= 0xffff_ffff ? code : QUALITY.bad
  if (code >= 192) return QUALITY.good
  return code >= 64 ? QUALITY.uncertain : QUALITY.bad
}

/** The unit as sent (`engUnit`, as Sparkplug's gateways call it); undefined: none. */
export function unitTextOf(properties: Properties): string | undefined {
  for (const key of ['engUnit', 'engUnits', 'EngUnit', 'unit', 'units']) {
    const unit = properties[key]
    if (typeof unit === 'string' && unit.trim() !== '') return unit.trim()
  }
  return undefined
}

/** Hz, of a numeric array that is a waveform; undefined: it is none. */
export function sampleRateOf(properties: Properties): number | undefined {
  const rate = properties['sampleRate'] ?? properties['samplingRate']
  return typeof rate === 'number' && rate > 0 && rate <= 1e9 ? rate : undefined
}
