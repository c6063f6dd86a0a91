/** Function codes of the Modbus Application Protocol V1.1b3, chapter 6, as far as they carry data. */
export const FUNCTION = {
  readCoils: 1,
  readDiscreteInputs: 2,
  readHoldingRegisters: 3,
  readInputRegisters: 4,
  writeSingleCoil: 5,
  writeSingleRegister: 6,
  writeMultipleCoils: 15,
  writeMultipleRegisters: 16,
  maskWriteRegister: 22,
  readWriteMultipleRegisters: 23,
} as const

/** The four tables of the data model, as people name them. */
export const TABLES = ['coil', 'discrete', 'input', 'holding'] as const
export type Table = (typeof TABLES)[number]

export const readFunction: Readonly<Record<Table, 1 | 2 | 3 | 4>> = { coil: 1, discrete: 2, holding: 3, input: 4 }

/** Tables of single bits; the others are of 16-bit registers. */
export const isBitTable = (table: Table): boolean => table === 'coil' || table === 'discrete'

/** Most that one request may ask for (6.1 to 6.17). */
export const MOST = {
  readBits: 2000,
  readRegisters: 125,
  writeBits: 1968,
  writeRegisters: 123,
  readWriteWrite: 121,
} as const

/** Exception codes (chapter 7): name and what a person can do about it. */
const EXCEPTIONS: Readonly<Record<number, readonly [name: string, advice: string]>> = {
  1: ['Illegal Function', 'The device does not know this kind of request: check the table of the register.'],
  2: ['Illegal Data Address', 'The device has no such register: check address and table (0-based addresses).'],
  3: ['Illegal Data Value', 'The device takes no such value or not so many registers at once.'],
  4: ['Server Device Failure', 'The device could not do it.'],
  5: ['Acknowledge', 'The device needs long for it; ask again later.'],
  6: ['Server Device Busy', 'The device is busy; it is asked again.'],
  8: ['Memory Parity Error', 'The device’s memory is damaged.'],
  10: ['Gateway Path Unavailable', 'The gateway has no way to this unit: check its routing and the unit id.'],
  11: ['Gateway Target Device Failed To Respond', 'The unit behind the gateway is off or has another unit id.'],
}

export const EXCEPTION = {
  illegalFunction: 1,
  illegalAddress: 2,
  illegalValue: 3,
  gatewayPath: 10,
  gatewayTarget: 11,
} as const

export const exceptionText = (code: number): readonly [name: string, advice: string] =>
  EXCEPTIONS[code] ?? ['unknown exception', 'See the device’s manual.']
