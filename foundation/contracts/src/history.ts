import { type Static, Type } from 'typebox'
import { Choice, Id, Key, Nullable, Strict, Time } from './common.ts'
import { RESOLUTIONS, SIGNAL_KINDS } from './lists.ts'
import { operation } from './operation.ts'

/** OPC UA status codes (Part 4, 7.39), as the number that goes with each reading; severity is in the top two bits. */
export const Quality = Type.Integer({ minimum: 0, maximum: 0xffffffff, description: 'OPC UA status code; 0 is Good' })

const SignalIds = Type.Array(Id('sig'), { minItems: 1, maxItems: 2000 })
const Numbers = Type.Array(Nullable(Type.Number()))

/**
 * One signal over a range, as columns. At `raw`, `value` holds readings (null where the quality is Bad); otherwise
 * each row is a span of time with its mean in `value` and its spread in `min` and `max`.
 */
export const Series = Strict(
  {
    signal: Id('sig'),
    unit: Type.String(),
    resolution: Choice(RESOLUTIONS),
    /** Width of a row when rows are spans, µs. */
    step: Type.Optional(Type.Integer()),
    time: Type.Array(Time),
    value: Numbers,
    min: Type.Optional(Numbers),
    max: Type.Optional(Numbers),
    quality: Type.Array(Quality),
    /** Readings the rows were made from. */
    points: Type.Integer(),
  },
  { $id: 'Series' },
)
export type Series = Static<typeof Series>

export const Latest = Strict(
  {
    signal: Id('sig'),
    kind: Choice(SIGNAL_KINDS),
    /** number, 0/1 for a boolean, text of a state, document, position; null for a waveform or no reading. */
    value: Type.Unknown(),
    time: Nullable(Time),
    quality: Quality,
    stale: Type.Boolean(),
  },
  { $id: 'Latest' },
)
export type Latest = Static<typeof Latest>

export const Reading = Strict(
  { signal: Id('sig'), time: Time, value: Type.Unknown(), quality: Quality },
  { $id: 'Reading' },
)
export type Reading = Static<typeof Reading>

export const Waveform = Strict(
  {
    signal: Id('sig'),
    time: Time,
    quality: Quality,
    sampleRate: Type.Number({ description: 'Hz' }),
    unit: Type.String(),
    samples: Type.Array(Type.Number()),
  },
  { $id: 'Waveform' },
)
export type Waveform = Static<typeof Waveform>

const Range = { from: Time, to: Time }

export const historyOperations = {
  querySeries: operation({
    id: 'querySeries',
    method: 'POST',
    path: '/query/series',
    tag: 'History',
    summary: 'Signals over a range, at the resolution that a width in pixels needs',
    access: 'actor',
    body: Strict({
      signals: Type.Array(Id('sig'), { minItems: 1, maxItems: 50 }),
      ...Range,
      pixels: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: 1000 })),
      resolution: Type.Optional(Choice(RESOLUTIONS)),
    }),
    reply: Strict({ series: Type.Array(Series) }),
  }),
  queryLatest: operation({
    id: 'queryLatest',
    method: 'POST',
    path: '/query/latest',
    tag: 'History',
    summary: 'Latest values of signals, or of all signals at and below a node',
    access: 'actor',
    body: Strict({ signals: Type.Optional(SignalIds), under: Type.Optional(Id('ast')) }),
    reply: Strict({ items: Type.Array(Latest) }),
  }),
  queryReadings: operation({
    id: 'queryReadings',
    method: 'POST',
    path: '/query/readings',
    tag: 'History',
    summary: 'Readings of any kind as stored, oldest first',
    access: 'actor',
    body: Strict({
      signal: Id('sig'),
      ...Range,
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: 1000 })),
      cursor: Type.Optional(Type.String({ maxLength: 500 })),
    }),
    reply: Strict({ items: Type.Array(Reading), next: Type.Optional(Type.String()) }),
  }),
  queryWaveforms: operation({
    id: 'queryWaveforms',
    method: 'POST',
    path: '/query/waveforms',
    tag: 'History',
    summary: 'Waveforms of a signal, newest first',
    access: 'actor',
    body: Strict({
      signal: Id('sig'),
      ...Range,
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 1 })),
    }),
    reply: Strict({ items: Type.Array(Waveform) }),
  }),
  queryTable: operation({
    id: 'queryTable',
    method: 'POST',
    path: '/query/table',
    tag: 'History',
    summary: 'Several signals aligned on one time axis',
    access: 'actor',
    body: Strict({
      signals: Type.Array(Id('sig'), { minItems: 1, maxItems: 200 }),
      ...Range,
      step: Type.Integer({ minimum: 1000, description: 'µs' }),
      fill: Type.Optional(Choice(['none', 'previous', 'linear'])),
      aggregate: Type.Optional(Choice(['mean', 'min', 'max', 'first', 'last', 'count'])),
    }),
    reply: Strict({
      time: Type.Array(Time),
      columns: Type.Array(Strict({ signal: Id('sig'), name: Key, value: Numbers })),
    }),
  }),
  exportReadings: operation({
    id: 'exportReadings',
    method: 'POST',
    path: '/query/export',
    tag: 'History',
    summary: 'Readings as a file',
    access: 'actor',
    produces: 'application/octet-stream',
    body: Strict({
      signals: Type.Array(Id('sig'), { minItems: 1, maxItems: 500 }),
      ...Range,
      format: Choice(['csv', 'json', 'parquet', 'arrow']),
      layout: Type.Optional(Choice(['long', 'wide'])),
      step: Type.Optional(Type.Integer({ minimum: 1000 })),
    }),
    reply: Type.Unknown(),
  }),
  writeReadings: operation({
    id: 'writeReadings',
    method: 'POST',
    path: '/readings',
    tag: 'History',
    summary: 'Write readings of announced signals (imports, corrections); answered when durable',
    access: 'actor',
    bodyLimit: 16 * 1024 * 1024,
    body: Strict({
      signal: Id('sig'),
      time: Type.Array(Time, { minItems: 1, maxItems: 100_000 }),
      value: Type.Array(Type.Unknown(), { minItems: 1, maxItems: 100_000 }),
      quality: Type.Optional(Type.Array(Quality)),
    }),
    reply: Strict({ written: Type.Integer() }),
  }),
  getDataHealth: operation({
    id: 'getDataHealth',
    method: 'GET',
    path: '/query/health',
    tag: 'History',
    summary: 'What the historian holds and how it does',
    access: 'actor',
    reply: Strict({
      points: Type.Integer(),
      bytes: Type.Integer(),
      signals: Type.Integer(),
      oldest: Nullable(Time),
      newest: Nullable(Time),
      pointsPerSecond: Type.Number(),
      state: Choice(['ok', 'slow', 'failing']),
      reason: Type.Optional(Type.String()),
      retention: Type.Array(
        Strict({ class: Type.String(), days: Nullable(Type.Integer()), rollupDays: Nullable(Type.Integer()) }),
      ),
    }),
  }),
}
