/**
 * What a kind of AI service is. A kind's description is read by the platform; its work (training and scoring) is loaded
 * in worker threads only, so that a heavy or faulty one never stands in the way of the platform.
 */
import type { WideValue } from '@millwright/connectivity'
import type { Finding, Readiness, ServiceReport, SignalKind } from '@millwright/contracts'
import type { Micros } from '@millwright/foundation'
import type { Progress } from '@millwright/methods/progress'
import type { Frame } from '@millwright/methods/series'
import type { TSchema } from 'typebox'

/** As the kind's schema says, defaults filled in. */
export type Settings = Readonly<Record<string, unknown>>

/** A signal that a service could read. */
export interface Candidate {
  readonly id: string
  readonly name: string
  readonly kind: SignalKind
  /** UCUM code; `1` for none. */
  readonly unit: string
  /** Another service writes it. */
  readonly computed: boolean
}

/** A signal that a version reads. */
export interface Input {
  readonly signal: string
  readonly name: string
  readonly kind: SignalKind
  readonly unit: string
  /** On a grid: for how many steps its last value stands while no other comes. */
  readonly hold: number
}

/** What a version's scorer is fed with; stored with it. */
export interface Plan {
  /** µs of a step of the grid; null: readings as they come. */
  readonly step: Micros | null
  readonly inputs: readonly Input[]
}

export interface Output {
  /** Stands behind the service's name in the signal's: `score` becomes "Pump watch score". */
  readonly name: string
  readonly kind: 'number' | 'boolean' | 'state'
  /** UCUM code; `1` for none. */
  readonly unit: string
  /** What it means, in a sentence. */
  readonly about: string
}

/** The alarm rule of a service, over its own outputs. */
export interface AlarmRule {
  /** CEL; `of('score')` stands for the signal of an output. */
  condition(of: (output: string) => string): string
  clearCondition?(of: (output: string) => string): string
  /** What stands in the alarm: `{explanation}` takes the output of that name. */
  readonly message: string
  readonly response: string
}

/** How a kind reads the history it learns from, and what its scorer is fed with. */
export type Reads =
  /** Numbers and booleans as means over steps of one grid, gaps held; `step`: null lets the signals' pace decide. */
  | { readonly as: 'grid'; readonly step: Micros | null }
  /** Every reading: numbers, states and waveforms. */
  | { readonly as: 'readings' }

/** One signal's readings in the order of time. Of a state `words` are its values, of a waveform `waves`. */
export interface Series {
  readonly name: string
  readonly kind: SignalKind
  readonly unit: string
  readonly times: Float64Array
  /** NaN: the reading is Bad. Empty for states and waveforms. */
  readonly values: Float64Array
  readonly words: readonly string[]
  readonly waves: readonly { readonly sampleRate: number; readonly samples: Float32Array }[]
}

export interface MachineHistory {
  /** Node id and name of the equipment. */
  readonly id: string
  readonly name: string
  /** With `as: 'grid'`; otherwise without rows. */
  readonly grid: Frame
  /** With `as: 'readings'`; otherwise empty. */
  readonly series: readonly Series[]
}

export interface TrainingLabel {
  readonly from: Micros
  readonly to: Micros
  readonly verdict: 'right' | 'wrong' | 'other'
  readonly what: string
}

export interface TrainingData {
  readonly from: Micros
  readonly to: Micros
  readonly plan: Plan
  /** The service's own equipment. */
  readonly machine: MachineHistory
  /** Others that the kind asked for (`machines`). */
  readonly others: readonly MachineHistory[]
  readonly labels: readonly TrainingLabel[]
}

export interface Trained {
  /** A model file, or whatever the kind's scorer reads. */
  readonly model: Uint8Array
  readonly report: ServiceReport
}

/** New readings of a service's inputs, in the order in which they came. */
export interface Arrivals {
  readonly length: number
  /** Index into the plan's inputs. */
  readonly input: Uint16Array
  readonly time: Float64Array
  /** NaN: Bad. */
  readonly value: Float64Array
  /** States, documents, positions and waveforms. */
  readonly wide: readonly { readonly input: number; readonly time: Micros; readonly value: WideValue }[]
  /** The platform's time; of stored readings the time up to which they are told. */
  readonly now: Micros
}

/** A span that a service found remarkable. The same `from` again brings the same episode up to date. */
export interface EpisodeFact {
  readonly from: Micros
  /** null: it goes on. */
  readonly to: Micros | null
  readonly peak: number
  readonly peakAt: Micros
  readonly explanation: string
  /** Which signals and how much of it each; shares add up to 1. */
  readonly signals: readonly { readonly name: string; readonly share: number }[]
}

/** What the line is to do now, of live readings only: goes to the device that the service may command, if it may. */
export interface CommandFact {
  readonly time: Micros
  readonly params: Readonly<Record<string, unknown>>
}

export interface Scores {
  /** Index into the kind's outputs, time and value: NaN tells that there is nothing to say (stored as Bad). */
  readonly rows: readonly { readonly output: number; readonly time: Micros; readonly value: number | string }[]
  readonly episodes: readonly EpisodeFact[]
  readonly commands?: readonly CommandFact[]
}

/** Keeps its own state from batch to batch. What it throws ends the service's scoring, with its words shown to people. */
export interface Scorer {
  /** Called with new readings, and about once a second without any. */
  take(arrivals: Arrivals): Scores | Promise<Scores>
}

export interface ScorerContext {
  readonly settings: Settings
  readonly plan: Plan
}

/** Loaded in worker threads. */
export interface KindWork {
  /** Synchronous or not; cancelled by ending the thread. @throws an error whose message is shown to people */
  train?(data: TrainingData, settings: Settings, progress: Progress): Trained | Promise<Trained>
  scorer(model: Uint8Array, context: ScorerContext): Scorer | Promise<Scorer>
  /** Of kinds whose versions are uploaded: what is stored of a model that can be used. @throws why it cannot, in words */
  check?(model: Uint8Array, manifest: unknown, settings: Settings): Promise<CheckedModel>
}

export interface CheckedModel extends Trained {
  /** The signals it reads, in its order, and the units in which it takes them (absent: whatever the signal has). */
  readonly inputs: readonly { readonly name: string; readonly unit?: string | undefined }[]
  readonly step: Micros | null
  /** What stands in the version's settings beside those of the service. */
  readonly settings: Settings
}

export type InputReadiness = Readiness['inputs'][number]

/** What is known of the history before it is read. */
export interface HistorySummary {
  readonly from: Micros
  readonly to: Micros
  /** null: as they come. */
  readonly step: Micros | null
  readonly inputs: readonly InputReadiness[]
  readonly labels: number
}

export interface ServiceKind {
  readonly id: string
  readonly name: string
  readonly summary: string
  /** False: versions are uploaded. */
  readonly trains: boolean
  readonly episodes: boolean
  readonly settings: TSchema
  /** Settings to show outputs with, of kinds that cannot do without some. */
  readonly example?: Settings
  /** What the schema cannot say of settings; undefined: nothing is wrong. */
  problem?(settings: Settings): string | undefined
  /** Names of the signals it reads; those that are not there are told to people. */
  inputs(settings: Settings, candidates: readonly Candidate[]): readonly string[]
  /**
   * `inputs` may also give ids of signals of other equipment (a production count, the weather): whoever trains it must be allowed
   * to read there.
   */
  readonly elsewhere?: true
  /** Other machines it learns from, by node id; the same input names are read of them. */
  machines?(settings: Settings): readonly string[]
  reads(settings: Settings): Reads
  /** What it says is worth nothing afterwards: what came before it was live is not scored. */
  readonly onlyLive?: true
  /** Names of inputs whose readings are scored at once instead of with the next batch: somebody waits for what follows. */
  urgent?(settings: Settings): readonly string[]
  outputs(settings: Settings): readonly Output[]
  /** undefined: with these settings there is nothing to raise an alarm on. */
  alarm?(settings: Settings): AlarmRule | undefined
  /** How far back it learns when nobody says. */
  span(settings: Settings): Micros
  /** How much of the past a fresh scorer is fed with before it is live. */
  warmUp(settings: Settings, plan: Plan): Micros
  readiness(history: HistorySummary, settings: Settings): readonly Finding[]
  work(): Promise<KindWork>
}
