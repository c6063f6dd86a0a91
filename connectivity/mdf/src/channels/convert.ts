import type { Conversion } from '../blocks/model.ts'

/** A physical value: a number or a text; undefined: the conversion gives none. */
export type Converted = number | string | undefined

/** Types of conversions (ASAM MDF 4.2, 6.17). */
const TYPE = {
  identity: 0,
  linear: 1,
  rational: 2,
  algebraic: 3,
  interpolated: 4,
  nearest: 5,
  ranges: 6,
  texts: 7,
  rangeTexts: 8,
  textNumbers: 9,
  textTexts: 10,
} as const

/** Factor and offset of a conversion that is no more than that: the hot path needs no call. */
export function linear(conversion: Conversion | undefined): { factor: number; offset: number } | undefined {
  if (conversion === undefined || conversion.type === TYPE.identity) return { factor: 1, offset: 0 }
  if (conversion.type !== TYPE.linear || conversion.values.length < 2) return undefined
  return { offset: conversion.values[0]!, factor: conversion.values[1]! }
}

/** A number becomes a text for all or most of its values. */
export function givesText({ type, references, values }: Conversion): boolean {
  if (type === TYPE.textTexts) return true
  if (type !== TYPE.texts && type !== TYPE.rangeTexts) return false
  const last = references[type === TYPE.texts ? values.length : values.length / 2]
  return last === undefined ? references.some((each) => typeof each === 'string') : typeof last === 'string'
}

/** True when the conversion can be carried out here. */
export const isKnown = ({ type, formula }: Conversion): boolean =>
  type === TYPE.algebraic ? formula !== undefined : type <= TYPE.textTexts

export function convertNumber(conversion: Conversion, raw: number, depth = 0): Converted {
  const { type, values, references } = conversion
  switch (type) {
    case TYPE.linear:
      return values[0]! + values[1]! * raw
    case TYPE.rational: {
      const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = values
      return (a * raw * raw + b * raw + c) / (d * raw * raw + e * raw + f)
    }
    case TYPE.algebraic:
      return conversion.formula?.(raw)
    case TYPE.interpolated:
      return table(values, raw, true)
    case TYPE.nearest:
      return table(values, raw, false)
    case TYPE.ranges:
      for (let at = 0; at + 2 < values.length; at += 3)
        if (raw >= values[at]! && raw <= values[at + 1]!) return values[at + 2]
      return values[values.length - (values.length % 3)]
    case TYPE.texts: {
      const at = values.indexOf(raw)
      return referred(references[at < 0 ? values.length : at], raw, depth)
    }
    case TYPE.rangeTexts:
      for (let at = 0; at + 1 < values.length; at += 2)
        if (raw >= values[at]! && raw <= values[at + 1]!) return referred(references[at / 2], raw, depth)
      return referred(references[values.length / 2], raw, depth)
    default:
      return raw
  }
}

/** Of text channels. */
export function convertText({ type, values, references }: Conversion, text: string): Converted {
  if (type === TYPE.textNumbers) {
    const at = references.indexOf(text)
    return values[at < 0 ? references.length : at]
  }
  if (type !== TYPE.textTexts) return text
  for (let at = 0; at + 1 < references.length; at += 2)
    if (references[at] === text) return referred(references[at + 1], 0, 8)
  return references.length % 2 === 1 ? referred(references.at(-1), 0, 8) : text
}

function referred(reference: Conversion['references'][number], raw: number, depth: number): Converted {
  if (typeof reference === 'string' || reference === undefined) return reference
  return depth < 8 ? convertNumber(reference, raw, depth + 1) : undefined
}

/** Keys and values in turn; outside of the keys, the first and the last hold. */
function table(values: readonly number[], raw: number, interpolate: boolean): number | undefined {
  const last = (values.length >>> 1) - 1
  if (last < 0) return undefined
  if (raw <= values[0]!) return values[1]
  if (raw >= values[2 * last]!) return values[2 * last + 1]
  let low = 0
  let high = last
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if (values[2 * middle]! <= raw) low = middle
    else high = middle
  }
  const [from, to] = [values[2 * low]!, values[2 * high]!]
  const [at, next] = [values[2 * low + 1]!, values[2 * high + 1]!]
  if (interpolate) return at + ((next - at) * (raw - from)) / (to - from)
  return to - raw > raw - from ? at : next
}
