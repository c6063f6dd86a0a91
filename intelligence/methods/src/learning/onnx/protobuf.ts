/**
 * The part of the protobuf encoding (protobuf.dev, "Encoding") that ONNX files need: writing messages, and going through the fields of one without
 * knowing its schema. A generated library would bring the whole schema for the few fields that are looked at.
 */
export type Part = Uint8Array

const encoder = new TextEncoder()

/** A whole number >= 0. */
export const integer = (field: number, value: number): Part => joined([varint(field * 8), varint(value)])

export const text = (field: number, value: string): Part => bytes(field, encoder.encode(value))

export const bytes = (field: number, value: Uint8Array): Part =>
  joined([varint(field * 8 + 2), varint(value.length), value])

export const message = (field: number, parts: readonly Part[]): Part => bytes(field, joined(parts))

/** Whole numbers >= 0, packed. */
export function integers(field: number, values: ArrayLike<number>): Part {
  const packed: number[] = []
  for (let at = 0; at < values.length; at++) pushVarint(packed, values[at]!)
  return bytes(field, Uint8Array.from(packed))
}

export function joined(parts: readonly Part[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function varint(value: number): Uint8Array {
  const out: number[] = []
  pushVarint(out, value)
  return Uint8Array.from(out)
}

function pushVarint(out: number[], value: number): void {
  let rest = value
  while (rest >= 128) {
    out.push((rest % 128) + 128)
    rest = Math.floor(rest / 128)
  }
  out.push(rest)
}

/** A field as it stands: a number (varint; negative and huge ones lose precision, which no field looked at here has), or bytes. */
export interface Field {
  readonly field: number
  readonly value: number
  readonly bytes: Uint8Array
}

const NONE = new Uint8Array(0)

/** The fields of a message, in their order. @throws RangeError where it is cut or is none */
export function fieldsOf(whole: Uint8Array): Field[] {
  const fields: Field[] = []
  let at = 0
  const number = (): number => {
    let value = 0
    for (let place = 0; place < 10; place++) {
      if (at >= whole.length) throw new RangeError('cut short')
      const byte = whole[at++]!
      value += (byte & 127) * 2 ** (7 * place)
      if (byte < 128) return value
    }
    throw new RangeError('a number that does not end')
  }
  while (at < whole.length) {
    const key = number()
    const [field, wire] = [Math.floor(key / 8), key % 8]
    if (field === 0) throw new RangeError('a field without a number')
    if (wire === 0) fields.push({ field, value: number(), bytes: NONE })
    else {
      const length = wire === 2 ? number() : wire === 1 ? 8 : wire === 5 ? 4 : -1
      if (length < 0 || at + length > whole.length) throw new RangeError('cut short')
      fields.push({ field, value: 0, bytes: whole.subarray(at, at + length) })
      at += length
    }
  }
  return fields
}

const decoder = new TextDecoder()
export const textOf = (value: Uint8Array): string => decoder.decode(value)
