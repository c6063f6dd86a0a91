import { isBad } from '@millwright/connectivity'
import type { SignalFacts } from '@millwright/data'
import type { Micros } from '@millwright/foundation'
import { serviceErrors } from '../../errors.ts'
import type { KindOptions } from '../options.ts'

/** One signal's readings in the order of time; of a state `words`. */
export interface ReadSignal {
  readonly times: Float64Array
  /** NaN: Bad. Empty for states. */
  readonly values: Float64Array
  readonly words: readonly string[]
}

/** Readings that are looked at for one answer. */
const MOST = 1_000_000

/** @throws MW-SERVICE-0025 when it is too much for one look */
export async function readSignals(
  { historian }: Pick<KindOptions, 'historian'>,
  signals: readonly (SignalFacts | undefined)[],
  { from, to }: { readonly from: Micros; readonly to: Micros },
  abort: AbortSignal,
): Promise<ReadSignal[]> {
  const columns = new Map<number, { times: number[]; values: number[]; words: string[] }>()
  for (const facts of signals) if (facts !== undefined) columns.set(facts.key, { times: [], values: [], words: [] })
  let count = 0
  if (columns.size > 0)
    for await (const batch of historian.replay.raw([...columns.keys()], from, to, abort)) {
      count += batch.length + batch.wide.length
      if (count > MOST) throw serviceErrors.tooMuchHistory({ values: `over ${MOST}`, limit: MOST })
      for (let row = 0; row < batch.length; row++) {
        const column = columns.get(batch.signal[row]!)!
        column.times.push(batch.time[row]!)
        column.values.push(isBad(batch.quality[row]!) ? Number.NaN : batch.value[row]!)
      }
      for (const { signal, time, value } of batch.wide) {
        const column = columns.get(signal)!
        column.times.push(time)
        column.words.push(value.kind === 'state' ? value.value : '')
      }
    }
  return signals.map((facts) => {
    const { times, values, words } = (facts && columns.get(facts.key)) ?? { times: [], values: [], words: [] }
    return { times: Float64Array.from(times), values: Float64Array.from(values), words }
  })
}
