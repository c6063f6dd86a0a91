import { type BrokerConfig, brokerFields } from '@millwright/connectivity-brokers'
import { Choice } from '@millwright/contracts'
import { Type } from 'typebox'

export interface SparkplugHostConfig extends BrokerConfig {
  readonly groups?: readonly string[]
  readonly hostId?: string
  readonly primary?: boolean
  readonly reorderTimeout?: number
  readonly templates?: 'members' | 'documents'
  readonly storeTransient?: boolean
}

export const sparkplugHostSchema = Type.Object(
  {
    ...brokerFields,
    groups: Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
      default: [],
      maxItems: 100,
      title: 'Groups',
      description: 'Sparkplug groups to follow; all of them when empty',
    }),
    primary: Type.Boolean({
      default: true,
      title: 'Primary host',
      description:
        'Say on the STATE topic that this host is here: edge nodes that wait for it keep their data while it is away',
    }),
    hostId: Type.String({
      minLength: 1,
      maxLength: 100,
      default: 'millwright',
      title: 'Host id',
      description: 'Name of this host application, as edge nodes are told to wait for',
    }),
    reorderTimeout: Type.Integer({
      minimum: 0,
      maximum: 60_000,
      default: 2_000,
      title: 'Reorder timeout (ms)',
      description: 'How long a missing message may be late before a rebirth is asked for',
    }),
    templates: Type.Unsafe<'members' | 'documents'>({
      ...Choice(['members', 'documents']),
      default: 'members',
      title: 'Templates',
      description: 'Keep instances of templates as one reading for each member, or as one document',
    }),
    storeTransient: Type.Boolean({
      default: false,
      title: 'Store transient metrics',
      description: 'Metrics that say of themselves that they should not be stored',
    }),
  },
  { additionalProperties: false },
)
