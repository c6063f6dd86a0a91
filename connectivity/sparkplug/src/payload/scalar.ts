import { formatTime, type Micros } from '@millwright/foundation'
import type { WireReader } from '../wire/reader.ts'
import { BOUNDS } from './bounds.ts'
import { exactInteger } from './integers.ts'
import { TYPE } from './types.ts'

/** RFC 3339 text of milliseconds since the epoch; the number when it is no date that people write. */
export function dateText(ms: number): string {
  const time: Micros = ms * 1000
  return ms >= 0 && ms <= 253_402_300_799_999 ? formatTime(time) : String(ms)
}

/**
 * One value of the oneof that DataSet cells, parameters and properties share: `kind` is the field's number counted from
 * the first (0 int, 1 long, 2 float, 3 double, 4 boolean, 5 string). Reads it as JSON has it; undefined: not one of these.
 */
export function readScalar(reader: WireReader, kind: number, type: number): unknown {
  switch (kind) {
    case 0:
    case 1:
      reader.expect(0)
      reader.varint()
      if (type === TYPE.DateTime) return dateText(reader.high * 4_294_967_296 + reader.low)
      if (type === TYPE.Boolean) return reader.low !== 0
      return exactInteger(type, reader.low, reader.high)
    case 2:
      reader.expect(5)
      return finite(reader.float())
    case 3:
      reader.expect(1)
      return finite(reader.double())
    case 4:
      reader.expect(0)
      return reader.varint() !== 0
    case 5:
      reader.expect(2)
      return reader.text(BOUNDS.stringBytes)
    default:
      reader.skip()
      return undefined
  }
}

/** JSON has no NaN. */
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)
