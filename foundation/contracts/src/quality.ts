/** Quality control: control charts and capability of stored signals, gauge studies, and parts judged by services of the kind `quality`. */
import { type Static, Type } from 'typebox'
import { Choice, Id, IdParams, Key, Nullable, Strict, Time } from './common.ts'
import { operation } from './operation.ts'

const Numbers = Type.Array(Type.Number())
/** A null is a missing point, or no limit on that side. */
const Gapped = Type.Array(Nullable(Type.Number()))

export const CONTROL_CHARTS = ['individuals', 'xbar-r', 'xbar-s', 'ewma', 'cusum', 'p', 'np', 'c', 'u'] as const
export const RUN_RULES = ['nelson', 'western-electric'] as const

const Limits = {
  lower: Type.Optional(Type.Number({ description: 'Specification limit' })),
  upper: Type.Optional(Type.Number({ description: 'Specification limit' })),
}
const Span = Strict({ from: Time, to: Time })

export const ControlChartQuery = Strict({
  signal: Id('sig'),
  from: Type.Optional(Time),
  to: Type.Optional(Time),
  chart: Type.Optional(Choice(CONTROL_CHARTS, 'Default: individuals')),
  /** Readings taken together, in their order. Of p, np and u: how many are inspected together. */
  subgroup: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 5 })),
  /** Or: readings of this long together, µs. */
  every: Type.Optional(Type.Integer({ minimum: 1_000, maximum: 86_400_000_000 })),
  /** Where the limits are taken from; default: all that is shown. */
  phaseOne: Type.Optional(Span),
  rules: Type.Optional(Choice(RUN_RULES, 'Default: nelson')),
  ...Limits,
})

export const ControlChart = Strict({
  statistic: Type.String(),
  time: Type.Array(Time),
  points: Gapped,
  centre: Numbers,
  lower: Gapped,
  upper: Gapped,
  /** Standard deviation of each point: zones are 1, 2 and 3 of them wide. */
  sigma: Numbers,
})

export const FiredRule = Strict({
  rule: Type.String(),
  /** As "8 points on one side". */
  says: Type.String(),
  /** Which of the charts. */
  chart: Type.Integer(),
  /** Points of the chart, first and last. */
  first: Type.Integer(),
  last: Type.Integer(),
  from: Time,
  to: Time,
})

const Index = Strict({ value: Type.Number(), low: Type.Number(), high: Type.Number() })

export const Capability = Strict({
  readings: Type.Integer(),
  mean: Type.Number(),
  /** Standard deviations: of all readings, and within subgroups. */
  overall: Type.Number(),
  within: Type.Number(),
  /** With 95 % confidence limits; null with one limit only. */
  cp: Nullable(Index),
  cpk: Index,
  pp: Nullable(Index),
  ppk: Index,
  outside: Type.Number({ description: 'Share of the readings beyond the limits' }),
  expectedOutside: Type.Number({ description: 'Share that a normal process has there' }),
  normality: Type.Number({ description: 'Anderson-Darling: below 0.05 the readings are not normal' }),
  warnings: Type.Array(Type.String()),
})
export type Capability = Static<typeof Capability>

export const ControlCharts = Strict(
  {
    signal: Id('sig'),
    name: Key,
    unit: Type.String(),
    equipment: Nullable(Id('ast')),
    equipmentName: Type.String(),
    simulated: Type.Boolean(),
    chart: Choice(CONTROL_CHARTS),
    readings: Type.Integer(),
    charts: Type.Array(ControlChart),
    fired: Type.Array(FiredRule),
    /** Whether the newest points are within limits and patterns. */
    inControl: Type.Boolean(),
    /** Since when they are not. */
    since: Nullable(Time),
    level: Nullable(Strict({ mean: Type.Number(), sigma: Type.Number() })),
    /** With specification limits only. */
    capability: Nullable(Capability),
    /** Edges are one more than counts. */
    histogram: Strict({ edges: Numbers, counts: Numbers }),
    /** The answer in one sentence. */
    sentence: Type.String(),
  },
  { $id: 'ControlCharts' },
)
export type ControlCharts = Static<typeof ControlCharts>

export const GaugeStudyQuery = Strict({
  measurements: Type.Array(
    Strict({
      part: Type.String({ minLength: 1, maxLength: 60 }),
      appraiser: Type.String({ minLength: 1, maxLength: 60 }),
      value: Type.Number(),
    }),
    { minItems: 4, maxItems: 5000 },
  ),
  /** Width between the specification limits. */
  tolerance: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
})

export const GaugeStudy = Strict(
  {
    parts: Type.Integer(),
    appraisers: Type.Integer(),
    trials: Type.Integer(),
    table: Type.Array(
      Strict({
        source: Type.String(),
        freedom: Type.Integer(),
        squares: Type.Number(),
        f: Type.Optional(Type.Number()),
        p: Type.Optional(Type.Number()),
      }),
    ),
    interaction: Type.Boolean({ description: 'Appraisers measure some parts differently than others' }),
    components: Type.Array(
      Strict({
        name: Type.String(),
        sigma: Type.Number(),
        study: Type.Number({ description: 'Share of the total standard deviation' }),
        contribution: Type.Number({ description: 'Share of the total variance' }),
        tolerance: Type.Optional(Type.Number({ description: 'Six standard deviations by the tolerance' })),
      }),
    ),
    categories: Type.Integer({ description: 'Number of distinct categories' }),
    verdict: Choice(['good', 'marginal', 'unfit']),
  },
  { $id: 'GaugeStudy' },
)
export type GaugeStudy = Static<typeof GaugeStudy>

export const JudgedPart = Strict(
  {
    serial: Type.String(),
    /** When it left the last station. */
    finished: Time,
    decision: Choice(['pass', 'divert']),
    failing: Type.Number({ description: 'Probability that it is a reject' }),
    predicted: Nullable(Strict({ value: Type.Number(), low: Nullable(Type.Number()), high: Nullable(Type.Number()) })),
    explanation: Type.String(),
    /** Unlike the parts that were learnt from. */
    unlike: Type.Boolean(),
    /** Where it was when. */
    genealogy: Type.Array(Strict({ station: Type.String(), from: Time, to: Time })),
    /** What was found later; null: not yet. */
    result: Nullable(Strict({ time: Time, value: Type.Number(), bad: Type.Boolean() })),
  },
  { $id: 'JudgedPart' },
)
export type JudgedPart = Static<typeof JudgedPart>

export const JudgedParts = Strict(
  {
    service: Id('svc'),
    name: Type.String(),
    equipment: Id('ast'),
    equipmentName: Type.String(),
    /** Of the measured value. */
    resultName: Type.String(),
    unit: Type.String(),
    limits: Strict(Limits),
    learns: Choice(['value', 'verdict']),
    items: Type.Array(JudgedPart),
    /** Over the items. */
    judged: Type.Integer(),
    diverted: Type.Integer(),
    /** Of those with a result. */
    known: Type.Integer(),
    rightlyDiverted: Type.Integer(),
    falselyDiverted: Type.Integer(),
    missed: Type.Integer(),
    sentence: Type.String(),
  },
  { $id: 'JudgedParts' },
)
export type JudgedParts = Static<typeof JudgedParts>

export const QualityCause = Strict({
  name: Type.String(),
  share: Type.Number({ description: 'Of all that moves the predictions' }),
  worse: Nullable(Type.Number({ description: 'How much worse the model gets without it, as a share of its error' })),
  chance: Nullable(Type.Number({ description: 'False-discovery rate at which parts differ in it' })),
  confirmed: Type.Boolean(),
  good: Nullable(Type.Number({ description: 'Median of good parts' })),
  bad: Nullable(Type.Number()),
  correlation: Nullable(Type.Number()),
})
export type QualityCause = Static<typeof QualityCause>

const Curve = Strict({ from: Type.Number(), to: Type.Number(), side: Choice(['above', 'below']), most: Type.Number() })

export const CurveComparison = Strict(
  {
    serial: Type.String(),
    station: Type.String(),
    signal: Key,
    unit: Type.String(),
    /** Good parts that the golden curve was made of. */
    curves: Type.Integer(),
    /** Usual length, µs. */
    duration: Type.Number(),
    centre: Numbers,
    lower: Numbers,
    upper: Numbers,
    /** The part's curve, matched onto the golden one. */
    matched: Numbers,
    good: Type.Boolean(),
    stretch: Type.Number({ description: 'Length of the part’s curve by the usual one' }),
    departures: Type.Array(Curve),
    sentence: Type.String(),
  },
  { $id: 'CurveComparison' },
)
export type CurveComparison = Static<typeof CurveComparison>

export const Diverter = Strict(
  {
    device: Id('dev'),
    deviceName: Type.String(),
    /** Sent with the part’s serial number. */
    command: Key,
    setBy: Type.String(),
    setAt: Time,
  },
  { $id: 'Diverter' },
)
export type Diverter = Static<typeof Diverter>

const tag = 'Quality'
const access = 'actor'

export const qualityOperations = {
  queryControlChart: operation({
    id: 'queryControlChart',
    method: 'POST',
    path: '/quality/charts',
    tag,
    summary: 'Control charts of a stored signal, with the rules that fired and the capability',
    access,
    body: ControlChartQuery,
    reply: ControlCharts,
  }),
  studyGauge: operation({
    id: 'studyGauge',
    method: 'POST',
    path: '/quality/gauge-studies',
    tag,
    summary: 'Gauge repeatability and reproducibility of entered measurements (AIAG, analysis of variance)',
    access,
    body: GaugeStudyQuery,
    reply: GaugeStudy,
  }),
  listJudgedParts: operation({
    id: 'listJudgedParts',
    method: 'GET',
    path: '/services/{id}/parts',
    tag,
    summary: 'Parts that a quality service judged, newest first, with where they were and what was found later',
    access,
    params: IdParams('svc'),
    query: Strict({
      from: Type.Optional(Time),
      to: Type.Optional(Time),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 200 })),
    }),
    reply: JudgedParts,
  }),
  listQualityCauses: operation({
    id: 'listQualityCauses',
    method: 'GET',
    path: '/services/{id}/causes',
    tag,
    summary: 'What drives the result, most important first, as the live version learnt it',
    access,
    params: IdParams('svc'),
    reply: Strict({ items: Type.Array(QualityCause), sentence: Type.String() }),
  }),
  comparePartCurve: operation({
    id: 'comparePartCurve',
    method: 'POST',
    path: '/services/{id}/curves',
    tag,
    summary: 'A part’s curve at a station beside those of good parts, and where along it it leaves their band',
    access,
    params: IdParams('svc'),
    body: Strict({
      serial: Type.String({ minLength: 1, maxLength: 200 }),
      station: Type.String({ maxLength: 60 }),
      /** As the settings name it there, or the signal’s name. */
      signal: Key,
      from: Type.Optional(Time),
      to: Type.Optional(Time),
    }),
    reply: CurveComparison,
  }),
  getDiverter: operation({
    id: 'getDiverter',
    method: 'GET',
    path: '/services/{id}/diverter',
    tag,
    summary: 'The device that takes parts out when the service says so',
    access,
    params: IdParams('svc'),
    reply: Strict({ diverter: Nullable(Diverter) }),
  }),
  setDiverter: operation({
    id: 'setDiverter',
    method: 'PUT',
    path: '/services/{id}/diverter',
    tag,
    summary: 'Let a quality service send a command to a device for each part it takes out; null: none any more',
    access,
    params: IdParams('svc'),
    body: Strict({
      diverter: Nullable(Strict({ device: Id('dev'), command: Type.Optional(Key) })),
    }),
    reply: Strict({ diverter: Nullable(Diverter) }),
  }),
}
