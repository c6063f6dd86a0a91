import { BOUNDS, QUALITY } from '@millwright/connectivity'
import type { DbcMessage, DbcSignal } from '../dbc/model.ts'
import { unitOfDbc } from '../dbc/units.ts'
import { bytesNeeded, type Extract, extractor } from './extract.ts'

/** How frames become metrics. */
export interface FrameMapping {
  readonly metric: 'message.signal' | 'signal'
  /** Which device frames belong to. */
  readonly device: 'none' | 'sender'
  /** µs that lie at least between two readings of a signal; 0: all are taken. */
  readonly interval: number
}

/** A signal, ready to be read. */
export interface SignalPlan {
  readonly metric: string
  /** UCUM. */
  readonly unit: string | undefined
  readonly bytes: number
  readonly extract: Extract
  readonly factor: number
  readonly offset: number
  /** Raw value -> state, when the signal is a state. */
  readonly states: ReadonlyMap<number, string> | undefined
  /** Raw values that stand for no value, with the quality that they say. */
  readonly special: ReadonlyMap<number, number> | undefined
  /** J1939: raw values from here on are reserved, then error, then not available. */
  readonly reserved: J1939Limits | undefined
  /** Place of the multiplexor in the message's plan, and the values for which this signal is there. */
  readonly by: number
  readonly ranges: readonly (readonly [number, number])[]
  /** Its value decides about others. */
  readonly decides: boolean
  /** When it was last read, µs. */
  last: number
}

export interface J1939Limits {
  readonly error: number
  readonly notAvailable: number
}

const NO_VALUE = /\b(?:not[ _]?avail\w*|n\/?a|sna|invalid|unavailable|not[ _]?valid)\b/i
const FAULT = /\b(?:error|fault\w*|fehler)\b/i

/** Multiplexors stand before what they decide about. */
export function compile(message: DbcMessage, mapping: FrameMapping, j1939: boolean): SignalPlan[] {
  const ordered: DbcSignal[] = []
  const place = (signal: DbcSignal, depth: number): void => {
    if (ordered.includes(signal) || depth > 16) return
    const by = message.signals.find(({ name }) => name === signal.multiplexed?.by)
    if (by !== undefined && by !== signal) place(by, depth + 1)
    if (!ordered.includes(signal)) ordered.push(signal)
  }
  for (const signal of message.signals) place(signal, 0)
  const decides = new Set(message.signals.map(({ multiplexed }) => multiplexed?.by))
  return ordered.map((signal, index) => {
    const by = ordered.findIndex(({ name }) => name === signal.multiplexed?.by)
    const states = isState(signal) ? signal.values : undefined
    return {
      metric: (mapping.metric === 'signal' ? signal.name : `${message.name}.${signal.name}`).slice(0, BOUNDS.nameChars),
      unit: states === undefined ? unitOfDbc(signal.unit) : undefined,
      bytes: bytesNeeded(signal),
      extract: extractor(signal),
      factor: signal.factor,
      offset: signal.offset,
      states,
      special: states === undefined ? specialValues(signal) : undefined,
      reserved: j1939 ? j1939Limits(signal) : undefined,
      // One that would have to be read before itself is read always.
      by: by < index ? by : -1,
      ranges: signal.multiplexed?.ranges ?? [],
      decides: decides.has(signal.name),
      last: Number.NEGATIVE_INFINITY,
    }
  })
}

/**
 * A signal is a state when its table names what it usually has: more than one value, the lowest ones among them, and no scale. A
 * table of a few high values ("255: not available") is that of a number.
 */
export function isState({ values, factor, offset, float, length }: DbcSignal): boolean {
  if (values === undefined || values.size < 2 || factor !== 1 || offset !== 0 || float !== 0 || length > 32)
    return false
  const lowest = Math.min(...values.keys())
  return (lowest <= 1 && values.has(lowest + 1)) || (length <= 8 && values.size * 2 >= 2 ** length)
}

function specialValues({ values }: DbcSignal): ReadonlyMap<number, number> | undefined {
  const special = [...(values ?? [])].flatMap(([raw, text]): [number, number][] =>
    NO_VALUE.test(text) ? [[raw, QUALITY.bad]] : FAULT.test(text) ? [[raw, QUALITY.badSensorFailure]] : [],
  )
  return special.length === 0 ? undefined : new Map(special)
}

/** SAE J1939-71, 5.1.4: parameter ranges of one, two and four bytes, and of two bits. */
function j1939Limits({ length, signed, float }: DbcSignal): J1939Limits | undefined {
  if (signed || float !== 0) return undefined
  if (length === 8 || length === 16 || length === 32) {
    const unit = 2 ** (length - 8)
    return { error: 0xfe * unit, notAvailable: 0xff * unit }
  }
  return length === 2 ? { error: 2, notAvailable: 3 } : undefined
}
