import { errorCatalogue } from '../errors.ts'
import { HINTS } from './atoms.ts'
import { parseCode, type Unit } from './parse.ts'
import { inverse, times, toNumber } from './rational.ts'

export const unitErrors = errorCatalogue('UNIT', {
  unknown: {
    number: 1,
    status: 400,
    text: '{unit} is not a UCUM unit code. Codes are case-sensitive: Cel, kPa, mm/s, kW.h, /min, %.',
  },
  hinted: { number: 2, status: 400, text: '{unit} is not a UCUM unit code; did you mean {hint}?' },
  apart: { number: 3, status: 400, text: '{from} cannot be converted to {to}: they measure different things.' },
})

/** Units come from a small set again and again; the bound keeps hostile senders from filling memory. */
const MAX_REMEMBERED = 4096
const remembered = new Map<string, Unit | undefined>()

function lookUp(code: string): Unit | undefined {
  if (remembered.has(code)) return remembered.get(code)
  const unit = parseCode(code)
  if (remembered.size >= MAX_REMEMBERED) remembered.clear()
  remembered.set(code, unit)
  return unit
}

/** True when the text is a UCUM code (case-sensitive), at most 64 characters. */
export const isUnit = (code: string): boolean => lookUp(code) !== undefined

/** Parses a UCUM code, or throws an error that names the code that was probably meant. */
export function parseUnit(code: string, path?: string): Unit {
  const unit = lookUp(code)
  if (unit !== undefined) return unit
  const where = path === undefined ? {} : { path }
  const hint = Object.hasOwn(HINTS, code) ? HINTS[code] : undefined
  throw hint === undefined
    ? unitErrors.unknown({ unit: code, ...where })
    : unitErrors.hinted({ unit: code, hint, ...where })
}

/** `value in to = value in from * scale + offset`. */
export interface UnitConversion {
  readonly scale: number
  readonly offset: number
}

/** How values go from one unit to another; undefined when either is no unit or they measure different things. */
export function unitConversion(from: string, to: string): UnitConversion | undefined {
  const source = lookUp(from)
  const target = lookUp(to)
  if (source === undefined || target === undefined || !sameDimension(source, target)) return undefined
  if (from === to) return { scale: 1, offset: 0 }
  const scale = toNumber(times(source.factor, inverse(target.factor)))
  const shift = source.zero - target.zero
  // -0 would show up in comparisons and in JSON.
  return { scale, offset: shift === 0 ? 0 : shift / toNumber(target.factor) }
}

/** Converts one value; throws when a unit is unknown or the two measure different things. */
export function convertUnit(value: number, from: string, to: string): number {
  parseUnit(from)
  parseUnit(to)
  const conversion = unitConversion(from, to)
  if (conversion === undefined) throw unitErrors.apart({ from, to })
  return value * conversion.scale + conversion.offset
}

function sameDimension(a: Unit, b: Unit): boolean {
  if (a.dimension.size !== b.dimension.size) return false
  for (const [base, exponent] of a.dimension) if (b.dimension.get(base) !== exponent) return false
  return true
}
