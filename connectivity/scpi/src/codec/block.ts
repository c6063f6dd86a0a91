/** Samples in blocks of data (IEEE 488.2, 8.7.9; formats of SCPI-99 FORMat:DATA and FORMat:BORDer). */
import { BOUNDS } from '@millwright/connectivity'
import type { BlockFormat } from '../config.ts'
import { scpiErrors } from '../errors.ts'
import { blockLength } from './reader.ts'
import { readNumbers } from './values.ts'

const SIZES: Readonly<Record<BlockFormat, number>> = {
  ascii: 1,
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  real32: 4,
  real64: 8,
}

/** The bytes of a definite-length block; ASCII may also come bare or in one without a length (#0). */
function payloadOf(answer: Buffer, ascii: boolean, command: string): Buffer {
  const length = blockLength(answer)
  if (length > 0 && answer.length >= length) return answer.subarray(2 + answer[1]! - 48, length)
  if (ascii && answer[0] !== 35) return answer
  if (ascii && answer[1] === 48) return answer.subarray(2)
  throw scpiErrors.notBlock({ command, said: answer.subarray(0, 60).toString('latin1') })
}

/** The samples of an answer, × scale + offset, as 32-bit floats. Throws a MillwrightError that says what is wrong. */
export function readSamples(
  answer: Buffer,
  format: BlockFormat,
  byteOrder: 'big' | 'little',
  scaling: { readonly scale: number; readonly offset: number },
  command: string,
): Float32Array {
  const payload = payloadOf(answer, format === 'ascii', command)
  const limit = BOUNDS.samples
  const raw =
    format === 'ascii'
      ? readNumbers(payload.toString('latin1'), command, limit)
      : binary(payload, format, byteOrder, command)
  if (raw.length === 0) throw scpiErrors.wrongCount({ command, found: 0, wanted: 'one or more' })
  const samples = new Float32Array(raw.length)
  for (let index = 0; index < raw.length; index++) {
    const sample = raw[index]! * scaling.scale + scaling.offset
    samples[index] = sample
    // Beyond a 32-bit float it would be stored as infinite.
    if (!Number.isFinite(samples[index]!)) throw scpiErrors.notFinite({ command, index })
  }
  return samples
}

function binary(payload: Buffer, format: Exclude<BlockFormat, 'ascii'>, byteOrder: 'big' | 'little', command: string) {
  const size = SIZES[format]
  if (payload.length % size !== 0) throw scpiErrors.brokenBlock({ command, bytes: payload.length, size })
  const count = payload.length / size
  if (count > BOUNDS.samples) throw scpiErrors.tooManySamples({ command, found: count, limit: BOUNDS.samples })
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length)
  const little = byteOrder === 'little'
  const values = new Float64Array(count)
  for (let index = 0; index < count; index++) values[index] = valueAt(view, index * size, format, little)
  return values
}

function valueAt(view: DataView, at: number, format: Exclude<BlockFormat, 'ascii'>, little: boolean): number {
  switch (format) {
    case 'int8':
      return view.getInt8(at)
    case 'uint8':
      return view.getUint8(at)
    case 'int16':
      return view.getInt16(at, little)
    case 'uint16':
      return view.getUint16(at, little)
    case 'int32':
      return view.getInt32(at, little)
    case 'real32':
      return view.getFloat32(at, little)
    case 'real64':
      return view.getFloat64(at, little)
  }
}
