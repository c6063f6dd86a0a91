import type { TelemetryMessage } from '@millwright/sdk/device'
import { type IServiceVector, ServerTCP } from 'modbus-serial'
import { type MappedRegister, registerMap, unitAt } from './registers.ts'
import type { Listening, ShownMachine, Speaker, SpeakerOptions } from './speaker.ts'

/** One machine's registers: a unit behind the controller's gateway. */
interface Unit {
  readonly machine: ShownMachine
  readonly map: readonly MappedRegister[]
  readonly input: Uint16Array
  readonly holding: Uint16Array
  readonly discrete: Uint8Array
}

/** Exception 2 of the Modbus application protocol (V1.1b3, 7), as modbus-serial takes it. */
const illegalAddress = () => Object.assign(new Error('no such address'), { modbusErrorCode: 2 })
/** Exception 3: the value does not fit. */
const illegalValue = (reason: string) => Object.assign(new Error(reason), { modbusErrorCode: 3 })

/** A Modbus TCP gateway (modbus-serial) with the machines as unit ids. */
export class ModbusSpeaker implements Speaker {
  readonly #options: SpeakerOptions
  readonly #units: readonly Unit[]
  #server: ServerTCP | undefined

  constructor(options: SpeakerOptions) {
    this.#options = options
    this.#units = options.machines.map((machine) => unitFor(machine))
  }

  start(): Promise<Listening> {
    const server = new ServerTCP(this.#vector(), {
      host: '127.0.0.1',
      port: this.#options.port,
      // 255: answers for every unit id; the vector refuses those that are not there.
      unitID: 255,
    })
    this.#server = server
    const { promise, resolve, reject } = Promise.withResolvers<Listening>()
    server.on('serverError', (error) => reject(error as unknown as Error))
    server.on('initialized', () => resolve({ port: portOf(server) ?? this.#options.port }))
    // A master that breaks off is no news.
    server.on('socketError', () => undefined)
    return promise
  }

  show(machine: string, messages: readonly TelemetryMessage[]): void {
    const unit = this.#units.find((one) => one.machine.name === machine)
    if (unit === undefined) return
    for (const { values } of messages) {
      for (const register of unit.map) {
        const value = values[register.name]
        if (register.table === 'input' && typeof value === 'number') setFloat(unit.input, register.address, value)
        else if (register.table === 'discrete' && typeof value === 'boolean') unit.discrete[register.address] = +value
      }
    }
  }

  async stop(): Promise<void> {
    const server = this.#server
    if (server !== undefined) await new Promise<void>((resolve) => server.close(() => resolve()))
  }

  #vector(): IServiceVector {
    const words = (table: 'input' | 'holding') => (from: number, length: number, id: number) => {
      const registers = this.#unit(id)[table]
      if (from + length > registers.length) throw illegalAddress()
      return Array.from(registers.subarray(from, from + length))
    }
    return {
      getMultipleInputRegisters: words('input'),
      getMultipleHoldingRegisters: words('holding'),
      getInputRegister: (address: number, id: number) => words('input')(address, 1, id)[0]!,
      getHoldingRegister: (address: number, id: number) => words('holding')(address, 1, id)[0]!,
      getDiscreteInput: (address: number, id: number) => {
        const bits = this.#unit(id).discrete
        if (address >= bits.length) throw illegalAddress()
        return bits[address] === 1
      },
      setRegisterArray: (address: number, values: number[], id: number) => this.#set(this.#unit(id), address, values),
      setRegister: (address: number, value: number, id: number) => this.#set(this.#unit(id), address, [value]),
    }
  }

  #unit(id: number): Unit {
    const unit = this.#units.find((_, place) => unitAt(place) === id)
    // Exception 11: the gateway's target does not answer.
    if (unit === undefined) throw Object.assign(new Error('no such unit'), { modbusErrorCode: 11 })
    return unit
  }

  /** A setting is a float: both its words must come in one request. */
  async #set(unit: Unit, address: number, words: readonly number[]): Promise<void> {
    const register = unit.map.find((one) => one.table === 'holding' && one.address === address)
    if (register === undefined || words.length !== 2) throw illegalAddress()
    const value = floatOf(words)
    const inForce = await this.#options.configure(unit.machine.name, { [register.name]: value })
    if ('refused' in inForce) throw illegalValue(JSON.stringify(inForce['refused']))
    setFloat(unit.holding, address, value)
  }
}

function unitFor(machine: ShownMachine): Unit {
  const map = registerMap(machine)
  const size = (table: MappedRegister['table'], width: number) =>
    map.filter((register) => register.table === table).length * width
  const unit = {
    machine,
    map,
    input: new Uint16Array(size('input', 2)),
    holding: new Uint16Array(size('holding', 2)),
    discrete: new Uint8Array(size('discrete', 1)),
  }
  for (const register of map) {
    if (register.table === 'holding') setFloat(unit.holding, register.address, Number(machine.settings[register.name]))
  }
  return unit
}

function setFloat(registers: Uint16Array, address: number, value: number): void {
  const view = new DataView(new ArrayBuffer(4))
  view.setFloat32(0, value)
  registers[address] = view.getUint16(0)
  registers[address + 1] = view.getUint16(2)
}

function floatOf(words: readonly number[]): number {
  const view = new DataView(new ArrayBuffer(4))
  view.setUint16(0, words[0]!)
  view.setUint16(2, words[1]!)
  return view.getFloat32(0)
}

/** modbus-serial keeps its socket to itself, and tells no port when it was asked for any. */
function portOf(server: ServerTCP): number | undefined {
  const address = (server as unknown as { _server?: { address(): { port: number } | null } })._server?.address()
  return address?.port
}
