import { Choice, Strict } from '@millwright/contracts'
import { type Static, Type } from 'typebox'
import { receiverFields } from './receiver/config.ts'

const Tag = Type.String({ title: 'Tag', description: 'Name of a tag', minLength: 1, maxLength: 200 })

export const influxConfig = Strict({
  ...receiverFields(8086),
  udp: Type.Optional(
    Type.Object(
      {
        port: Type.Integer({
          title: 'UDP port',
          description: 'At the same address',
          minimum: 0,
          maximum: 65_535,
          default: 8089,
        }),
        precision: Type.Unsafe<'ns' | 'us' | 'ms' | 's'>({
          ...Choice(['ns', 'us', 'ms', 's']),
          title: 'Precision',
          description: 'Unit of the times in datagrams',
          default: 'ns',
        }),
      },
      {
        additionalProperties: false,
        title: 'UDP',
        description:
          'UDP has no credentials and no answer: what is lost is lost. Leave it out unless a sender has nothing else',
      },
    ),
  ),
  deviceTags: Type.Array(Tag, {
    title: 'Device tags',
    description:
      'The tags that name the device; their values are joined by "/". Lines without them are the connection’s own',
    default: ['host'],
    maxItems: 10,
  }),
  ignoredTags: Type.Array(Tag, {
    title: 'Ignored tags',
    description: 'Tags that are left out of metric names',
    default: [],
    maxItems: 100,
  }),
  metric: Type.Unsafe<'measurement.field' | 'field'>({
    ...Choice(['measurement.field', 'field']),
    title: 'Metric name',
    description: 'Of measurement and field, or of the field alone; the remaining tags follow in braces',
    default: 'measurement.field',
  }),
})
export type InfluxConfig = Static<typeof influxConfig>
