/**
 * What every simulated machine is: physics that knows no protocol and no wall clock. Device processes publish it over
 * MQTT; servers of other protocols can stand on the same contract.
 */
import type { LEVELS, SIGNAL_KINDS } from '@millwright/contracts'

export type Kind = (typeof SIGNAL_KINDS)[number]
export type Level = (typeof LEVELS)[number]

export interface Waveform {
  /** Hz. */
  readonly sampleRate: number
  readonly samples: readonly number[]
}
export interface Position {
  /** Degrees, WGS 84. */
  readonly latitude: number
  readonly longitude: number
}
export type SignalValue = number | boolean | string | Waveform | Position | { readonly [key: string]: unknown }

/** One signal of a model: what the equipment class expects and how often a device sends it. */
export interface SignalSpec {
  readonly name: string
  readonly kind: Kind
  /** UCUM code; `1` for none. */
  readonly unit: string
  readonly description: string
  readonly min?: number
  readonly max?: number
  /** Seconds between readings; `event`: sent when it happens. */
  readonly every: number | 'event'
}

/** A kind of machine: becomes an equipment class. */
export interface MachineModel {
  readonly name: string
  readonly description: string
  readonly signals: readonly SignalSpec[]
}

/** Something that can go wrong, on purpose. */
export interface Fault {
  readonly name: string
  readonly description: string
  readonly active: boolean
  inject(): void
  /** Repairs it: the part is as new. */
  clear(): void
}

/** Does it and returns what to answer; throws an Error with a sentence when it cannot. */
export type MachineCommand = (params: unknown) => unknown

/** A value the machine holds that may be set from outside: desired and reported configuration. */
export interface Setting {
  get(): number | boolean | string
  /** Throws an Error with a sentence when the value does not fit. */
  set(value: unknown): void
}

/** What a machine holds that may be set, by name: reported as its device's configuration. */
export type Configuration = Record<string, unknown>

/** A thing that happened at the last steps, as a document of an `event` signal. */
export interface Occurrence {
  readonly signal: string
  readonly value: SignalValue
}

export interface Machine {
  /** Of the equipment and of its device: `P-101`. */
  readonly name: string
  readonly model: MachineModel
  /** Advances by `dt` seconds of simulated time: always a whole STEP. */
  step(dt: number): void
  /** What its instruments show now; reading changes nothing. */
  signals(): Readonly<Record<string, SignalValue>>
  /** Hands over what happened since it was asked last. */
  occurrences(): Occurrence[]
  readonly faults: readonly Fault[]
  readonly commands: Readonly<Record<string, MachineCommand>>
  readonly settings: Readonly<Record<string, Setting>>
  /** The whole state as plain JSON: restored, it goes on bit for bit as if it had never stopped. */
  save(): unknown
  restore(state: unknown): void
}

/** Seconds of simulated time in one step of the plant. */
export const STEP = 0.1
