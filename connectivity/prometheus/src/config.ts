import { receiverFields } from '@millwright/connectivity-influx/receiver'
import { Strict } from '@millwright/contracts'
import { type Static, Type } from 'typebox'

const Label = Type.String({ title: 'Label', description: 'Name of a label', minLength: 1, maxLength: 200 })

export const prometheusConfig = Strict({
  ...receiverFields(9201),
  deviceLabels: Type.Array(Label, {
    title: 'Device labels',
    description:
      'The labels that name the device; their values are joined by "/". Series without them are the connection’s own',
    default: ['job', 'instance'],
    maxItems: 10,
  }),
  ignoredLabels: Type.Array(Label, {
    title: 'Ignored labels',
    description: 'Labels that are left out of metric names; series that differ in nothing else become one',
    default: [],
    maxItems: 100,
  }),
  units: Type.Boolean({
    title: 'Units from names',
    description: 'Takes the unit from names that end as Prometheus recommends: _seconds, _bytes_total, _celsius',
    default: true,
  }),
})
export type PrometheusConfig = Static<typeof prometheusConfig>
