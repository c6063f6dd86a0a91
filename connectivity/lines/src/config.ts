/** What a connection of lines is configured with. */
import { serialFields } from '@millwright/connectivity'
import { Choice, Key, Strict } from '@millwright/contracts'
import { type Static, Type } from 'typebox'

export const DEFAULTS = {
  listen: '0.0.0.0',
  clients: 32,
  longest: 4_096,
  silence: 0,
} as const

const Host = Type.String({
  title: 'Host',
  description: 'Name or IP address of the device',
  minLength: 1,
  maxLength: 253,
  pattern: '^[^\\s/]+$',
})
const Port = (description: string) => Type.Integer({ title: 'Port', description, minimum: 1, maximum: 65_535 })
const Listen = Type.Optional(
  Type.String({
    title: 'Address',
    description: 'Address of this machine to listen on; 0.0.0.0: all',
    maxLength: 253,
    default: DEFAULTS.listen,
  }),
)
const Allowed = Type.Optional(
  Type.Array(Type.String({ maxLength: 64 }), {
    title: 'Allowed senders',
    description: 'IP addresses that may send; empty: all',
    maxItems: 1_000,
  }),
)

const Source = Type.Union(
  [
    Strict({
      type: Type.Literal('tcp-client', { title: 'TCP: we connect to the device' }),
      host: Host,
      port: Port('TCP port of the device'),
    }),
    Strict({
      type: Type.Literal('tcp-server', { title: 'TCP: the device connects to us' }),
      port: Port('TCP port to listen on'),
      host: Listen,
      allowed: Allowed,
      clients: Type.Optional(
        Type.Integer({
          title: 'Clients',
          description: 'Most at once',
          minimum: 1,
          maximum: 1_000,
          default: DEFAULTS.clients,
        }),
      ),
    }),
    Strict({
      type: Type.Literal('udp', { title: 'UDP: the device sends to us' }),
      port: Port('UDP port to listen on'),
      host: Listen,
      allowed: Allowed,
    }),
    Strict({ type: Type.Literal('serial', { title: 'Serial port' }), ...serialFields }),
  ],
  { title: 'Source', description: 'Where the lines come from' },
)
export type Source = Static<typeof Source>

const Delimiter = Type.Union(
  [
    Strict({ type: Type.Literal('newline', { title: 'Line feed, with or without carriage return' }) }),
    Strict({
      type: Type.Literal('text', { title: 'Other characters' }),
      text: Type.String({
        title: 'Characters',
        description: 'What ends a line; \\r, \\n, \\t, \\x03 stand for control characters',
        minLength: 1,
        maxLength: 32,
      }),
    }),
    Strict({
      type: Type.Literal('fixed', { title: 'Fixed length' }),
      length: Type.Integer({ title: 'Length', description: 'Bytes of each record', minimum: 1, maximum: 65_536 }),
    }),
  ],
  { title: 'Delimiter', description: 'What ends a line' },
)

const FieldName = Type.String({
  title: 'Field',
  description: 'Name of the field in the line',
  minLength: 1,
  maxLength: 200,
})

const Field = Strict({
  field: FieldName,
  metric: Type.Optional(
    Type.Unsafe<string>({ ...Key, title: 'Metric', description: 'Its name in the platform; without it the field’s' }),
  ),
  type: Type.Optional(
    Type.Unsafe<'auto' | 'number' | 'boolean' | 'text' | 'ignore'>({
      ...Choice(['auto', 'number', 'boolean', 'text', 'ignore']),
      title: 'Type',
      description: 'auto: a number if it reads as one, else text',
      default: 'auto',
    }),
  ),
  unit: Type.Optional(Type.String({ title: 'Unit', description: 'UCUM code, as Cel, bar, kg', maxLength: 40 })),
  scale: Type.Optional(Type.Number({ title: 'Scale', description: 'Value = number × scale + offset', default: 1 })),
  offset: Type.Optional(Type.Number({ title: 'Offset', description: 'Value = number × scale + offset', default: 0 })),
})
export type FieldConfig = Static<typeof Field>

const common = {
  begins: Type.Optional(Type.String({ title: 'Begins with', description: 'Only lines that begin so', maxLength: 200 })),
  fields: Type.Optional(
    Type.Array(Field, {
      title: 'Fields',
      description: 'Metric, type and unit of fields; those not named here are kept as they are',
      maxItems: 500,
    }),
  ),
  time: Type.Optional(
    Strict(
      {
        field: FieldName,
        format: Type.String({
          title: 'Format',
          description: 'iso, unix, unix-ms, unix-us, or as DD.MM.YYYY HH:mm:ss.SSS (YYYY MM DD HH mm ss S Z)',
          minLength: 1,
          maxLength: 60,
          default: 'iso',
        }),
        zone: Type.Optional(
          Type.String({
            title: 'Time zone',
            description: 'Of times that do not say: UTC, +01:00, Europe/Vienna',
            maxLength: 60,
            default: 'UTC',
          }),
        ),
      },
      { description: 'The field that holds the time; without it, the time is that of the line’s coming' },
    ),
  ),
  device: Type.Optional(
    Type.String({
      title: 'Device field',
      description: 'The field that names the device; without it the readings are the connection’s own device’s',
      maxLength: 200,
    }),
  ),
}

const Separator = (description: string, standard: string) =>
  Type.Optional(Type.String({ title: 'Separator', description, minLength: 1, maxLength: 8, default: standard }))

const Pattern = Type.Union(
  [
    Strict({
      type: Type.Literal('template', { title: 'Template' }),
      template: Type.String({
        title: 'Template',
        description: 'As "{device} T={temperature:number} C {:text}": fields in braces, the rest stands as in the line',
        minLength: 1,
        maxLength: 1_000,
      }),
      ...common,
    }),
    Strict({
      type: Type.Literal('split', { title: 'Columns' }),
      separator: Separator('Between the columns; \\t for a tab', ','),
      columns: Type.Array(Type.String({ maxLength: 200 }), {
        title: 'Columns',
        description: 'Names in their order; empty: left out',
        minItems: 1,
        maxItems: 500,
      }),
      ...common,
    }),
    Strict({
      type: Type.Literal('pairs', { title: 'Names and values' }),
      separator: Separator('Between the pairs; a blank stands for any number of blanks', ' '),
      assign: Type.Optional(
        Type.String({
          title: 'Assignment',
          description: 'Between name and value',
          minLength: 1,
          maxLength: 4,
          default: '=',
        }),
      ),
      ...common,
    }),
  ],
  { title: 'Pattern' },
)
export type Pattern = Static<typeof Pattern>

const Escaped = Type.String({
  title: 'Text',
  description: 'What is sent, with its end; \\r, \\n, \\t, \\x05 stand for control characters',
  minLength: 1,
  maxLength: 1_000,
})

export const configSchema = Strict({
  source: Source,
  delimiter: Type.Optional(Delimiter),
  encoding: Type.Optional(
    Type.Unsafe<'utf-8' | 'latin1'>({
      ...Choice(['utf-8', 'latin1']),
      title: 'Encoding',
      description: 'Of the text',
      default: 'utf-8',
    }),
  ),
  decimal: Type.Optional(
    Type.Unsafe<'.' | ','>({
      ...Choice(['.', ',']),
      title: 'Decimal sign',
      description: 'In numbers',
      default: '.',
    }),
  ),
  longest: Type.Optional(
    Type.Integer({
      title: 'Longest line',
      description: 'Bytes; what is longer is left out',
      minimum: 16,
      maximum: 65_536,
      default: DEFAULTS.longest,
    }),
  ),
  patterns: Type.Array(Pattern, {
    title: 'Patterns',
    description: 'The first that fits reads the line',
    minItems: 1,
    maxItems: 100,
  }),
  unmatched: Type.Optional(
    Type.Unsafe<'refuse' | 'ignore'>({
      ...Choice(['refuse', 'ignore']),
      title: 'Other lines',
      description: 'refuse: a dead letter; ignore: only counted',
      default: 'refuse',
    }),
  ),
  requests: Type.Optional(
    Type.Array(
      Strict({
        text: Escaped,
        interval: Type.Integer({
          title: 'Interval',
          description: 'ms',
          minimum: 50,
          maximum: 86_400_000,
          default: 1_000,
        }),
      }),
      { title: 'Requests', description: 'What is sent to a device that only speaks when asked', maxItems: 20 },
    ),
  ),
  silence: Type.Optional(
    Type.Integer({
      title: 'Longest silence',
      description:
        'ms without a line after which a connection is made anew and people are told; 0: the device may be silent',
      minimum: 0,
      maximum: 86_400_000,
      default: DEFAULTS.silence,
    }),
  ),
  commands: Type.Optional(
    Type.Boolean({
      title: 'Commands',
      description: 'The command "send" may send any text to the device',
      default: false,
    }),
  ),
})
export type LinesConfig = Static<typeof configSchema>
