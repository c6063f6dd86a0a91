import type { Micros } from '@millwright/foundation'
import {
  type Diagnosis,
  diagnose,
  type Finding,
  type Limit,
  type MachineDescription,
  sentenceOf,
  type Waveform,
} from '@millwright/methods/vibration'
import { type Baseline, depthKey, type Normal } from './baseline.ts'
import { NOTHING, WELL } from './settings.ts'

/** From this confidence on a finding is stated; below, it is suspected. */
const SURE = 0.75
/** So clear that one recording is enough. */
const PLAIN = 0.85
/** Otherwise it has to be in so many of the last recordings, and is taken back when it is in none of them. */
const SEEN = 2
const MEMORY = 3
/** Recordings without it until it is over. */
const GONE = 5

/** 0: nothing; 1: keep an eye on it; 2: plan the repair; 3: act now. */
export type Urgency = 0 | 1 | 2 | 3

export interface Verdict {
  readonly time: Micros
  /** `well`, `standing`, `not judged`, or the fault. */
  readonly diagnosis: string
  readonly urgency: Urgency
  readonly confidence: number
  readonly explanation: string
  /** undefined when the machine stands or the recording cannot be used. */
  readonly measured?: Diagnosis
}

/** A recording's diagnosis against what is normal for the machine: what it shows when it is well speaks for nothing. */
export function measure(machine: MachineDescription, normal: Normal | undefined, waveform: Waveform): Diagnosis {
  if (normal === undefined) return diagnose(waveform, machine)
  const { velocity, highFrequency, depths } = normal
  const found = diagnose(waveform, { ...machine, normal: { velocity, highFrequency } })
  const unusual = ({ part, fault, strength, measure: what }: Finding) =>
    what !== 'modulation depth' || strength > (depths[depthKey(part ?? '', fault)] ?? 0)
  return { ...found, findings: found.findings.filter(unusual) }
}

/**
 * Judges one sensor's recordings one after the other: a fault is told when it stays, and taken back when it stays away.
 */
export class Judge {
  readonly #machine: MachineDescription
  readonly #normal: Normal | undefined
  readonly #standstill: number
  #recent: (readonly Finding[])[] = []
  /** How long it has been in zone D without a name for it, and what was said of that. */
  #high: { readonly words: string; readonly seen: number } | undefined
  #standing: { readonly finding: Finding; readonly words: string; missed: number } | undefined

  /** @param standstill Hz below which the machine stands */
  constructor(machine: MachineDescription, baseline: Baseline, sensor: string, standstill: number) {
    this.#normal = baseline[sensor]
    this.#standstill = standstill
    this.#machine = machine
  }

  /** @param shaft Hz; undefined: it is not known */
  take(time: Micros, waveform: Waveform, shaft: number | undefined): Verdict {
    if (shaft !== undefined && shaft < this.#standstill)
      return { time, diagnosis: 'standing', urgency: 0, confidence: 1, explanation: 'The machine stands.' }
    let measured: Diagnosis
    try {
      measured = measure(shaft === undefined ? this.#machine : { ...this.#machine, shaft }, this.#normal, waveform)
    } catch (error) {
      return { time, diagnosis: 'not judged', urgency: 0, confidence: 0, explanation: reasonOf(error) }
    }
    this.#recent = [measured.findings, ...this.#recent].slice(0, MEMORY)
    this.#follow(measured)
    return this.#verdict(time, measured)
  }

  #follow(measured: Diagnosis): void {
    const found = measured.findings.find(
      (finding) =>
        finding.confidence >= PLAIN ||
        this.#recent.filter((each) => each.some((one) => same(one, finding))).length >= SEEN,
    )
    const standing = this.#standing
    const still = standing && measured.findings.find((finding) => same(finding, standing.finding))
    if (still !== undefined && (found === undefined || found.confidence < still.confidence + 0.1)) {
      // New words when it has become surer or much stronger, not with every recording.
      const news =
        still.confidence >= SURE !== standing!.finding.confidence >= SURE ||
        still.strength > 1.5 * standing!.finding.strength
      this.#standing = news ? this.#told(still, measured) : { ...standing!, missed: 0 }
    } else if (found !== undefined) this.#standing = this.#told(found, measured)
    else if (standing !== undefined && ++standing.missed >= GONE) this.#standing = undefined
  }

  #told(finding: Finding, measured: Diagnosis) {
    const first = [finding, ...measured.findings.filter((each) => !same(each, finding))]
    return { finding, words: sentenceOf({ ...measured, findings: first }), missed: 0 }
  }

  #verdict(time: Micros, measured: Diagnosis): Verdict {
    const standing = this.#standing
    if (standing === undefined) return this.#unexplained(time, measured)
    const { finding, words } = standing
    const sure = finding.confidence >= SURE
    const urgency = !sure ? 1 : measured.severity.zone === 'D' || measured.severity.zone === 'C' ? 3 : 2
    return { time, diagnosis: finding.fault, urgency, confidence: finding.confidence, explanation: words, measured }
  }

  /** No fault is named: it is well, it cannot be judged, or it shakes too much for a reason that does not show. */
  #unexplained(time: Micros, measured: Diagnosis): Verdict {
    const high = measured.severity.zone === 'D'
    this.#high = high
      ? { words: this.#high?.words ?? highWords(measured), seen: (this.#high?.seen ?? 0) + 1 }
      : undefined
    if (this.#high !== undefined && this.#high.seen >= SEEN)
      return { time, diagnosis: HIGH, urgency: 2, confidence: 1, explanation: this.#high.words, measured }
    const limit = measured.limits.find((each) => each in LIMITED)
    if (limit === undefined) return { time, diagnosis: WELL, urgency: 0, confidence: 1, explanation: NOTHING, measured }
    const diagnosis = limit === 'speed unknown' ? 'not judged' : WELL
    return { time, diagnosis, urgency: 0, confidence: 1, explanation: LIMITED[limit] ?? NOTHING, measured }
  }
}

/** Words that stay while the figures change: each new sentence is a new state in history. */
const LIMITED: Readonly<Partial<Record<Limit, string>>> = {
  'speed unknown':
    'The speed is not known and does not show in the spectrum: bearings, gears and the shaft cannot be judged.',
  'recording too short': 'The recordings hold too few turns of the shaft to judge balance, alignment and gears.',
}

const HIGH = 'high vibration'
const highWords = ({ severity }: Diagnosis): string =>
  `Vibration is ${severity.velocity.toFixed(1)} mm/s (zone D), and nothing in the spectrum says why: find out before it runs on.`

const same = (one: Finding, other: Finding): boolean => one.fault === other.fault && one.part === other.part

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
