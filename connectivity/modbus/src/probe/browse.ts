/**
 * What is behind a line. Modbus has no directory: a unit is found by asking each id, a register by reading it. Both are
 * done only for what is opened, a page at a time.
 */
import type { BrowseAt, ProbePorts } from '@millwright/connectivity'
import type { BrowseItem, BrowsePage } from '@millwright/contracts'
import { MillwrightError, SECOND } from '@millwright/foundation'
import { EXCEPTION, isBitTable, readFunction, TABLES, type Table } from '../codec/functions.ts'
import { encodeRequest, type Request } from '../codec/pdu.ts'
import { DEFAULTS, type ModbusConfig } from '../config.ts'
import { modbusErrors } from '../errors.ts'
import type { Lines } from '../lines.ts'
import { isLineError, type Line } from '../link/line.ts'
import { probing } from './probing.ts'

/** Where in the tree; it is the id of the item. */
interface Place {
  readonly host?: string
  readonly port?: number
  readonly unit?: number
  readonly table?: Table
}

/** A page is given back after this, with what was found, so that the person sees it. */
const PAGE_WITHIN = 9 * SECOND
/** Registers that one page looks at. */
const PAGE_REGISTERS = 100

const TABLE_NAMES: Readonly<Record<Table, string>> = {
  coil: 'Coils (0x)',
  discrete: 'Discrete inputs (1x)',
  input: 'Input registers (3x)',
  holding: 'Holding registers (4x)',
}

export function browseModbus(config: ModbusConfig, ports: ProbePorts, at: BrowseAt): Promise<BrowsePage> {
  const place = placeOf(at.node)
  if (place === undefined) return Promise.resolve(top(config))
  return probing(config, ports, async (lines) => {
    const probe = new Probe(config, lines, ports, place)
    if (place.unit === undefined) return probe.units(cursorOf(at.cursor), at.limit)
    if (place.table === undefined) return { items: tables(place) }
    return probe.registers(place.unit, place.table, cursorOf(at.cursor), Math.min(at.limit, PAGE_REGISTERS))
  })
}

function top(config: ModbusConfig): BrowsePage {
  const { transport } = config
  const own: Place = transport.type === 'rtu' ? {} : { host: transport.host, port: transport.port ?? DEFAULTS.port }
  const devices = config.devices.slice(0, 200).map((device): BrowseItem => {
    const place = placeOfDevice(own, device)
    return { ...item(place, `${device.name} (unit ${place.unit})`, 'device', true) }
  })
  const where = transport.type === 'rtu' ? transport.path : `${own.host}:${own.port}`
  const search = item(own, `Search for units at ${where}`, 'folder', true)
  return {
    items: [...devices, { ...search, description: 'Asks each unit id; takes a timeout for each that is not there' }],
  }
}

const placeOfDevice = (own: Place, device: ModbusConfig['devices'][number]): Place => ({
  ...own,
  ...(device.host === undefined ? {} : { host: device.host }),
  ...(device.port === undefined ? {} : { port: device.port }),
  unit: device.unit ?? DEFAULTS.unit,
})

const tables = (place: Place): BrowseItem[] =>
  TABLES.map((table) => item({ ...place, table }, TABLE_NAMES[table], 'folder', true))

const item = (place: Place, name: string, kind: BrowseItem['kind'], hasChildren: boolean): BrowseItem => ({
  id: JSON.stringify(place),
  name,
  kind,
  hasChildren,
})

class Probe {
  readonly #config: ModbusConfig
  readonly #ports: ProbePorts
  readonly #place: Place
  readonly #line: Line
  readonly #until: number

  constructor(config: ModbusConfig, lines: Lines, ports: ProbePorts, place: Place) {
    this.#config = config
    this.#ports = ports
    this.#place = place
    this.#line = lines.line({ host: place.host, port: place.port })
    // Many units are asked in vain: one that does not answer is not the line's failure.
    this.#line.users = 255
    this.#until = ports.clock.steady() + PAGE_WITHIN
  }

  async units(from: number, limit: number): Promise<BrowsePage> {
    const items: BrowseItem[] = []
    let unit = Math.max(1, from)
    for (; unit <= 247 && items.length < limit && !this.#late; unit++) {
      const found = await this.#try(unit, { function: 3, address: 0, count: 1 })
      if (found === undefined) continue
      const place = { ...this.#place, unit }
      const pick = { path: '/devices', value: { ...this.#place, name: `Unit ${unit}`, unit, registers: [] } }
      items.push({ ...item(place, `Unit ${unit}`, 'device', true), pick })
    }
    return unit <= 247 ? { items, next: String(unit) } : { items }
  }

  async registers(unit: number, table: Table, from: number, limit: number): Promise<BrowsePage> {
    const items: BrowseItem[] = []
    const end = Math.min(from + limit, 0x10000)
    // Ranges still to be read, the next one last: a refused one is halved.
    const todo: [start: number, count: number][] = [[from, end - from]]
    let next = end
    for (let range = todo.pop(); range !== undefined; range = todo.pop()) {
      const [start, count] = range
      if (this.#late) {
        next = start
        break
      }
      const data = await this.#try(unit, { function: readFunction[table], address: start, count })
      if (data instanceof Uint8Array) {
        for (let at = 0; at < count; at++) items.push(this.#register(unit, table, start + at, data, at))
      } else if (data === 'refused' && count > 1) {
        const half = count >> 1
        todo.push([start + half, count - half], [start, half])
      } else if (data === 'unsupported') return { items: [] }
      else if (data === undefined) throw modbusErrors.timeout(this.#silence(unit))
    }
    return next < 0x10000 ? { items, next: String(next) } : { items }
  }

  get #late(): boolean {
    return this.#ports.signal.aborted || this.#ports.clock.steady() > this.#until
  }

  #silence(unit: number) {
    return { device: `Unit ${unit}`, request: 'the read', timeout: this.#config.timeout ?? DEFAULTS.timeout }
  }

  /** The data; what it was refused for; undefined: nobody there. Rejects when the line itself is down. */
  async #try(unit: number, request: Request): Promise<Uint8Array | 'refused' | 'unsupported' | undefined> {
    const asking = { name: `Unit ${unit}`, unit, timeout: this.#config.timeout ?? DEFAULTS.timeout, pause: 0 }
    try {
      return await this.#line.ask(asking, request, encodeRequest(request))
    } catch (error) {
      if (!(error instanceof MillwrightError) || isLineError(error)) throw error
      const code = error.details['exceptionCode']
      if (code === undefined || code === EXCEPTION.gatewayPath || code === EXCEPTION.gatewayTarget) return undefined
      return code === EXCEPTION.illegalFunction ? 'unsupported' : 'refused'
    }
  }

  #register(unit: number, table: Table, address: number, data: Uint8Array, at: number): BrowseItem {
    const bits = isBitTable(table)
    const raw = bits ? (data[at >> 3]! >> (at & 7)) & 1 : (data[2 * at]! << 8) | data[2 * at + 1]!
    const name = `${{ coil: 'Coil', discrete: 'Discrete input', input: 'Input register', holding: 'Holding register' }[table]} ${address}`
    const register = { name, table, address, type: bits ? 'bool' : 'uint16' }
    return {
      ...item({ ...this.#place, unit, table }, name, 'variable', false),
      id: JSON.stringify({ ...this.#place, unit, table, address }),
      dataType: bits ? 'bool' : 'uint16',
      value: bits ? String(raw === 1) : `${raw} (0x${raw.toString(16).padStart(4, '0').toUpperCase()})`,
      writable: table === 'coil' || table === 'holding',
      pick: this.#pick(unit, register),
    }
  }

  /** Into the device that is configured for this unit, or into a new one. */
  #pick(unit: number, register: object): { path: string; value: unknown } {
    const { transport, devices } = this.#config
    const own: Place = transport.type === 'rtu' ? {} : { host: transport.host, port: transport.port ?? DEFAULTS.port }
    const wanted = JSON.stringify({ ...this.#place, unit, table: undefined })
    const index = devices.findIndex((device) => JSON.stringify(placeOfDevice(own, device)) === wanted)
    if (index >= 0) return { path: `/devices/${index}/registers`, value: register }
    const { table: _, ...where } = this.#place
    return { path: '/devices', value: { ...where, name: `Unit ${unit}`, unit, registers: [register] } }
  }
}

function placeOf(node: string | undefined): Place | undefined {
  if (node === undefined) return undefined
  try {
    const { host, port, unit, table } = JSON.parse(node) as Record<string, unknown>
    return {
      ...(typeof host === 'string' && host.length <= 253 ? { host } : {}),
      ...(isIn(port, 1, 65_535) ? { port } : {}),
      ...(isIn(unit, 0, 255) ? { unit } : {}),
      ...(TABLES.includes(table as Table) ? { table: table as Table } : {}),
    }
  } catch (cause) {
    throw modbusErrors.configuration({ what: 'There is no such item: browse from the top.', path: '/node', cause })
  }
}

const isIn = (value: unknown, least: number, most: number): value is number =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most

function cursorOf(cursor: string | undefined): number {
  const number = cursor === undefined ? 0 : Number(cursor)
  if (!isIn(number, 0, 0xffff))
    throw modbusErrors.configuration({ what: 'The cursor is not one that this list gave.', path: '/cursor' })
  return number
}
