import type { Micros } from '@millwright/foundation'
import type { Diagnosis } from '@millwright/methods/vibration'
import type { EpisodeFact, Scores } from '../kind.ts'
import type { Verdict } from './judge.ts'
import { outputAt, type VibrationOutput } from './outputs.ts'

/** Urgency from which it is an alarm. */
const ALARM = 2

type Row = Scores['rows'][number]

interface Running {
  readonly from: Micros
  readonly sensor: string
  peak: number
  peakAt: Micros
  explanation: string
}

/**
 * Turns verdicts on the sensors into the rows of the service's signals and into episodes: the worst sensor speaks for
 * the machine.
 */
export class VibrationRows {
  readonly #verdicts = new Map<string, Verdict>()
  readonly #said = new Map<VibrationOutput, string>()
  #episode: Running | undefined

  take(sensor: string, verdict: Verdict): Scores {
    this.#verdicts.set(sensor, verdict)
    const [[worstSensor, worst]] = [...this.#verdicts].sort(
      ([, one], [, other]) =>
        other.urgency - one.urgency ||
        Number(other.measured !== undefined) - Number(one.measured !== undefined) ||
        other.time - one.time,
    ) as [[string, Verdict]]
    const rows: Row[] = []
    const say = (name: VibrationOutput, value: number | string) => {
      // A state is written when it changes.
      if (typeof value === 'string' && this.#said.get(name) === value) return
      if (typeof value === 'string') this.#said.set(name, value)
      rows.push({ output: outputAt(name), time: verdict.time, value })
    }
    this.#measured(verdict, say)
    say('severity', worst.urgency)
    say('confidence', worst.confidence)
    say('explanation', worst.explanation)
    say('diagnosis', worst.diagnosis)
    say('alarm', worst.urgency >= ALARM ? 1 : 0)
    return { rows, episodes: this.#episodes(verdict.time, worstSensor, worst) }
  }

  /** Of several sensors the highest figures stand for the machine. */
  #measured({ time, measured }: Verdict, say: (name: VibrationOutput, value: number | string) => void): void {
    if (measured === undefined) return
    const others = [...this.#verdicts.values()].flatMap((each) =>
      each.measured !== undefined && Math.abs(each.time - time) < 60e6 ? [each.measured] : [],
    )
    const most = (of: (each: Diagnosis) => number) => Math.max(...others.map(of))
    const depth = (fault: string) =>
      most(({ modulations }) =>
        Math.max(
          0,
          ...modulations.flatMap((bearing) =>
            bearing.of.filter((each) => each.fault === fault).map((each) => each.depth),
          ),
        ),
      )
    say(
      'velocity',
      most(({ severity }) => severity.velocity),
    )
    say(
      'zone',
      others
        .map(({ severity }) => severity.zone)
        .sort()
        .at(-1)!,
    )
    if (measured.modulations.length > 0)
      for (const fault of ['outer race', 'inner race', 'rolling element', 'cage'] as const) say(fault, depth(fault))
    say(
      'kurtosis',
      most(({ statistics }) => statistics.kurtosis),
    )
    say(
      'crest',
      most(({ statistics }) => statistics.crest),
    )
    if (measured.highFrequency !== undefined)
      say(
        'high frequency',
        most(({ highFrequency }) => highFrequency?.rms ?? 0),
      )
    if (measured.shaft !== undefined) say('speed', 60 * measured.shaft.frequency)
  }

  #episodes(time: Micros, sensor: string, { urgency, confidence, explanation }: Verdict): EpisodeFact[] {
    const running = this.#episode
    if (urgency >= ALARM) {
      this.#episode ??= { from: time, sensor, peak: 0, peakAt: time, explanation }
      const now = this.#episode
      if (confidence > now.peak) {
        now.peak = confidence
        now.peakAt = time
        now.explanation = explanation
      }
      return [fact(now, null)]
    }
    this.#episode = undefined
    return running === undefined ? [] : [fact(running, time)]
  }
}

const fact = ({ sensor, ...rest }: Running, to: Micros | null): EpisodeFact => ({
  ...rest,
  to,
  signals: [{ name: sensor, share: 1 }],
})
