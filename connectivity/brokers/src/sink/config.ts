import { Choice } from '@millwright/contracts'
import { Type } from 'typebox'
import { type BrokerConfig, brokerFields } from '../link/config.ts'

export interface MqttSinkConfig extends BrokerConfig {
  readonly prefix?: string
  readonly payload?: 'json' | 'value'
  readonly retain?: boolean
  readonly qos?: 0 | 1
  readonly statusTopic?: string
  readonly inflight?: number
}

const LEVELS = '^[^+#\\u0000]*$'

export const mqttSinkSchema = Type.Object(
  {
    ...brokerFields,
    prefix: Type.String({
      maxLength: 300,
      pattern: LEVELS,
      default: '',
      title: 'Prefix',
      description: 'Topic levels before the ISA-95 path, as uns/v1',
    }),
    payload: Type.Unsafe<'json' | 'value'>({
      ...Choice(['json', 'value']),
      default: 'json',
      title: 'Payload',
      description: 'json: { time, value, unit, quality }; value: the value alone',
    }),
    retain: Type.Boolean({
      default: true,
      title: 'Retain',
      description: 'The broker keeps each signal’s newest value for those who subscribe later',
    }),
    qos: Type.Unsafe<0 | 1>({
      type: 'integer',
      enum: [0, 1],
      default: 1,
      title: 'QoS',
      description: 'Of what is published',
    }),
    statusTopic: Type.Optional(
      Type.String({
        maxLength: 300,
        pattern: LEVELS,
        title: 'Status topic',
        description:
          'Holds online or offline (also when the connection breaks); <prefix>/millwright/status when left out',
      }),
    ),
    inflight: Type.Integer({
      minimum: 1,
      maximum: 10_000,
      default: 200,
      title: 'In flight',
      description: 'Messages on their way at once; newer values wait, the newest of each signal wins',
    }),
  },
  { additionalProperties: false },
)
