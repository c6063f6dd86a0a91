import { SeriesTable, unpackSnappy, WriteRequestReader } from '@millwright/connectivity-prometheus'
import { message, pack } from '@millwright/connectivity-prometheus/testing'
import protobuf from 'protobufjs'
import { uncompress } from 'snappyjs'
import type { Scenario } from '../scenario.ts'
import { compared, throughput } from './throughput.ts'

const SERIES = 2_000
const SCHEMA = `
  syntax = "proto3";
  message Label { string name = 1; string value = 2; }
  message Sample { double value = 1; int64 timestamp = 2; }
  message TimeSeries { repeated Label labels = 1; repeated Sample samples = 2; }
  message WriteRequest { repeated TimeSeries timeseries = 1; }
`

interface Decoded {
  readonly timeseries: { labels: { name: string; value: string }[]; samples: { value: number; timestamp: unknown }[] }[]
}

export const prometheus: Scenario = {
  name: 'prometheus',
  about: 'Prometheus remote write, 2,000 series a request, against protobufjs and snappyjs',
  async run({ quick }) {
    const seconds = quick ? 1 : 3
    const request = pack(
      message(
        Array.from({ length: SERIES }, (_, index) => ({
          labels: {
            __name__: 'node_cpu_seconds_total',
            cpu: String(index % 64),
            instance: `plc-${index % 20}:9100`,
            job: 'node',
            mode: `mode-${index}`,
          },
          samples: [[index / 3, 1_790_000_000_000]],
        })),
      ),
    )
    const type = protobuf.parse(SCHEMA).root.lookupType('WriteRequest')
    const bare = await throughput(() => {
      const { timeseries } = type.decode(uncompress(request)) as unknown as Decoded
      let points = 0
      for (const { labels, samples } of timeseries) {
        const device = labels.find(({ name }) => name === 'instance')?.value
        for (const { value } of samples) if (device !== undefined && value >= 0) points++
      }
      return points
    }, seconds)
    const table = new SeriesTable({ deviceLabels: ['job', 'instance'], ignoredLabels: [], units: true })
    const ours = await throughput(() => {
      const reader = new WriteRequestReader(unpackSnappy(request, 32 << 20), '1.0', table, 1_790_000_100_000_000)
      while (reader.read(20_000));
      for (const { rows } of table.devices) rows.clear()
      return reader.samples
    }, seconds)
    return { figures: compared('remote write', 'protobufjs and snappyjs', bare, ours) }
  },
}
