import { type BrokerConfig, brokerFields } from '@millwright/connectivity-brokers'
import { Choice } from '@millwright/contracts'
import { Type } from 'typebox'

export interface SparkplugNodeConfig extends BrokerConfig {
  readonly group: string
  readonly edgeNode?: string
  readonly primaryHost?: string
  readonly devices?: 'equipment' | 'none'
  readonly interval?: number
  readonly bufferedReadings?: number
}

export const sparkplugNodeSchema = Type.Object(
  {
    ...brokerFields,
    group: Type.String({
      minLength: 1,
      maxLength: 100,
      title: 'Group',
      description: 'Sparkplug group of the edge node',
    }),
    edgeNode: Type.String({
      minLength: 1,
      maxLength: 100,
      default: 'Millwright',
      title: 'Edge node',
      description: 'Name of the edge node, once in its group',
    }),
    primaryHost: Type.Optional(
      Type.String({
        maxLength: 100,
        title: 'Primary host',
        description: 'Host application to wait for: while its STATE is not online, readings are kept and sent later',
      }),
    ),
    devices: Type.Unsafe<'equipment' | 'none'>({
      ...Choice(['equipment', 'none']),
      default: 'equipment',
      title: 'Devices',
      description: 'One Sparkplug device for each piece of equipment, or all metrics at the edge node itself',
    }),
    interval: Type.Integer({
      minimum: 0,
      maximum: 60_000,
      default: 250,
      title: 'Interval (ms)',
      description: 'Readings of this time go into one message',
    }),
    bufferedReadings: Type.Integer({
      minimum: 100,
      maximum: 1_000_000,
      default: 100_000,
      title: 'Kept readings',
      description: 'Kept in memory while the broker or the primary host is away; the oldest are dropped beyond',
    }),
  },
  { additionalProperties: false },
)
