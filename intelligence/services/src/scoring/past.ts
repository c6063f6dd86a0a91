import { isBad } from '@millwright/connectivity'
import type { SignalFacts } from '@millwright/data'
import type { Micros } from '@millwright/foundation'
import type { Arrivals, Plan } from '../kinds/kind.ts'
import type { Platform } from '../ports.ts'

/** Values handed over at a time. */
const PAGE_VALUES = 50_000
const WAVES_A_PAGE = 20

type Sources = Pick<Platform['historian'], 'table' | 'replay' | 'waveforms'>

export interface PastSpan {
  readonly from: Micros
  readonly to: Micros
  /** The platform's time: senders' clocks may run ahead of it. */
  readonly now: Micros
}

/**
 * Stored readings of a plan's inputs as a scorer takes them live, a page at a time. On a grid the means of its steps stand for the
 * readings in them: to a scorer that is the same.
 * @param facts in the order of the plan's inputs; undefined where the signal is gone
 */
export function pastArrivals(
  historian: Sources,
  plan: Plan,
  facts: readonly (SignalFacts | undefined)[],
  span: PastSpan,
  abort: AbortSignal,
): AsyncGenerator<Arrivals> {
  return plan.step === null
    ? pastReadings(historian, facts, span, abort)
    : pastMeans(historian, plan.step, facts, span, abort)
}

async function* pastMeans(
  historian: Pick<Sources, 'table'>,
  step: Micros,
  facts: readonly (SignalFacts | undefined)[],
  { from, to, now }: PastSpan,
  abort: AbortSignal,
): AsyncGenerator<Arrivals> {
  const there = facts.flatMap((each, input) => (each === undefined ? [] : [{ facts: each, input }]))
  if (there.length === 0) return
  const last = Math.ceil(to / step)
  const page = Math.max(1, Math.floor(PAGE_VALUES / there.length))
  for (let at = Math.floor(from / step); at < last; at += page) {
    const end = Math.min(last, at + page)
    const { time, columns } = await historian.table(
      there.map((each) => each.facts),
      { from: at * step, to: end * step, step, aggregate: 'mean', fill: 'none' },
      { threads: 1, seconds: 60, signal: abort },
    )
    const rows: [input: number, time: number, value: number][] = []
    for (const [row, start] of time.entries()) {
      for (const [i, { input }] of there.entries()) {
        const value = columns[i]![row]
        if (value !== null && value !== undefined) rows.push([input, start, value])
      }
    }
    yield { ...columnsOf(rows), wide: [], now: Math.min(now, end * step) }
  }
}

async function* pastReadings(
  historian: Pick<Sources, 'replay' | 'waveforms'>,
  facts: readonly (SignalFacts | undefined)[],
  { from, to, now }: PastSpan,
  abort: AbortSignal,
): AsyncGenerator<Arrivals> {
  const inputOf = new Map(facts.flatMap((each, input) => (each === undefined ? [] : [[each.key, input] as const])))
  const waves = facts.filter((each) => each?.kind === 'waveform') as SignalFacts[]
  const plain = [...inputOf.keys()].filter((key) => !waves.some((each) => each.key === key))
  let told = from
  if (plain.length > 0) {
    for await (const batch of historian.replay.raw(plain, from, to, abort)) {
      const rows: [input: number, time: number, value: number][] = []
      for (let row = 0; row < batch.length; row++) {
        const value = isBad(batch.quality[row]!) ? Number.NaN : batch.value[row]!
        rows.push([inputOf.get(batch.signal[row]!)!, batch.time[row]!, value])
      }
      const wide: Arrivals['wide'][number][] = batch.wide.flatMap(({ signal, time, quality, value }) =>
        isBad(quality) ? [] : [{ input: inputOf.get(signal)!, time, value }],
      )
      const upTo = Math.max(rows.at(-1)?.[1] ?? told, wide.at(-1)?.time ?? told) + 1
      wide.push(...(await wavesOf(historian, waves, inputOf, { from: told, to: upTo }, abort)))
      wide.sort((a, b) => a.time - b.time)
      yield { ...columnsOf(rows), wide, now: Math.min(now, upTo) }
      told = upTo
    }
  }
  // What is left after the last plain reading, in pages of its own.
  if (waves.length === 0) return
  const slice = Math.max(1, Math.ceil((to - told) / 200))
  for (let at = told; at < to; at += slice) {
    const end = Math.min(to, at + slice)
    const wide = await wavesOf(historian, waves, inputOf, { from: at, to: end }, abort)
    wide.sort((a, b) => a.time - b.time)
    if (wide.length > 0) yield { ...columnsOf([]), wide, now: Math.min(now, end) }
  }
}

async function wavesOf(
  historian: Pick<Sources, 'waveforms'>,
  signals: readonly SignalFacts[],
  inputOf: ReadonlyMap<number, number>,
  { from, to }: Omit<PastSpan, 'now'>,
  abort: AbortSignal,
): Promise<Arrivals['wide'][number][]> {
  const found: Arrivals['wide'][number][] = []
  for (const facts of signals) {
    let end = to
    for (;;) {
      const page = await historian.waveforms(facts, { from, to: end }, WAVES_A_PAGE, { threads: 1, signal: abort })
      for (const { time, quality, sampleRate, samples } of page) {
        if (isBad(quality)) continue
        const value = { kind: 'waveform', sampleRate, samples: Float32Array.from(samples) } as const
        found.push({ input: inputOf.get(facts.key)!, time, value })
      }
      if (page.length < WAVES_A_PAGE) break
      end = page.at(-1)!.time
    }
  }
  return found
}

const columnsOf = (rows: readonly (readonly [input: number, time: number, value: number])[]) => ({
  length: rows.length,
  input: Uint16Array.from(rows, ([input]) => input),
  time: Float64Array.from(rows, ([, time]) => time),
  value: Float64Array.from(rows, ([, , value]) => value),
})
