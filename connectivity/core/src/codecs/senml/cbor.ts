import { connectivityErrors } from '../../errors.ts'
import { BOUNDS } from '../bounds.ts'
import { type CborMap, type CborValue, readCbor } from '../cbor/reader.ts'
import type { Decode } from '../rows.ts'
import { checkIgnorable, emptyRecord, FIELD, type Label, labelOf, type SenmlRecord } from './record.ts'
import { SenmlResolver } from './resolve.ts'

/** SenML CBOR (RFC 8428, clause 6), `application/senml+cbor`. @returns a decoder with tables of its own */
export function senmlCbor(): Decode {
  const resolver = new SenmlResolver()
  const record = emptyRecord()
  return (payload, receivedAt, into) => {
    into.clear()
    resolver.begin(receivedAt)
    const pack = readCbor(payload)
    if (!Array.isArray(pack)) throw connectivityErrors.wrongType({ path: '/', expected: 'a list of records' })
    for (let index = 0; index < pack.length; index++) {
      const entries = pack[index]
      if (!(entries instanceof Map)) throw connectivityErrors.wrongType({ path: `/${index}`, expected: 'a record' })
      readRecord(entries, index, record)
      resolver.add(record, index, into)
    }
  }
}

function readRecord(entries: CborMap, index: number, record: SenmlRecord): void {
  record.fields = 0
  for (const [key, value] of entries) {
    const label = labelOf(key)
    if (label === undefined) {
      checkIgnorable(key, `/${index}/${key}`)
      continue
    }
    // A label may be written as a number or as text: once is enough.
    if ((record.fields & FIELD[label]) !== 0) throw connectivityErrors.duplicateKey({ path: `/${index}/${key}` })
    record.fields |= FIELD[label]
    readField(value, label, record, index)
  }
}

function readField(value: CborValue, label: Label, record: SenmlRecord, index: number): void {
  const wrong = (expected: string) => connectivityErrors.wrongType({ path: `/${index}/${label}`, expected })
  switch (label) {
    case 'bn':
    case 'n':
      record[label] = text(value, BOUNDS.nameChars, index, label)
      return
    case 'bu':
    case 'u':
      record[label] = text(value, BOUNDS.unitChars, index, label)
      return
    case 'vs':
      record.vs = text(value, BOUNDS.stringBytes, index, label)
      return
    case 'vd':
      if (!(value instanceof Uint8Array)) throw wrong('a byte string')
      record.vd = Buffer.from(value).toString('base64url')
      return
    case 'vb':
      if (typeof value !== 'boolean') throw wrong('true or false')
      record.vb = value
      return
    default:
      if (typeof value !== 'number') throw wrong('a number')
      record[label] = value
  }
}

function text(value: CborValue, limit: number, index: number, label: Label): string {
  const path = () => `/${index}/${label}`
  if (typeof value !== 'string') throw connectivityErrors.wrongType({ path: path(), expected: 'text' })
  if (value.length > limit) throw connectivityErrors.valueTooLarge({ path: path(), limit: `${limit} characters` })
  return value
}
