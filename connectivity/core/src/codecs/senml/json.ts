import { connectivityErrors } from '../../errors.ts'
import { BOUNDS } from '../bounds.ts'
import { JsonReader } from '../json/reader.ts'
import type { Decode } from '../rows.ts'
import { checkIgnorable, emptyRecord, FIELD, type Label, labelOf, type SenmlRecord } from './record.ts'
import { SenmlResolver } from './resolve.ts'

const BASE64URL = /^[A-Za-z0-9_-]*$/

/** SenML JSON (RFC 8428, clause 5), `application/senml+json`. @returns a decoder with tables of its own */
export function senmlJson(): Decode {
  const reader = new JsonReader()
  const resolver = new SenmlResolver()
  const record = emptyRecord()
  return (payload, receivedAt, into) => {
    into.clear()
    resolver.begin(receivedAt)
    reader.start(payload)
    reader.enterArray()
    for (let index = 0; reader.nextItem(); index++) {
      readRecord(reader, record)
      resolver.add(record, index, into)
    }
    reader.finish()
  }
}

function readRecord(reader: JsonReader, record: SenmlRecord): void {
  record.fields = 0
  let unknown: Set<string> | undefined
  reader.enterObject()
  for (let key = reader.nextKey(); key !== undefined; key = reader.nextKey()) {
    const label = labelOf(key)
    if (label === undefined) {
      checkIgnorable(key, reader.path)
      unknown ??= new Set()
      if (unknown.has(key)) throw connectivityErrors.duplicateKey({ path: reader.path })
      unknown.add(key)
      reader.readValue()
      continue
    }
    if ((record.fields & FIELD[label]) !== 0) throw connectivityErrors.duplicateKey({ path: reader.path })
    record.fields |= FIELD[label]
    readField(reader, label, record)
  }
}

function readField(reader: JsonReader, label: Label, record: SenmlRecord): void {
  switch (label) {
    case 'bn':
    case 'n':
      record[label] = reader.readString(BOUNDS.nameChars)
      return
    case 'bu':
    case 'u':
      record[label] = reader.readString(BOUNDS.unitChars)
      return
    case 'vs':
      record.vs = reader.readString()
      return
    case 'vd':
      record.vd = reader.readString()
      if (!BASE64URL.test(record.vd))
        throw connectivityErrors.wrongType({ path: reader.path, expected: 'base64url without padding' })
      return
    case 'vb':
      record.vb = reader.readBoolean()
      return
    default:
      record[label] = reader.readNumber()
  }
}
