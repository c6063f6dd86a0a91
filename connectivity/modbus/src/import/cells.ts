import { TABLES, type Table } from '../codec/functions.ts'
import { ORDERS, type Order, type Register, type RegisterType, TYPES } from '../config.ts'
import { modbusErrors } from '../errors.ts'

const TABLE_WORDS: Readonly<Record<string, Table>> = {
  coil: 'coil',
  coils: 'coil',
  '0x': 'coil',
  discrete: 'discrete',
  discreteinput: 'discrete',
  discreteinputs: 'discrete',
  '1x': 'discrete',
  input: 'input',
  inputregister: 'input',
  inputregisters: 'input',
  '3x': 'input',
  holding: 'holding',
  holdingregister: 'holding',
  holdingregisters: 'holding',
  '4x': 'holding',
}

const TYPE_WORDS: Readonly<Record<string, RegisterType>> = {
  boolean: 'bool',
  bit: 'bool',
  short: 'int16',
  int: 'int16',
  s16: 'int16',
  sint16: 'int16',
  word: 'uint16',
  u16: 'uint16',
  uint: 'uint16',
  dint: 'int32',
  long: 'int32',
  s32: 'int32',
  sint32: 'int32',
  dword: 'uint32',
  u32: 'uint32',
  s64: 'int64',
  u64: 'uint64',
  float: 'float32',
  real: 'float32',
  f32: 'float32',
  double: 'float64',
  lreal: 'float64',
  f64: 'float64',
  ascii: 'string',
  text: 'string',
}

const ORDER_WORDS: Readonly<Record<string, Order>> = {
  BIG: 'ABCD',
  BE: 'ABCD',
  LITTLE: 'DCBA',
  LE: 'DCBA',
  SWAPPED: 'CDAB',
  WORDSWAPPED: 'CDAB',
  BYTESWAPPED: 'BADC',
}

/** One register from the cells of its line, by the names of the configuration. */
export function readCell(cells: Readonly<Record<string, string>>, line: number): Register {
  const read = new Cells(cells, line)
  const name = cells['name']
  if (name === undefined) throw read.wrong('name', 'is empty')
  if (name.length > 200) throw read.wrong('name', 'has more than 200 characters')
  const { table, address, bit } = read.address()
  const { type, length } = read.type(table)
  return {
    name,
    table,
    address,
    type,
    ...given('length', length ?? read.integer('length', 1, 123)),
    ...given('bit', bit ?? read.integer('bit', 0, 31)),
    ...given('bits', read.integer('bits', 1, 32)),
    ...given(
      'order',
      read.word('order', (text) => orderOf(text), ORDERS),
    ),
    ...given('scale', read.number('scale')),
    ...given('offset', read.number('offset')),
    ...given('unit', cells['unit']),
    ...given('interval', read.integer('interval', 10, 86_400_000)),
    ...given('writable', read.writable()),
    ...given('minimum', read.number('minimum')),
    ...given('maximum', read.number('maximum')),
    ...given('states', read.states()),
    ...given('invalid', cells['invalid'] === undefined ? undefined : [read.number('invalid')!]),
  }
}

const given = <K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } =>
  (value === undefined ? {} : { [key]: value }) as { [P in K]?: V }

const orderOf = (text: string): Order | undefined => {
  const upper = text.toUpperCase().replace(/[^A-Z]/g, '')
  return ORDERS.find((order) => order === upper) ?? ORDER_WORDS[upper.replace(/ENDIAN$/, '')]
}

class Cells {
  readonly #cells: Readonly<Record<string, string>>
  readonly #line: number

  constructor(cells: Readonly<Record<string, string>>, line: number) {
    this.#cells = cells
    this.#line = line
  }

  wrong(column: string, what: string) {
    const shown = this.#cells[column]
    const cell = shown === undefined ? '' : ` "${shown.slice(0, 60)}"`
    return modbusErrors.csv({ what: `Line ${this.#line}, ${column}${cell} ${what}.`, path: `${this.#line}/${column}` })
  }

  /**
   * With a table: the address as on the wire, from 0. Without one: as manuals write it, 40001 or 400001 for holding
   * register 0 (3… input registers, 1… discrete inputs, 0… coils). `.n` is a bit.
   */
  address(): { table: Table; address: number; bit: number | undefined } {
    const text = this.#cells['address']
    if (text === undefined) throw this.wrong('address', 'is empty')
    const match = /^(0x[0-9a-f]{1,4}|\d{1,6})(?:\.(\d{1,2}))?$/i.exec(text)
    if (match === null) throw this.wrong('address', 'is not an address as 12, 0x0C, 40013 or 40013.5')
    const bit = match[2] === undefined ? undefined : Number(match[2])
    if (bit !== undefined && bit > 31) throw this.wrong('address', 'names a bit beyond 31')
    const digits = match[1]!
    const table = this.word('table', (word) => TABLE_WORDS[word.toLowerCase().replace(/[^a-z0-9]/g, '')], TABLES)
    if (table !== undefined) {
      const address = Number(digits)
      if (address > 65_535)
        throw this.wrong('address', 'is beyond 65535: with a table, addresses count from 0 as on the wire')
      return { table, address, bit }
    }
    const known = { '0': 'coil', '1': 'discrete', '3': 'input', '4': 'holding' }[digits[0]!] as Table | undefined
    const number = Number(digits.slice(1))
    if (!/^\d{5,6}$/.test(digits) || known === undefined || number < 1 || number > 65_536) {
      throw this.wrong(
        'address',
        'needs a column "table", or the form 40001 (holding), 30001 (input), 10001 (discrete), 00001 (coil)',
      )
    }
    return { table: known, address: number - 1, bit }
  }

  /** `string(8)` has its length in registers. */
  type(table: Table): { type: RegisterType; length: number | undefined } {
    if (table === 'coil' || table === 'discrete') return { type: 'bool', length: undefined }
    const text = this.#cells['type']
    if (text === undefined) return { type: 'uint16', length: undefined }
    const sized = /^(\w+)\s*[([](\d{1,3})[)\]]$/.exec(text)
    const word = (sized?.[1] ?? text).toLowerCase().replace(/[^a-z0-9]/g, '')
    const type = TYPES.find((each) => each === word) ?? TYPE_WORDS[word]
    if (type === undefined) throw this.wrong('type', `is not one of ${TYPES.join(', ')}`)
    const length = sized === null ? undefined : Number(sized[2])
    if (length !== undefined && (type !== 'string' || length < 1 || length > 123)) {
      throw this.wrong('type', 'has a length that does not fit: string(1) to string(123), in registers')
    }
    return { type, length }
  }

  word<T>(column: string, known: (text: string) => T | undefined, all: readonly string[]): T | undefined {
    const text = this.#cells[column]
    if (text === undefined) return undefined
    const found = known(text)
    if (found === undefined) throw this.wrong(column, `is not one of ${all.join(', ')}`)
    return found
  }

  integer(column: string, least: number, most: number): number | undefined {
    const value = this.number(column)
    if (value === undefined) return undefined
    if (!Number.isInteger(value) || value < least || value > most) {
      throw this.wrong(column, `is not a whole number from ${least} to ${most}`)
    }
    return value
  }

  number(column: string): number | undefined {
    const text = this.#cells[column]
    if (text === undefined) return undefined
    // A fraction as manuals write it, and the comma of half of Europe.
    const fraction = /^1\/(\d{1,12})$/.exec(text)
    const value = fraction === null ? Number(text.replace(/^([-+]?\d*),(\d+)$/, '$1.$2')) : 1 / Number(fraction[1])
    if (!Number.isFinite(value)) throw this.wrong(column, 'is not a number')
    return value
  }

  writable(): boolean | undefined {
    const text = this.#cells['writable']?.toLowerCase().replace(/[^a-z0-9]/g, '')
    if (text === undefined) return undefined
    if (['true', 'yes', '1', 'x', 'rw', 'w', 'wo', 'readwrite', 'write'].includes(text)) return true
    if (['false', 'no', '0', '', 'r', 'ro', 'readonly', 'read'].includes(text)) return false
    throw this.wrong('writable', 'is not yes or no (or rw, r)')
  }

  /** `0=Stopped|1=Running`; also with `;` or `,` between. */
  states(): { value: number; name: string }[] | undefined {
    const text = this.#cells['states']
    if (text === undefined) return undefined
    return text.split(/[|;,]/).map((part) => {
      const match = /^\s*(-?\d{1,10})\s*[=:]\s*(\S.{0,119}?)\s*$/.exec(part)
      if (match === null) throw this.wrong('states', 'is not of the form 0=Stopped|1=Running')
      return { value: Number(match[1]), name: match[2]! }
    })
  }
}
