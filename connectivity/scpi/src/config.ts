/** What a connection to an instrument is configured with. Times in milliseconds. */
import { Choice, Key, Strict } from '@millwright/contracts'
import { type Static, Type } from 'typebox'

export const DEFAULTS = { port: 5025, timeout: 5_000, interval: 1_000, longest: 4 << 20, terminator: '\\n' } as const

export const FORMATS = ['ascii', 'int8', 'uint8', 'int16', 'uint16', 'int32', 'real32', 'real64'] as const
export type BlockFormat = (typeof FORMATS)[number]

const titled = <const T extends readonly string[]>(
  values: T,
  title: string,
  description: string,
  standard: T[number],
) => Type.Optional(Type.Unsafe<T[number]>({ ...Choice(values), title, description, default: standard }))

/** One line of what an instrument understands. */
const Command = (title: string, description: string) =>
  Type.String({ title, description, minLength: 1, maxLength: 1_000, pattern: '^[^\\u0000-\\u001f\\u007f]+$' })

const Metric = Type.Unsafe<string>({ ...Key, title: 'Metric', description: 'Its name in the platform' })
const Unit = Type.Optional(Type.String({ title: 'Unit', description: 'UCUM code, as V, A, Ohm, Hz', maxLength: 40 }))
const Scale = Type.Optional(Type.Number({ title: 'Scale', description: 'Value = number × scale + offset', default: 1 }))
const Offset = Type.Optional(
  Type.Number({ title: 'Offset', description: 'Value = number × scale + offset', default: 0 }),
)

const Result = Type.Union(
  [
    Strict({
      type: Type.Literal('number', { title: 'Number' }),
      metric: Metric,
      unit: Unit,
      scale: Scale,
      offset: Offset,
    }),
    Strict({ type: Type.Literal('boolean', { title: 'On or off' }), metric: Metric }),
    Strict({ type: Type.Literal('text', { title: 'Text' }), metric: Metric }),
    Strict({
      type: Type.Literal('list', { title: 'List of numbers, each a metric' }),
      metrics: Type.Array(Type.Unsafe<string>({ type: 'string', maxLength: 200 }), {
        title: 'Metrics',
        description: 'Names in the order of the answer; empty: left out',
        minItems: 1,
        maxItems: 1_000,
      }),
      unit: Unit,
      scale: Scale,
      offset: Offset,
    }),
    Strict({
      type: Type.Literal('waveform', { title: 'Waveform: a block or list of samples' }),
      metric: Metric,
      unit: Unit,
      format: titled(FORMATS, 'Format', 'Of the samples in the block, as FORMat:DATA was set', 'ascii'),
      byteOrder: titled(['big', 'little'], 'Byte order', 'FORMat:BORDer NORMal is big, SWAPped little', 'big'),
      sampleRate: Type.Optional(
        Type.Number({ title: 'Sample rate', description: 'Hz', exclusiveMinimum: 0, maximum: 1e9 }),
      ),
      sampleRateQuery: Type.Optional(
        Command('Query of the sample rate', 'Asked before each waveform when no rate is given, as ACQ:SRAT?'),
      ),
      scale: Scale,
      offset: Offset,
    }),
  ],
  { title: 'Result', description: 'What the answer is' },
)
export type Result = Static<typeof Result>

const Step = Strict({
  send: Command('Command', 'As MEAS:VOLT:DC? (has an answer) or TRIG (has none)'),
  result: Type.Optional(Result),
})
export type Step = Static<typeof Step>

const Script = Strict({
  interval: Type.Optional(
    Type.Integer({
      title: 'Interval',
      description: 'ms between runs',
      minimum: 10,
      maximum: 86_400_000,
      default: DEFAULTS.interval,
    }),
  ),
  steps: Type.Array(Step, { title: 'Steps', description: 'One after the other', minItems: 1, maxItems: 200 }),
})
export type Script = Static<typeof Script>

const Output = Strict({
  metric: Metric,
  command: Command('Command', 'With {value} where the value stands, as VOLT {value}'),
  query: Type.Optional(Command('Query', 'To read it back, as VOLT?')),
  type: titled(['number', 'boolean', 'text'], 'Type', 'Of the value; boolean is sent as 1 or 0', 'number'),
  minimum: Type.Optional(Type.Number({ title: 'Least', description: 'Least value' })),
  maximum: Type.Optional(Type.Number({ title: 'Most', description: 'Greatest value' })),
  unit: Unit,
})
export type Output = Static<typeof Output>

export const configSchema = Strict({
  host: Type.String({
    title: 'Host',
    description: 'Name or IP address of the instrument',
    minLength: 1,
    maxLength: 253,
    pattern: '^[^\\s/]+$',
  }),
  port: Type.Optional(
    Type.Integer({
      title: 'Port',
      description: 'Of its raw socket',
      minimum: 1,
      maximum: 65_535,
      default: DEFAULTS.port,
    }),
  ),
  timeout: Type.Optional(
    Type.Integer({
      title: 'Timeout',
      description: 'ms to wait for an answer; slow measurements take seconds',
      minimum: 50,
      maximum: 600_000,
      default: DEFAULTS.timeout,
    }),
  ),
  identity: Type.Optional(
    Type.String({
      title: 'Identity',
      description:
        'What its answer to *IDN? must hold, as a serial number: another instrument at the address is not used',
      maxLength: 200,
    }),
  ),
  setup: Type.Optional(
    Type.Array(Command('Command', 'Without an answer'), {
      title: 'Setup',
      description: 'Sent after each connection, as FORM REAL,32',
      maxItems: 100,
    }),
  ),
  scripts: Type.Array(Script, {
    title: 'Scripts',
    description: 'What is asked, and how often',
    maxItems: 100,
    default: [],
  }),
  errorQueue: Type.Optional(
    Type.Boolean({
      title: 'Error queue',
      description: 'Read SYST:ERR? after each script and command',
      default: true,
    }),
  ),
  allow: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
      title: 'Allowed commands',
      description: 'What the commands "query" and "send" may send; a … at the end stands for anything, as MEAS:…',
      maxItems: 200,
    }),
  ),
  outputs: Type.Optional(
    Type.Array(Output, { title: 'Outputs', description: 'What the command "write" can set', maxItems: 200 }),
  ),
  longest: Type.Optional(
    Type.Integer({
      title: 'Longest answer',
      description: 'Bytes',
      minimum: 1_024,
      maximum: 16 << 20,
      default: DEFAULTS.longest,
    }),
  ),
  terminator: titled(['\\n', '\\r\\n'], 'Terminator', 'What ends a command', '\\n'),
})
export type ScpiConfig = Static<typeof configSchema>
