import { Choice, Strict } from '@millwright/contracts'
import { Type } from 'typebox'
import { type BrokerConfig, brokerFields } from '../link/config.ts'

export const PAYLOADS = ['json', 'number', 'text', 'millwright+json', 'senml+json', 'senml+cbor'] as const
export const TIME_FORMATS = ['rfc3339', 's', 'ms', 'us', 'ns'] as const
export const VALUE_TYPES = ['auto', 'number', 'boolean', 'text', 'document'] as const

export interface FieldConfig {
  readonly metric: string
  readonly value: string
  readonly type?: (typeof VALUE_TYPES)[number]
  readonly unit?: string
  readonly time?: string
  readonly timeFormat?: (typeof TIME_FORMATS)[number]
  readonly quality?: string
  readonly required?: boolean
}

export interface MappingConfig {
  readonly topic: string
  readonly payload?: (typeof PAYLOADS)[number]
  readonly device?: string
  readonly metric?: string
  readonly unit?: string
  readonly fields?: readonly FieldConfig[]
}

export interface MqttSourceConfig extends BrokerConfig {
  readonly mappings: readonly MappingConfig[]
  readonly qos?: 0 | 1 | 2
  readonly shareGroup?: string
  readonly persistent?: boolean
  readonly sessionHours?: number
}

const Text = (title: string, description: string, maxLength = 500) =>
  Type.Optional(Type.String({ maxLength, title, description }))

const Field = Strict({
  metric: Type.String({
    minLength: 1,
    maxLength: 500,
    title: 'Metric',
    description: 'Its name: a text with {level} of the topic, {key} of what was found, {$.path} of the payload',
  }),
  value: Type.String({
    minLength: 1,
    maxLength: 1000,
    title: 'Value',
    description: 'JSONPath (RFC 9535), as $.values.temperature',
  }),
  type: Type.Optional(
    Type.Unsafe<(typeof VALUE_TYPES)[number]>({
      ...Choice(VALUE_TYPES),
      default: 'auto',
      title: 'Type',
      description: 'auto: as JSON has it; number also reads texts like "21.5", boolean also "on" and 1',
    }),
  ),
  unit: Text('Unit', 'UCUM code, or a template as {$.unit}', 200),
  time: Text('Time', 'JSONPath of the time; when the message came, when left out', 1000),
  timeFormat: Type.Optional(
    Type.Unsafe<(typeof TIME_FORMATS)[number]>({
      ...Choice(TIME_FORMATS),
      default: 'rfc3339',
      title: 'Time format',
      description: 'rfc3339 text, or a number since 1970 in s, ms, us (µs) or ns',
    }),
  ),
  quality: Text('Quality', 'JSONPath of true/false, good/uncertain/bad, or an OPC UA status code', 1000),
  required: Type.Optional(
    Type.Boolean({ default: false, title: 'Required', description: 'A message without it is a dead letter' }),
  ),
})

const Mapping = Strict({
  topic: Type.String({
    minLength: 1,
    maxLength: 1000,
    title: 'Topic',
    description: 'Pattern with named levels: factory/{line}/{machine}/+; {rest...} or # at the end for all below',
  }),
  payload: Type.Optional(
    Type.Unsafe<(typeof PAYLOADS)[number]>({
      ...Choice(PAYLOADS),
      default: 'json',
      title: 'Payload',
      description: 'What messages hold',
    }),
  ),
  device: Text('Device', 'Template of the device’s name, as {machine}; the connection’s own device when left out'),
  metric: Text('Metric', 'Template of the metric’s name, for number and text payloads; the topic when left out'),
  unit: Text('Unit', 'UCUM code, for number payloads', 40),
  fields: Type.Optional(
    Type.Array(Field, { maxItems: 500, title: 'Fields', description: 'What is read from a JSON payload' }),
  ),
})

export const mqttSourceSchema = Type.Object(
  {
    ...brokerFields,
    mappings: Type.Array(Mapping, {
      minItems: 1,
      maxItems: 500,
      title: 'Mappings',
      description: 'Which topics are read and what they mean; the first that matches a topic counts',
    }),
    qos: Type.Unsafe<0 | 1 | 2>({
      type: 'integer',
      enum: [0, 1, 2],
      default: 1,
      title: 'QoS',
      description: 'Of the subscriptions; 1 and 2 are acknowledged when the readings are stored',
    }),
    shareGroup: Type.Optional(
      Type.String({
        maxLength: 100,
        pattern: '^[^+#/\\u0000]*$',
        title: 'Share group',
        description: 'Shared subscription ($share/group/…): the group’s members divide the messages among them',
      }),
    ),
    persistent: Type.Boolean({
      default: true,
      title: 'Persistent session',
      description: 'The broker keeps messages while we are away',
    }),
    sessionHours: Type.Integer({
      minimum: 1,
      maximum: 24 * 365,
      default: 24 * 7,
      title: 'Session expiry (h)',
      description: 'How long it keeps them (MQTT 5; with 3.1.1 the broker decides)',
    }),
  },
  { additionalProperties: false },
)
