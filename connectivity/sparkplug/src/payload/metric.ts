import type { Micros } from '@millwright/foundation'
import { sparkplugErrors } from '../errors.ts'
import { WIRE, type WireReader } from '../wire/reader.ts'
import { BOUNDS } from './bounds.ts'

/** Field numbers of a metric's value (Sparkplug B 3.0, section 6.4.10 and the schema of the payload). */
export const VALUE = {
  none: 0,
  int: 10,
  long: 11,
  float: 12,
  double: 13,
  boolean: 14,
  text: 15,
  bytes: 16,
  dataSet: 17,
  template: 18,
  extension: 19,
} as const

/** One metric as sent. Used again for each: nothing is made per metric but its name and text, where it has them. */
export class MetricFields {
  name = ''
  /** The name is too long to be read. */
  badName = false
  /** -1: none. */
  alias = -1
  /** µs; 0: none. */
  time: Micros = 0
  /** -1: none. */
  type = -1
  historical = false
  transient = false
  isNull = false
  /** Which field of the value was sent: one of `VALUE`. */
  value = 0
  number = 0
  low = 0
  high = 0
  text = ''
  /** Where a nested or binary value stands in the payload. */
  from = 0
  to = 0
  /** Where the properties stand; 0 to 0: none. */
  propertiesFrom = 0
  propertiesTo = 0
  metadataFrom = 0
  metadataTo = 0
  /** Where the whole metric stands, for a dead letter. */
  start = 0
  stop = 0

  /** Reads the metric between the reader's place and its end. */
  read(reader: WireReader): void {
    this.name = ''
    this.badName = false
    this.alias = -1
    this.time = 0
    this.type = -1
    this.historical = false
    this.transient = false
    this.isNull = false
    this.value = VALUE.none
    this.propertiesTo = 0
    this.metadataTo = 0
    this.start = reader.at
    this.stop = reader.end
    for (let field = reader.field(); field !== 0; field = reader.field()) {
      switch (field) {
        case 1:
          reader.expect(WIRE.bytes)
          this.#readName(reader)
          break
        case 2:
          reader.expect(WIRE.varint)
          this.alias = reader.number()
          break
        case 3:
          reader.expect(WIRE.varint)
          this.time = reader.number() * 1000
          break
        case 4:
          reader.expect(WIRE.varint)
          this.type = reader.uint32()
          break
        case 5:
          reader.expect(WIRE.varint)
          this.historical = reader.number() !== 0
          break
        case 6:
          reader.expect(WIRE.varint)
          this.transient = reader.number() !== 0
          break
        case 7:
          reader.expect(WIRE.varint)
          this.isNull = reader.number() !== 0
          break
        case 8: {
          reader.expect(WIRE.bytes)
          const outer = reader.enter()
          this.metadataFrom = reader.at
          this.metadataTo = reader.end
          reader.leave(outer)
          break
        }
        case 9: {
          reader.expect(WIRE.bytes)
          const outer = reader.enter()
          this.propertiesFrom = reader.at
          this.propertiesTo = reader.end
          reader.leave(outer)
          break
        }
        default:
          if (field >= VALUE.int && field <= VALUE.extension) this.#readValue(reader, field)
          else reader.skip()
      }
    }
  }

  #readName(reader: WireReader): void {
    const outer = reader.enter()
    const length = reader.end - reader.at
    if (length > BOUNDS.nameBytes) {
      this.badName = true
      reader.leave(outer)
      return
    }
    const { bytes, at, end } = reader
    let ascii = true
    for (let i = at; i < end; i++) if (bytes[i]! >= 0x80) ascii = false
    this.name = ascii ? bytes.toString('latin1', at, end) : bytes.toString('utf8', at, end)
    reader.leave(outer)
  }

  /** The last one counts, as protobuf says of a oneof. */
  #readValue(reader: WireReader, field: number): void {
    this.value = field
    switch (field) {
      case VALUE.int:
      case VALUE.long:
        reader.expect(WIRE.varint)
        this.number = reader.varint()
        this.low = reader.low
        this.high = reader.high
        return
      case VALUE.float:
        reader.expect(WIRE.fixed32)
        this.number = reader.float()
        return
      case VALUE.double:
        reader.expect(WIRE.fixed64)
        this.number = reader.double()
        return
      case VALUE.boolean:
        reader.expect(WIRE.varint)
        this.number = reader.number() === 0 ? 0 : 1
        return
      case VALUE.text:
        reader.expect(WIRE.bytes)
        this.text = reader.text(BOUNDS.stringBytes)
        return
      default: {
        reader.expect(WIRE.bytes)
        const outer = reader.enter()
        this.from = reader.at
        this.to = reader.end
        reader.leave(outer)
      }
    }
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const CONTROL = /[\u0000-\u001f\u007f-\u009f\ufffd]/

/** Throws nothing: the error, when a metric may not be named so. */
export const nameProblem = (name: string) =>
  name.length > 0 && name.length <= BOUNDS.nameChars && name !== '__proto__' && !CONTROL.test(name)
    ? undefined
    : sparkplugErrors.invalidName({ path: name })
