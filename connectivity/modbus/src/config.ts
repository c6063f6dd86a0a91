/** What a Modbus connection is configured with. Times in milliseconds; addresses count from 0, as on the wire. */
import { serialFields } from '@millwright/connectivity'
import { Choice, Key, Name, Strict } from '@millwright/contracts'
import { type Static, Type } from 'typebox'
import { TABLES } from './codec/functions.ts'

export const DEFAULTS = {
  port: 502,
  baudRate: 19_200,
  parity: 'even',
  unit: 1,
  interval: 1_000,
  timeout: 1_000,
  pause: 0,
  maxRegisters: 125,
  maxCoils: 2_000,
  gap: 10,
  order: 'ABCD',
} as const

export const ORDERS = ['ABCD', 'CDAB', 'BADC', 'DCBA'] as const
export type Order = (typeof ORDERS)[number]

export const TYPES = [
  'bool',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'uint64',
  'float32',
  'float64',
  'string',
] as const
export type RegisterType = (typeof TYPES)[number]

const choice = <const T extends readonly string[]>(values: T, title: string, description: string) =>
  Type.Unsafe<T[number]>({ ...Choice(values, description), title })

const Host = Type.String({
  title: 'Host',
  description: 'Name or IP address',
  minLength: 1,
  maxLength: 253,
  pattern: '^[^\\s/]+$',
})
const Port = Type.Integer({ title: 'Port', description: 'TCP port', minimum: 1, maximum: 65_535, default: 502 })

const parity = Type.Optional(
  Type.Unsafe<'even' | 'odd' | 'none'>({
    ...choice(['even', 'odd', 'none'], 'Parity', 'The standard’s own is even'),
    default: DEFAULTS.parity,
  }),
)

const Transport = Type.Union(
  [
    Strict({ type: Type.Literal('tcp', { title: 'Modbus TCP' }), host: Host, port: Type.Optional(Port) }),
    Strict({ type: Type.Literal('rtu', { title: 'Modbus RTU, serial port' }), ...serialFields, parity }),
    Strict({
      type: Type.Literal('rtu-over-tcp', { title: 'Modbus RTU through a serial server' }),
      host: Host,
      port: Type.Optional(Port),
    }),
  ],
  { title: 'Transport', description: 'How the devices are reached' },
)

export const Register = Strict({
  name: Type.Unsafe<string>({ ...Key, title: 'Name', description: 'Of the metric, as "Motor temperature"' }),
  table: Type.Optional(
    Type.Unsafe<(typeof TABLES)[number]>({
      ...choice(TABLES, 'Table', 'Coil (0x), discrete input (1x), input register (3x) or holding register (4x)'),
      default: 'holding',
    }),
  ),
  address: Type.Integer({
    title: 'Address',
    description: 'From 0, as on the wire: a manual’s 40001 is holding register 0',
    minimum: 0,
    maximum: 65_535,
  }),
  type: Type.Optional(
    Type.Unsafe<RegisterType>({
      ...choice(TYPES, 'Type', 'What the registers hold; bool for coils and discrete inputs'),
      default: 'uint16',
    }),
  ),
  length: Type.Optional(
    Type.Integer({ title: 'Length', description: 'Registers of a string', minimum: 1, maximum: 123 }),
  ),
  bit: Type.Optional(
    Type.Integer({
      title: 'Bit',
      description: 'Of the register, 0 is the lowest; with "bits" the lowest of the field',
      minimum: 0,
      maximum: 31,
    }),
  ),
  bits: Type.Optional(
    Type.Integer({ title: 'Bits', description: 'How many bits the field has', minimum: 1, maximum: 32 }),
  ),
  order: Type.Optional(
    choice(
      ORDERS,
      'Byte order',
      'Of the four bytes of two registers: ABCD big-endian (the standard), CDAB words swapped, BADC bytes swapped, DCBA little-endian',
    ),
  ),
  scale: Type.Optional(Type.Number({ title: 'Scale', description: 'Value = raw × scale + offset', default: 1 })),
  offset: Type.Optional(Type.Number({ title: 'Offset', description: 'Value = raw × scale + offset', default: 0 })),
  unit: Type.Optional(Type.String({ title: 'Unit', description: 'UCUM code, as Cel, bar, kW.h', maxLength: 40 })),
  interval: Type.Optional(
    Type.Integer({
      title: 'Interval',
      description: 'ms between reads; without it the connection’s',
      minimum: 10,
      maximum: 86_400_000,
    }),
  ),
  writable: Type.Optional(
    Type.Boolean({ title: 'Writable', description: 'May be written by commands', default: false }),
  ),
  minimum: Type.Optional(Type.Number({ title: 'Least', description: 'Least value that may be written' })),
  maximum: Type.Optional(Type.Number({ title: 'Most', description: 'Greatest value that may be written' })),
  states: Type.Optional(
    Type.Array(
      Strict({
        value: Type.Integer({ title: 'Value', description: 'What the register holds' }),
        name: Type.String({ title: 'State', description: 'What it means', minLength: 1, maxLength: 120 }),
      }),
      { title: 'States', description: 'Names of values, as 0 = Stopped, 1 = Running', maxItems: 200 },
    ),
  ),
  invalid: Type.Optional(
    Type.Array(Type.Number(), {
      title: 'Invalid',
      description: 'Raw values by which the device says that it has none, as 65535 or -32768',
      maxItems: 8,
    }),
  ),
})
export type Register = Static<typeof Register>

const registers = (most: number) =>
  Type.Array(Register, { title: 'Registers', description: 'What is read', maxItems: most })

/** Of the connection, with what is usual; and of single devices, without: theirs is the connection's. */
const timing = (standard: { timeout?: number; pause?: number }) => {
  const usual = (value: number | undefined) => (value === undefined ? {} : { default: value })
  return {
    timeout: Type.Optional(
      Type.Integer({
        title: 'Timeout',
        description: 'ms to wait for an answer',
        minimum: 20,
        maximum: 60_000,
        ...usual(standard.timeout),
      }),
    ),
    pause: Type.Optional(
      Type.Integer({
        title: 'Pause',
        description: 'ms of rest that is needed after each answer',
        minimum: 0,
        maximum: 10_000,
        ...usual(standard.pause),
      }),
    ),
  }
}

const Device = Strict({
  name: Type.Unsafe<string>({
    ...Name,
    title: 'Name',
    description: 'Its readings belong to a device of this name behind the connection',
  }),
  unit: Type.Optional(
    Type.Integer({
      title: 'Unit id',
      description: 'Address on the bus or behind the gateway; devices with a TCP port of their own mostly take any',
      minimum: 0,
      maximum: 255,
      default: 1,
    }),
  ),
  host: Type.Optional(Type.Unsafe<string>({ ...Host, description: 'When it is not the transport’s' })),
  port: Type.Optional(
    Type.Integer({ title: 'Port', description: 'When it is not the transport’s', minimum: 1, maximum: 65_535 }),
  ),
  map: Type.Optional(
    Type.String({
      title: 'Register map',
      description: 'Name of one of the maps, for devices that are alike',
      maxLength: 120,
    }),
  ),
  registers: Type.Optional(registers(10_000)),
  maxRegisters: Type.Optional(
    Type.Integer({
      title: 'Registers at once',
      description: 'Most that one request may ask',
      minimum: 1,
      maximum: 125,
      default: 125,
    }),
  ),
  maxCoils: Type.Optional(
    Type.Integer({
      title: 'Coils at once',
      description: 'Most that one request may ask',
      minimum: 1,
      maximum: 2_000,
      default: 2_000,
    }),
  ),
  gap: Type.Optional(
    Type.Integer({
      title: 'Gap',
      description: 'Unused registers that may be read along to save a request; 0: none',
      minimum: 0,
      maximum: 124,
      default: 10,
    }),
  ),
  ...timing({}),
})
export type DeviceConfig = Static<typeof Device>

const RegisterMap = Strict({
  name: Type.Unsafe<string>({ ...Name, title: 'Name', description: 'As the make and model' }),
  order: Type.Optional(choice(ORDERS, 'Byte order', 'Of its registers, unless they say otherwise')),
  registers: registers(10_000),
})
export type RegisterMap = Static<typeof RegisterMap>

export const configSchema = Strict({
  transport: Transport,
  devices: Type.Array(Device, {
    title: 'Devices',
    description: 'What answers under a unit id; each with registers of its own, a register map, or both',
    maxItems: 5_000,
    default: [],
  }),
  maps: Type.Optional(
    Type.Array(RegisterMap, { title: 'Register maps', description: 'Shared by devices that are alike', maxItems: 500 }),
  ),
  interval: Type.Optional(
    Type.Integer({
      title: 'Interval',
      description: 'ms between reads of registers that do not say otherwise',
      minimum: 10,
      maximum: 86_400_000,
      default: 1_000,
    }),
  ),
  order: Type.Optional(
    Type.Unsafe<Order>({
      ...choice(ORDERS, 'Byte order', 'Of registers and maps that do not say otherwise'),
      default: 'ABCD',
    }),
  ),
  ...timing(DEFAULTS),
})
export type ModbusConfig = Static<typeof configSchema>
export type Transport = Static<typeof Transport>
