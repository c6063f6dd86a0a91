/** The patterns of a configuration, ready to read lines. */
import { type MetricRows, QUALITY, ROW } from '@millwright/connectivity'
import { type Micros, type MillwrightError, parseUnit } from '@millwright/foundation'
import type { FieldConfig, LinesConfig, Pattern } from '../config.ts'
import { linesErrors } from '../errors.ts'
import { controlText } from '../framing/escapes.ts'
import { compilePairs, compileSplit } from './delimited.ts'
import { compileTemplate, type Match } from './template.ts'
import { compileTime, plausible, type ReadTime } from './time.ts'

/** Puts a line's fields into rows. Throws a MillwrightError that says why it cannot; the rows are as before then. */
export type ReadLine = (line: string, now: Micros, rows: (device: string | undefined) => MetricRows) => void

interface Compiled {
  readonly begins: string
  readonly match: Match
  readonly fields: ReadonlyMap<string, FieldConfig>
  readonly time: { readonly field: string; readonly format: string; readonly read: ReadTime } | undefined
  readonly device: string | undefined
}

const MOST_NAMES = 5_000
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const BAD_NAME = /[\u0000-\u001f\u007f-\u009f]|^__proto__$|^.{201,}$|^$/

/** Throws a MillwrightError with `path` when a pattern cannot be meant. */
export function compilePatterns(config: LinesConfig): ReadLine {
  const decimal = config.decimal ?? '.'
  const patterns = config.patterns.map((pattern, at) => compile(pattern, decimal, `/patterns/${at}`))
  const names = new KnownNames()
  const found: string[] = []
  return (line, now, rows) => {
    const pattern = patterns.find(({ begins, match }) => line.startsWith(begins) && match(line, found))
    if (pattern === undefined) throw linesErrors.noMatch()
    place(pattern, found, decimal, now, names, rows)
  }
}

function compile(pattern: Pattern, decimal: '.' | ',', path: string): Compiled {
  const fields = new Map<string, FieldConfig>()
  pattern.fields?.forEach((field, at) => {
    if (fields.has(field.field)) {
      throw linesErrors.configuration({
        path: `${path}/fields/${at}/field`,
        what: `The field ${field.field} stands twice.`,
      })
    }
    if (field.unit !== undefined && field.unit !== '') parseUnit(field.unit, `${path}/fields/${at}/unit`)
    fields.set(field.field, field)
  })
  const time = pattern.time && {
    field: pattern.time.field,
    format: pattern.time.format,
    read: compileTime(pattern.time.format, pattern.time.zone ?? 'UTC', `${path}/time`),
  }
  const device = pattern.device === '' ? undefined : pattern.device
  return { begins: pattern.begins ?? '', match: matchOf(pattern, decimal, path), fields, time, device }
}

function matchOf(pattern: Pattern, decimal: '.' | ',', path: string): Match {
  if (pattern.type === 'template') return compileTemplate(pattern.template, decimal, `${path}/template`)
  if (pattern.type === 'pairs') {
    return compilePairs(controlText(pattern.separator ?? ' ', `${path}/separator`), pattern.assign ?? '=')
  }
  const named = pattern.columns.filter((column) => column !== '')
  if (named.length === 0 || new Set(named).size < named.length) {
    throw linesErrors.configuration({ path: `${path}/columns`, what: 'Columns need names, each its own.' })
  }
  return compileSplit(controlText(pattern.separator ?? ',', `${path}/separator`), pattern.columns)
}

function place(
  { fields, time, device }: Compiled,
  found: readonly string[],
  decimal: '.' | ',',
  now: Micros,
  names: KnownNames,
  rowsOf: (device: string | undefined) => MetricRows,
): void {
  let at: Micros = now
  let owner: string | undefined
  // Whose and when, before anything is put down: a line is taken whole or not at all.
  for (let index = 0; index < found.length; index += 2) {
    const field = found[index]!
    const text = found[index + 1]!
    if (field === time?.field) {
      const read = time.read(text)
      if (read === undefined || !plausible(read, now)) throw linesErrors.badTime({ field, format: time.format })
      at = read
    } else if (field === device) {
      owner = text
      if (BAD_NAME.test(text) || text.length > 120) throw linesErrors.badDevice({ field })
    } else if (!fields.has(field)) names.check(field)
  }
  const rows = rowsOf(owner)
  const start = rows.length
  for (let index = 0; index < found.length; index += 2) {
    const field = found[index]!
    if (field !== time?.field && field !== device) pushField(rows, field, found[index + 1]!, fields.get(field), decimal)
  }
  rows.setTime(start, at)
}

function pushField(
  rows: MetricRows,
  field: string,
  text: string,
  config: FieldConfig | undefined,
  decimal: string,
): void {
  const type = config?.type ?? 'auto'
  if (type === 'ignore') return
  const name = config?.metric ?? field
  if (text === '') rows.push(name, ROW.none, Number.NaN, QUALITY.bad)
  else if (type === 'boolean') {
    const value = booleanOf(text)
    if (value === undefined) rows.push(name, ROW.none, Number.NaN, QUALITY.bad)
    else rows.push(name, ROW.boolean, value, QUALITY.good)
  } else {
    const number = type === 'text' ? undefined : numberOf(text, decimal)
    if (number !== undefined) pushNumber(rows, name, number, config)
    // A device that says "OVER" where a number should be has no value to give.
    else if (type === 'number') rows.push(name, ROW.none, Number.NaN, QUALITY.badSensorFailure)
    else rows.pushWide(name, ROW.state, { kind: 'state', value: clean(text) })
  }
  if (config?.unit !== undefined && config.unit !== '') rows.setUnit(rows.length - 1, config.unit)
}

function pushNumber(rows: MetricRows, name: string, number: number, config: FieldConfig | undefined): void {
  const scale = config?.scale ?? 1
  const inverse = Math.round(1 / scale)
  // 123 / 10 is 12.3, 123 * 0.1 is not.
  const scaled = inverse > 1 && 1 / inverse === scale ? number / inverse : number * scale
  const value = scaled + (config?.offset ?? 0)
  if (Number.isFinite(value)) rows.push(name, ROW.number, value, QUALITY.good)
  else rows.push(name, ROW.none, Number.NaN, QUALITY.badOutOfRange)
}

const NUMBER = /^[+-]?(?:\d{1,300}\.?\d{0,300}|\.\d{1,300})(?:[eE][+-]?\d{1,4})?$/

/** Some scales put a blank after the sign. */
function numberOf(text: string, decimal: string): number | undefined {
  const plain = (decimal === '.' ? text : text.replace(',', '.')).replace(/^([+-]) +/, '$1')
  return NUMBER.test(plain) ? Number(plain) : undefined
}

const TRUE = new Set(['1', 'true', 'on', 'yes'])
const FALSE = new Set(['0', 'false', 'off', 'no'])

function booleanOf(text: string): 0 | 1 | undefined {
  const word = text.toLowerCase()
  if (TRUE.has(word)) return 1
  return FALSE.has(word) ? 0 : undefined
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed here
const clean = (text: string) => text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim()

/** Names that lines bring along (names and values): checked once, and bounded, so that noise makes no names for ever. */
class KnownNames {
  readonly #names = new Set<string>()

  check(name: string): void {
    if (this.#names.has(name)) return
    const problem: MillwrightError | undefined = BAD_NAME.test(name)
      ? linesErrors.badName()
      : this.#names.size >= MOST_NAMES
        ? linesErrors.tooManyFields({ limit: MOST_NAMES })
        : undefined
    if (problem !== undefined) throw problem
    this.#names.add(name)
  }
}
