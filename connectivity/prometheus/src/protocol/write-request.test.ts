import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ROW } from '@millwright/connectivity'
import { MillwrightError } from '@millwright/foundation'
import fc from 'fast-check'
import { message, message2, type SeriesToWrite } from '../testing/index.ts'
import { type Mapping, SeriesTable } from './series.ts'
import { type Version, WriteRequestReader } from './write-request.ts'

const NOW = 1_790_000_100_000_000
const mapping: Mapping = { deviceLabels: ['job', 'instance'], ignoredLabels: [], units: true }

function read(bytes: Buffer, version: Version = '1.0', how = mapping) {
  const table = new SeriesTable(how)
  const reader = new WriteRequestReader(bytes, version, table, NOW)
  while (reader.read(10));
  const rows = [...table.devices].flatMap(({ device, rows }) =>
    Array.from({ length: rows.length }, (_, row) => ({
      device,
      metric: rows.name[row]!,
      time: rows.time[row]!,
      value: rows.kind[row] === ROW.none ? null : rows.value[row]!,
      quality: rows.quality[row]!,
      unit: rows.unit[row],
    })),
  )
  return { rows, reader }
}
const TIME = 1_790_000_000_123
const series: SeriesToWrite[] = [
  { labels: { __name__: 'up', instance: 'plc:9100', job: 'node' }, samples: [[1, TIME]] },
  {
    labels: { __name__: 'node_cpu_seconds_total', cpu: '0', instance: 'plc:9100', job: 'node', mode: 'id"le' },
    samples: [
      [12.5, TIME],
      [13.5, TIME + 1000],
    ],
  },
  { labels: { __name__: 'line_temperature_celsius' }, samples: [[-3.25, TIME]] },
]

for (const [version, encoded] of [
  ['1.0', message(series)],
  ['2.0', message2(series)],
] as const)
  test(`reads remote write ${version}`, () => {
    const { rows, reader } = read(encoded, version)
    const device = 'node/plc:9100'
    const cpu = { device, metric: 'node_cpu_seconds_total{cpu="0",mode="id\\"le"}', quality: 0, unit: 's' }
    assert.deepEqual(rows, [
      { device, metric: 'up', time: TIME * 1000, value: 1, quality: 0, unit: undefined },
      { ...cpu, time: TIME * 1000, value: 12.5 },
      { ...cpu, time: TIME * 1000 + 1_000_000, value: 13.5 },
      {
        device: undefined,
        metric: 'line_temperature_celsius',
        time: TIME * 1000,
        value: -3.25,
        quality: 0,
        unit: 'Cel',
      },
    ])
    assert.deepEqual([reader.samples, reader.rejected], [4, 0])
  })

test('a staleness marker, NaN and infinities are no value, each with its quality', () => {
  const labels = { __name__: 'x' }
  const bytes = message([
    {
      labels,
      samples: [
        [1, TIME],
        [Number.NaN, TIME],
        [Number.POSITIVE_INFINITY, TIME],
        [7777, TIME],
      ],
    },
  ])
  const marked = Buffer.alloc(8)
  marked.writeDoubleLE(7777)
  bytes.writeBigUInt64LE(0x7ff0000000000002n, bytes.indexOf(marked))
  assert.deepEqual(
    read(bytes).rows.map(({ value, quality }) => [value, quality.toString(16)]),
    [
      [1, '0'],
      [null, '80000000'],
      [null, '80000000'],
      [null, '80310000'],
    ],
  )
})

test('what cannot be taken is counted and told, the rest is taken', () => {
  const { rows, reader } = read(
    message([
      { labels: { nameless: 'x' }, samples: [[1, TIME]] },
      { labels: { __name__: 'y', long: 'z'.repeat(300) }, samples: [[1, TIME]] },
      {
        labels: { __name__: 'old' },
        samples: [
          [1, 5],
          [1, -5],
          [2, TIME],
        ],
      },
      { labels: { __name__: 'h' }, samples: [], histograms: 2 },
    ]),
  )
  assert.deepEqual(
    rows.map(({ metric }) => metric),
    ['old'],
  )
  assert.deepEqual([reader.rejected, reader.histograms, reader.reason], [4, 2, 'A series has no name.'])
})

test('units come from names that end as Prometheus recommends', () => {
  const unit = (name: string) => read(message([{ labels: { __name__: name }, samples: [[1, TIME]] }])).rows[0]?.unit
  assert.equal(unit('http_request_duration_seconds_sum'), 's')
  assert.equal(unit('http_request_duration_seconds_count'), undefined)
  assert.equal(unit('http_request_duration_seconds_bucket'), undefined)
  assert.equal(unit('node_memory_free_bytes'), 'By')
  assert.equal(unit('uptime'), undefined)
  assert.equal(unit('a_constructor'), undefined)
})

test('any series come back as they were written, in both versions', () => {
  const text = fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom(...'abé_"\\😀') })
  const one = fc.record({
    labels: fc
      .dictionary(text, text, { maxKeys: 4, noNullPrototype: true })
      .map((labels) => ({ __name__: 'm', ...labels })),
    samples: fc.array(
      fc.tuple(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.integer({ min: 946_684_800_000, max: 1_790_000_000_000 }),
      ),
      { minLength: 1, maxLength: 3 },
    ),
  })
  fc.assert(
    fc.property(fc.array(one, { maxLength: 5 }), (all) => {
      const expected = all.flatMap(({ samples }) => samples)
      for (const [version, encoded] of [
        ['1.0', message(all)],
        ['2.0', message2(all)],
      ] as const) {
        const { rows } = read(encoded, version)
        assert.deepEqual(
          rows.map(({ value, time }) => [value, time / 1000]),
          expected,
        )
      }
    }),
    { numRuns: 60 },
  )
})

test('arbitrary and mutated bytes end in an error that says so', () => {
  const arbitrary = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes))
  for (const [version, whole] of [
    ['1.0', message(series)],
    ['2.0', message2(series)],
  ] as const) {
    const mutated = fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 })).map(([at, byte]) => {
      const copy = Buffer.from(whole)
      copy[at] = byte
      return copy
    })
    const cut = fc.nat(whole.length).map((length) => whole.subarray(0, length))
    fc.assert(
      fc.property(fc.oneof(mutated, cut, arbitrary), (bytes) => {
        try {
          read(bytes, version)
        } catch (error) {
          assert.ok(error instanceof MillwrightError, String(error))
        }
      }),
      { numRuns: 2000 },
    )
  }
})
