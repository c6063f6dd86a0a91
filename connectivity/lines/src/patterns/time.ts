/** Times as devices write them. */
import { DAY, localTime, type Micros, parseTime } from '@millwright/foundation'
import { linesErrors } from '../errors.ts'

/** Reads a time; undefined when the text is none. */
export type ReadTime = (text: string) => Micros | undefined

/** 2000-01-01: a clock that says earlier was never set. */
const EARLIEST: Micros = 946_684_800_000_000

export const plausible = (time: Micros, now: Micros): boolean => time >= EARLIEST && time <= now + DAY

/** @param format iso, unix, unix-ms, unix-us, or letters: YYYY YY MM DD HH mm ss S… Z */
export function compileTime(format: string, zone: string, path: string): ReadTime {
  const toUtc = localTime(zone)
  if (toUtc === undefined) {
    throw linesErrors.configuration({
      path: `${path}/zone`,
      what: `There is no time zone ${zone}: UTC, +01:00 or Europe/Vienna.`,
    })
  }
  if (format === 'iso') return isoReader(toUtc)
  const unix = { unix: 1e6, 'unix-ms': 1e3, 'unix-us': 1 }[format]
  if (unix !== undefined) return (text) => unixTime(text, unix)
  return lettersReader(format, toUtc, `${path}/format`)
}

/** Seconds may have a fraction; digits are not lost to floating point. */
function unixTime(text: string, scale: number): Micros | undefined {
  const match = /^(\d{1,17})(?:[.,](\d{1,12}))?$/.exec(text)
  if (match === null) return undefined
  const fraction = Math.round(Number(`0.${match[2] ?? '0'}`) * scale)
  return Number(match[1]) * scale + fraction
}

function isoReader(toUtc: (local: Micros) => Micros): ReadTime {
  return (text) => {
    const zoned = parseTime(text)
    if (zoned !== undefined) return zoned
    const local = parseTime(`${text}Z`)
    return local === undefined ? undefined : toUtc(local)
  }
}

const LETTERS = ['YYYY', 'YY', 'MM', 'DD', 'HH', 'mm', 'ss', 'Z'] as const
type Letters = (typeof LETTERS)[number] | 'S'

function lettersReader(format: string, toUtc: (local: Micros) => Micros, path: string): ReadTime {
  const parts: ({ readonly letters: Letters } | { readonly literal: string })[] = []
  for (let at = 0; at < format.length; ) {
    const letters = LETTERS.find((each) => format.startsWith(each, at))
    if (letters !== undefined) {
      parts.push({ letters })
      at += letters.length
    } else if (format[at] === 'S') {
      while (format[at] === 'S') at++
      parts.push({ letters: 'S' })
    } else parts.push({ literal: format[at++]! })
  }
  const has = (letters: Letters) => parts.some((part) => 'letters' in part && part.letters === letters)
  if (!(has('YYYY') || has('YY')) || !has('MM') || !has('DD')) {
    throw linesErrors.configuration({ path, what: 'A time needs at least year, month and day: YYYY, MM and DD.' })
  }
  return (text) => {
    const found: Partial<Record<Letters, string>> = {}
    let at = 0
    for (const part of parts) {
      if ('literal' in part) {
        if (text[at] !== part.literal) return undefined
        at++
        continue
      }
      const piece = pieceAt(text, at, part.letters)
      if (piece === undefined) return undefined
      found[part.letters] = piece
      at += piece.length
    }
    return at === text.length ? assemble(found, toUtc) : undefined
  }
}

const DIGITS: Readonly<Record<string, RegExp>> = { YYYY: /\d{4}/y, S: /\d{1,9}/y, Z: /Z|[+-]\d{2}:?\d{2}/y }
const TWO = /\d{2}/y
const ONE_OR_TWO = /\d{1,2}/y

function pieceAt(text: string, at: number, letters: Letters): string | undefined {
  // Days and months are often written without a leading zero.
  const pattern = DIGITS[letters] ?? (letters === 'DD' || letters === 'MM' || letters === 'HH' ? ONE_OR_TWO : TWO)
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}

function assemble(found: Partial<Record<Letters, string>>, toUtc: (local: Micros) => Micros): Micros | undefined {
  const two = (letters: Letters) => (found[letters] ?? '0').padStart(2, '0')
  const year = found.YYYY ?? `20${found.YY}`
  const fraction = found.S === undefined ? '' : `.${found.S}`
  const zone = found.Z?.replace(/^([+-]\d{2}):?(\d{2})$/, '$1:$2')
  const iso = `${year}-${two('MM')}-${two('DD')}T${two('HH')}:${two('mm')}:${two('ss')}${fraction}`
  const time = parseTime(`${iso}${zone ?? 'Z'}`)
  return time === undefined || zone !== undefined ? time : toUtc(time)
}
