/** What AI services find out: reports of training, readiness of history, episodes, and what people say of them. */
import { type Static, Type } from 'typebox'
import { Choice, Id, Key, Nullable, Strict, Text, Time } from './common.ts'
import { VERDICTS, WORK_STATES } from './lists.ts'

export const Figure = Strict({
  name: Type.String(),
  value: Type.Number(),
  unit: Type.String({ description: 'UCUM code; "1" for none' }),
  /** What it means, in a sentence. */
  about: Type.Optional(Type.String()),
})

/** Something to draw: at most some hundred points a line. A null is a gap. */
export const Chart = Strict({
  title: Type.String(),
  style: Choice(['line', 'scatter', 'bars']),
  /** `x` are times in µs. */
  overTime: Type.Boolean(),
  xName: Type.String(),
  yName: Type.String(),
  x: Type.Array(Type.Union([Type.Number(), Type.String()])),
  lines: Type.Array(Strict({ name: Type.String(), y: Type.Array(Nullable(Type.Number())) })),
})
export type Chart = Static<typeof Chart>

/** What training used and left out, how good the result is, and how that was found out. */
export const ServiceReport = Strict(
  {
    /** In a sentence or two: what was learnt, from what, how good it is. */
    summary: Type.String(),
    used: Type.Array(
      Strict(
        { name: Type.String(), rows: Type.Integer(), note: Type.Optional(Type.String()) },
        { description: 'Signals or machines' },
      ),
    ),
    leftOut: Type.Array(Strict({ what: Type.String(), reason: Type.String() })),
    validation: Nullable(
      Strict({
        /** As "the last quarter of the span" or "each machine left out once". */
        split: Type.String(),
        figures: Type.Array(Figure),
      }),
    ),
    figures: Type.Array(Figure),
    charts: Type.Array(Chart),
    notes: Type.Array(Type.String()),
    /** What else the kind tells, for programs. */
    details: Type.Record(Type.String(), Type.Unknown()),
  },
  { $id: 'ServiceReport' },
)
export type ServiceReport = Static<typeof ServiceReport>

export const FINDING_LEVELS = ['ok', 'advice', 'missing'] as const

export const Finding = Strict(
  {
    /** Stable, as `too-short`. */
    code: Type.String(),
    level: Choice(FINDING_LEVELS),
    /** What is so, why it matters, and what to do. */
    sentence: Type.String(),
    signal: Type.Optional(Key),
  },
  { $id: 'Finding' },
)
export type Finding = Static<typeof Finding>

export const Readiness = Strict(
  {
    /** The worst of the findings; nothing can be trained while something is missing. */
    level: Choice(FINDING_LEVELS),
    findings: Type.Array(Finding),
    from: Time,
    to: Time,
    inputs: Type.Array(
      Strict({
        signal: Id('sig'),
        name: Key,
        kind: Type.String(),
        unit: Type.String(),
        readings: Type.Integer(),
        /** Of these, the ones that are not Bad. */
        usable: Type.Integer(),
        oldest: Nullable(Time),
        newest: Nullable(Time),
        /** Share of the span's steps that have a usable reading. */
        coverage: Type.Number(),
      }),
    ),
  },
  { $id: 'Readiness' },
)
export type Readiness = Static<typeof Readiness>

export const ServiceVersion = Strict(
  {
    service: Id('svc'),
    number: Type.Integer(),
    state: Choice(WORK_STATES),
    /** 0 to 1. */
    progress: Type.Number(),
    /** What it is at, in a few words. */
    stage: Type.String(),
    origin: Choice(['training', 'upload']),
    from: Nullable(Time),
    to: Nullable(Time),
    /** As they were when it was made. */
    settings: Type.Record(Type.String(), Type.Unknown()),
    inputs: Type.Array(Strict({ signal: Id('sig'), name: Key, kind: Type.String(), unit: Type.String() })),
    report: Nullable(ServiceReport),
    /** Why there is nothing to publish. */
    failure: Nullable(Type.String()),
    /** Bytes of the model, and their SHA-256. */
    size: Nullable(Type.Integer()),
    sha256: Nullable(Type.String()),
    live: Type.Boolean(),
    createdAt: Time,
    createdBy: Type.String(),
    finishedAt: Nullable(Time),
  },
  { $id: 'ServiceVersion' },
)
export type ServiceVersion = Static<typeof ServiceVersion>

export const ServiceJob = Strict(
  {
    id: Id('job'),
    service: Id('svc'),
    /** Scores the past again with a version. */
    type: Choice(['recompute']),
    number: Type.Integer({ description: 'The version that scores' }),
    from: Time,
    to: Time,
    state: Choice(WORK_STATES),
    progress: Type.Number(),
    stage: Type.String(),
    /** Readings written so far. */
    written: Type.Integer(),
    failure: Nullable(Type.String()),
    createdAt: Time,
    createdBy: Type.String(),
    finishedAt: Nullable(Time),
  },
  { $id: 'ServiceJob' },
)
export type ServiceJob = Static<typeof ServiceJob>

export const Label = Strict(
  {
    id: Id('lbl'),
    service: Id('svc'),
    episode: Nullable(Id('epi')),
    from: Time,
    to: Time,
    verdict: Choice(VERDICTS),
    /** What it was, as "cavitation". */
    what: Text,
    by: Type.String(),
    at: Time,
  },
  { $id: 'Label' },
)
export type Label = Static<typeof Label>

export const Episode = Strict(
  {
    id: Id('epi'),
    service: Id('svc'),
    number: Type.Integer({ description: 'The version that found it' }),
    from: Time,
    /** null: it goes on. */
    to: Nullable(Time),
    peak: Type.Number(),
    peakAt: Time,
    explanation: Type.String(),
    /** Which signals and how much of it each, largest first; the shares of all add up to 1. */
    signals: Type.Array(Strict({ name: Key, share: Type.Number() })),
    /** The earlier episode it is most like, if it is like any. */
    similar: Nullable(
      Strict({
        episode: Id('epi'),
        from: Time,
        /** 0 to 1. */
        likeness: Type.Number(),
        /** What people said it was. */
        what: Nullable(Type.String()),
      }),
    ),
    label: Nullable(Label),
  },
  { $id: 'Episode' },
)
export type Episode = Static<typeof Episode>
