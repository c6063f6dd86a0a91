import { parseUnit } from '@millwright/foundation'
import { DEFAULTS, type DeviceConfig, type ModbusConfig, type Register } from '../config.ts'
import { modbusErrors } from '../errors.ts'
import { type Point, pointOf } from '../values/layout.ts'
import { planReads, type ReadLimits, type ReadRange } from './plan.ts'

/** What is read at one rate. */
export interface Rate {
  /** ms. */
  readonly interval: number
  readonly ranges: readonly ReadRange[]
}

/** All that one device is asked for. Devices that are alike share one. */
export interface Program {
  readonly points: ReadonlyMap<string, Point>
  readonly rates: readonly Rate[]
  readonly limits: ReadLimits
}

/** Where and how a device is reached, with what is left open filled in. Times in ms. */
export interface Target {
  readonly name: string
  readonly unit: number
  /** undefined: the transport's. */
  readonly host: string | undefined
  readonly port: number | undefined
  readonly timeout: number
  readonly pause: number
  readonly program: Program
}

/** The devices of a configuration. Throws a MillwrightError with `path` for what the schema cannot say. */
export function targetsOf(config: ModbusConfig): Target[] {
  const compiler = new Compiler(config)
  const names = new Set<string>()
  return config.devices.map((device, index) => {
    const path = `/devices/${index}`
    if (names.has(device.name)) throw wrong(`${path}/name`, `Two devices are named ${device.name}.`)
    names.add(device.name)
    if (config.transport.type === 'rtu') checkSerial(device, path)
    if (config.transport.type !== 'tcp' && (device.unit ?? DEFAULTS.unit) === 0) {
      throw wrong(`${path}/unit`, 'Unit 0 is the broadcast of a serial line: nobody answers it.')
    }
    return {
      name: device.name,
      unit: device.unit ?? DEFAULTS.unit,
      host: device.host,
      port: device.port,
      timeout: device.timeout ?? config.timeout ?? DEFAULTS.timeout,
      pause: device.pause ?? config.pause ?? DEFAULTS.pause,
      program: compiler.program(device, path),
    }
  })
}

function checkSerial(device: DeviceConfig, path: string): void {
  if (device.host !== undefined || device.port !== undefined) {
    throw wrong(
      `${path}/${device.host === undefined ? 'port' : 'host'}`,
      'A device on a serial port has no host or port.',
    )
  }
  if ((device.unit ?? DEFAULTS.unit) > 247) throw wrong(`${path}/unit`, 'Units on a serial line go from 1 to 247.')
}

class Compiler {
  readonly #config: ModbusConfig
  readonly #maps = new Map<string, readonly Point[]>()
  readonly #shared = new Map<string, Program>()

  constructor(config: ModbusConfig) {
    this.#config = config
    config.maps?.forEach((map, index) => {
      const path = `/maps/${index}`
      if (this.#maps.has(map.name)) throw wrong(`${path}/name`, `Two register maps are named ${map.name}.`)
      const points = this.#points(map.registers, map.order ?? this.#order, `${path}/registers`)
      this.#maps.set(map.name, points)
    })
  }

  get #order() {
    return this.#config.order ?? DEFAULTS.order
  }

  program(device: DeviceConfig, path: string): Program {
    const limits = {
      maxRegisters: device.maxRegisters ?? DEFAULTS.maxRegisters,
      maxCoils: device.maxCoils ?? DEFAULTS.maxCoils,
      gap: device.gap ?? DEFAULTS.gap,
    }
    const shared = device.map === undefined || device.map === '' ? [] : this.#maps.get(device.map)
    if (shared === undefined) throw wrong(`${path}/map`, `There is no register map named ${device.map}.`)
    if (device.registers !== undefined && device.registers.length > 0) {
      const own = this.#points(device.registers, this.#order, `${path}/registers`)
      return compile([...shared, ...own], limits, path)
    }
    const key = JSON.stringify([device.map, limits])
    let program = this.#shared.get(key)
    if (program === undefined) {
      program = compile(shared, limits, path)
      this.#shared.set(key, program)
    }
    return program
  }

  #points(registers: readonly Register[], order: ModbusConfig['order'] & string, path: string): Point[] {
    const interval = this.#config.interval ?? DEFAULTS.interval
    return registers.map((register, index) => {
      const point = pointOf(register, order, interval)
      checkPoint(point, `${path}/${index}`)
      return point
    })
  }
}

function compile(points: readonly Point[], limits: ReadLimits, path: string): Program {
  const byName = new Map<string, Point>()
  const byInterval = new Map<number, Point[]>()
  for (const point of points) {
    if (byName.has(point.name)) throw wrong(`${path}/registers`, `Two registers are named ${point.name}.`)
    byName.set(point.name, point)
    if (point.type !== 'bool' && point.size > limits.maxRegisters) {
      throw wrong(`${path}/maxRegisters`, `${point.name} alone takes ${point.size} registers.`)
    }
    const same = byInterval.get(point.interval)
    if (same === undefined) byInterval.set(point.interval, [point])
    else same.push(point)
  }
  const rates = [...byInterval].map(([interval, group]) => ({ interval, ranges: planReads(group, limits) }))
  return { points: byName, rates, limits }
}

/** What a register's fields say of each other. Throws a MillwrightError. */
export function checkPoint(point: Point, path: string): void {
  const { name, table, type, bit, bits, size } = point
  if (point.address + size > 0x10000) throw wrong(`${path}/address`, `${name} ends beyond the last register, 65535.`)
  if (bits !== undefined && bit === undefined)
    throw wrong(`${path}/bit`, `${name} has "bits" but not where they begin.`)
  if (bit !== undefined) {
    if (table === 'coil' || table === 'discrete') throw wrong(`${path}/bit`, `${name} is a bit already.`)
    if (!['bool', 'uint16', 'uint32'].includes(type)) {
      throw wrong(`${path}/type`, `${name} is a part of a register: its type is bool, uint16 or uint32.`)
    }
    if (bit + (type === 'bool' ? 1 : (bits ?? 1)) > size * 16) {
      throw wrong(`${path}/bit`, `${name} ends beyond bit ${size * 16 - 1} of its register.`)
    }
    if (point.writable && size > 1) throw wrong(`${path}/writable`, `${name}: bits of two registers cannot be written.`)
  }
  if (point.unit !== undefined) parseUnit(point.unit, `${path}/unit`)
  if (point.scale === 0) throw wrong(`${path}/scale`, `${name} has a scale of 0.`)
  if (point.writable && (table === 'discrete' || table === 'input')) {
    throw wrong(`${path}/writable`, `${name} lies in a table that Modbus cannot write.`)
  }
  if (point.states !== undefined && (type === 'string' || type === 'float32' || type === 'float64')) {
    throw wrong(`${path}/states`, `${name} has states, but no whole numbers.`)
  }
  if (point.minimum > point.maximum) throw wrong(`${path}/minimum`, `${name}: the least value is above the greatest.`)
}

const wrong = (path: string, what: string) => modbusErrors.configuration({ path, what })
