/** Requests as other implementations make them: protobufjs with Prometheus' own definitions (prometheus/prompb), snappyjs. */
import protobuf from 'protobufjs'
import snappy from 'snappyjs'

const { root } = protobuf.parse(`
  syntax = "proto3";
  package prometheus;
  message WriteRequest { repeated TimeSeries timeseries = 1; repeated MetricMetadata metadata = 3; }
  message MetricMetadata { uint32 type = 1; string metric_family_name = 2; string help = 4; string unit = 5; }
  message Sample { double value = 1; int64 timestamp = 2; }
  message Exemplar { repeated Label labels = 1; double value = 2; int64 timestamp = 3; }
  message Histogram { uint64 count_int = 1; }
  message TimeSeries {
    repeated Label labels = 1; repeated Sample samples = 2; repeated Exemplar exemplars = 3; repeated Histogram histograms = 4;
  }
  message Label { string name = 1; string value = 2; }
  message Request { repeated string symbols = 4; repeated TimeSeries2 timeseries = 5; }
  message TimeSeries2 {
    repeated uint32 labels_refs = 1; repeated Sample samples = 2; repeated Histogram histograms = 3;
    repeated Exemplar exemplars = 4; Metadata metadata = 5;
  }
  message Metadata { uint32 type = 1; uint32 help_ref = 3; uint32 unit_ref = 4; }
`)
const V1 = root.lookupType('prometheus.WriteRequest')
const V2 = root.lookupType('prometheus.Request')

export interface SeriesToWrite {
  readonly labels: Readonly<Record<string, string>>
  /** Value, ms. */
  readonly samples: readonly (readonly [number, number])[]
  readonly histograms?: number
}

const samplesOf = ({ samples, histograms = 0 }: SeriesToWrite) => ({
  samples: samples.map(([value, timestamp]) => ({ value, timestamp })),
  histograms: Array.from({ length: histograms }, () => ({ countInt: 3 })),
})

export const message = (series: readonly SeriesToWrite[]): Buffer =>
  Buffer.from(
    V1.encode(
      V1.fromObject({
        timeseries: series.map((each) => ({
          labels: Object.entries(each.labels).map(([name, value]) => ({ name, value })),
          ...samplesOf(each),
        })),
        metadata: [{ type: 1, metricFamilyName: 'x', help: 'h', unit: 's' }],
      }),
    ).finish(),
  )

export function message2(series: readonly SeriesToWrite[]): Buffer {
  const symbols = ['']
  const reference = (text: string) => {
    const known = symbols.indexOf(text)
    return known >= 0 ? known : symbols.push(text) - 1
  }
  const timeseries = series.map((each) => ({
    labelsRefs: Object.entries(each.labels).flatMap(([name, value]) => [reference(name), reference(value)]),
    ...samplesOf(each),
  }))
  return Buffer.from(V2.encode(V2.fromObject({ symbols, timeseries })).finish())
}

export const pack = (bytes: Buffer): Buffer => Buffer.from(snappy.compress(bytes))
