/** Register maps as CSV, as they come out of manuals and other tools. */
import type { ImportedConfig } from '@millwright/connectivity'
import { MillwrightError } from '@millwright/foundation'
import type { Register, RegisterMap } from '../config.ts'
import { modbusErrors } from '../errors.ts'
import { checkPoint } from '../plan/program.ts'
import { pointOf } from '../values/layout.ts'
import { readCell } from './cells.ts'
import { type CsvLine, readCsv } from './csv.ts'
import { ImportedUnits } from './units.ts'

/** Names of columns as they are met, in lower case without blanks and signs. */
const COLUMNS: Readonly<Record<string, string>> = {
  name: 'name',
  metric: 'name',
  tag: 'name',
  register: 'address',
  address: 'address',
  addr: 'address',
  table: 'table',
  area: 'table',
  registertype: 'table',
  type: 'type',
  datatype: 'type',
  format: 'type',
  length: 'length',
  bit: 'bit',
  bits: 'bits',
  order: 'order',
  byteorder: 'order',
  wordorder: 'order',
  scale: 'scale',
  factor: 'scale',
  gain: 'scale',
  offset: 'offset',
  unit: 'unit',
  units: 'unit',
  interval: 'interval',
  intervalms: 'interval',
  writable: 'writable',
  access: 'writable',
  rw: 'writable',
  minimum: 'minimum',
  min: 'minimum',
  maximum: 'maximum',
  max: 'maximum',
  states: 'states',
  enumeration: 'states',
  invalid: 'invalid',
  map: 'map',
  model: 'map',
}

/** A part of a configuration with the file's maps. Throws a MillwrightError that names the lines. */
export function importRegisterMap(file: Uint8Array): ImportedConfig {
  const [head, ...lines] = readCsv(decode(file))
  if (head === undefined || lines.length === 0)
    throw modbusErrors.csv({
      what: 'The file has no registers: a line with the names of the columns, then one for each register.',
    })
  const { columns, ignored } = columnsOf(head)
  const units = new ImportedUnits()
  const maps = new Map<string, Register[]>()
  const lineOf = new Map<Register, number>()
  const problems: string[] = []
  for (const line of lines) {
    try {
      const { map, register: read } = registerOf(line, columns)
      const register = units.coded(read)
      lineOf.set(register, line.number)
      const registers = maps.get(map) ?? []
      registers.push(register)
      maps.set(map, registers)
    } catch (error) {
      if (!(error instanceof MillwrightError)) throw error
      problems.push(error.message)
    }
  }
  if (problems.length === 0) problems.push(...contradictions(maps, lineOf))
  if (problems.length > 0) throw severalProblems(problems)
  const config = { maps: [...maps].map(([name, registers]): RegisterMap => ({ name, registers })) }
  return { config, notes: [...notes(maps, ignored), ...units.notes] }
}

function severalProblems([first, second, third, ...others]: readonly string[]): MillwrightError {
  const next = (problem: string | undefined) => (problem === undefined ? '' : ` ${problem}`)
  const more = others.length === 0 ? '' : ` And ${others.length} more.`
  return modbusErrors.csvLines({ first, second: next(second), third: next(third), more })
}

function decode(file: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(file)
  } catch {
    // What older spreadsheets write.
    return new TextDecoder('windows-1252').decode(file)
  }
}

function columnsOf(head: CsvLine): { columns: (string | undefined)[]; ignored: string[] } {
  const columns = head.cells.map((cell) => COLUMNS[cell.toLowerCase().replace(/[^a-z]/g, '')])
  for (const wanted of ['name', 'address']) {
    if (!columns.includes(wanted)) {
      throw modbusErrors.csvColumn({ line: head.number, column: wanted })
    }
  }
  const twice = columns.find((column, at) => column !== undefined && columns.indexOf(column) !== at)
  if (twice !== undefined) throw modbusErrors.csv({ what: `Line ${head.number}: two columns mean "${twice}".` })
  return { columns, ignored: head.cells.filter((_, at) => columns[at] === undefined) }
}

function registerOf(line: CsvLine, columns: readonly (string | undefined)[]): { map: string; register: Register } {
  const cells: Record<string, string> = {}
  columns.forEach((column, at) => {
    const cell = line.cells[at] ?? ''
    if (column !== undefined && cell !== '') cells[column] = cell
  })
  return { map: cells['map'] ?? 'Imported', register: readCell(cells, line.number) }
}

/** What no cell alone can say: two of one name, parts beyond the end of a register. */
function contradictions(maps: ReadonlyMap<string, Register[]>, lineOf: ReadonlyMap<Register, number>): string[] {
  const problems: string[] = []
  for (const [map, registers] of maps) {
    const first = new Map<string, number>()
    for (const register of registers) {
      const line = lineOf.get(register)!
      const before = first.get(register.name)
      if (before !== undefined)
        problems.push(`Line ${line}: ${register.name} stands on line ${before} of ${map} already.`)
      else first.set(register.name, line)
      try {
        checkPoint(pointOf(register, 'ABCD', 1_000), '')
      } catch (error) {
        if (!(error instanceof MillwrightError)) throw error
        problems.push(`Line ${line}: ${error.message}`)
      }
    }
  }
  return problems
}

function notes(maps: ReadonlyMap<string, readonly Register[]>, ignored: readonly string[]): string[] {
  const found = [...maps].map(
    ([name, registers]) => `Map "${name}": ${registers.length} registers. Choose it at the devices.`,
  )
  const unknown = ignored.filter((each) => each !== '')
  return unknown.length === 0 ? found : [...found, `Columns that were left out: ${unknown.join(', ')}.`]
}
