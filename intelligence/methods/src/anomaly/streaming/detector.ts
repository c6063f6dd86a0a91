import { readModel, writeModel } from '../../model-file/index.ts'
import { aCount, aNumber, fits, oneOf, record } from '../../model-file/shape.ts'
import {
  type ExpertState,
  expertState,
  expertStateShape,
  type StreamingCause,
  type Surprise,
  surprise,
} from './experts.ts'
import { checkedStreamingSettings, type StreamingSettings } from './settings.ts'

/** Finds the onset of whatever is new in one signal, reading by reading, from nothing but its past. */
export interface StreamingDetector {
  /**
   * Takes the next reading and says how strange it is: 0 for usual, 0.5 at the threshold of the settings, towards 1 for
   * more; 0 while warming up, and while something as strange has just been told. Readings are taken in the order in
   * which they come: the time only says where in the day and the week one lies, so gaps, irregular steps and a clock
   * put back do no harm. Without a finite time a reading is judged without the calendar. A missing value (NaN,
   * infinite) is 0 and is not learnt.
   * @param time µs since the epoch
   */
  push(time: number, value: number): number
  /** What about the last reading was strange; undefined when its score was 0. */
  cause(): StreamingCause | undefined
  /** Its state, for {@link resumeStreaming}: of the same size whatever was pushed, below 64 kB. */
  save(): Uint8Array
}

type State = {
  readonly experts: ExpertState
  /** The surprise that was told last, and the readings since. */
  told: number
  since: number
}

/** Beyond this size, squares of values would no longer be finite. */
const LARGEST = 1e100

/** @throws MW-ANOMALY-0008 for a setting out of its range */
export const streamingDetector = (given: Partial<StreamingSettings> = {}): StreamingDetector =>
  detector(checkedStreamingSettings(given), { experts: expertState(), told: 0, since: 0 })

/**
 * Goes on where a detector was saved: with the same settings it gives the scores it would have given had it never
 * stopped.
 * @throws MW-MODEL-0001 when the bytes are no state of a streaming detector
 */
export function resumeStreaming(bytes: Uint8Array, given: Partial<StreamingSettings> = {}): StreamingDetector {
  const { experts, told, since } = stateShape(readModel(bytes), '')
  fits(told >= 0, '/told', 'a surprise')
  return detector(checkedStreamingSettings(given), { experts, told, since })
}

function detector(settings: StreamingSettings, state: State): StreamingDetector {
  const { refractory, threshold } = settings
  const found: Surprise = { amount: 0, cause: 'value' }
  let score = 0
  return {
    push(time, value) {
      score = 0
      if (!Number.isFinite(value)) return score
      surprise(state.experts, settings, time, Math.min(Math.max(value, -LARGEST), LARGEST), found)
      state.since = Math.min(state.since + 1, refractory + 1)
      if (found.amount > 0 && (found.amount > state.told || state.since > refractory)) {
        state.told = found.amount
        state.since = 0
        score = found.amount / (found.amount + threshold)
      }
      return score
    },
    cause: () => (score > 0 ? found.cause : undefined),
    save: () => writeModel({ kind: 'streaming', version: '1', ...state }),
  }
}

const stateShape = record({
  kind: oneOf(['streaming']),
  version: oneOf(['1']),
  experts: expertStateShape,
  told: aNumber,
  since: aCount(1e6 + 1),
})
