import type { TelemetryMessage } from '@millwright/sdk/device'
import protobuf from 'protobufjs'
import snappy from 'snappyjs'

/** Of Prometheus' prompb/remote.proto and types.proto, what samples need. */
const WriteRequest = protobuf
  .parse(`
    syntax = "proto3";
    message WriteRequest { repeated TimeSeries timeseries = 1; }
    message TimeSeries { repeated Label labels = 1; repeated Sample samples = 2; }
    message Label { string name = 1; string value = 2; }
    message Sample { double value = 1; int64 timestamp = 2; }
  `)
  .root.lookupType('WriteRequest')

/** What Prometheus' agent does beside a computer: remote write 1.0, snappy and protobuf. Labels go in their names' order. */
export async function remoteWrite(host: string, messages: readonly TelemetryMessage[], port: number): Promise<void> {
  const timeseries = messages.flatMap(({ time, values }) =>
    Object.entries(values).flatMap(([name, value]) =>
      typeof value !== 'number'
        ? []
        : {
            labels: Object.entries({ __name__: name, instance: host, job: 'host' }).map(([label, text]) => ({
              name: label,
              value: text,
            })),
            samples: [{ value, timestamp: Math.floor(Number(time) / 1000) }],
          },
    ),
  )
  if (timeseries.length === 0) return
  await fetch(`http://127.0.0.1:${port}/api/v1/write`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
    },
    body: Buffer.from(snappy.compress(WriteRequest.encode(WriteRequest.fromObject({ timeseries })).finish())),
    signal: AbortSignal.timeout(5_000),
  })
}
