import { isBad } from '@millwright/connectivity'
import type { SignalFacts } from '@millwright/data'
import { serviceErrors } from '../errors.ts'
import type { Series } from '../kinds/kind.ts'
import type { Platform } from '../ports.ts'
import { MOST_VALUES } from './read-grid.ts'
import type { Span } from './survey.ts'

/** Waveforms asked for at a time, and samples in all (256 MB). */
const WAVES_A_PAGE = 20
const MOST_SAMPLES = 64_000_000

/**
 * Every reading of the signals, in pages, in the order of time.
 * @throws MW-SERVICE-0025 when it is too much
 */
export async function readReadings(
  historian: Pick<Platform['historian'], 'replay' | 'waveforms'>,
  signals: readonly SignalFacts[],
  span: Span,
  done: (fraction: number) => void,
  abort: AbortSignal,
): Promise<Series[]> {
  const plain = signals.filter(({ kind }) => kind === 'number' || kind === 'boolean' || kind === 'state')
  const waves = signals.filter(({ kind }) => kind === 'waveform')
  const share = plain.length / Math.max(1, signals.length)
  const read = await readPlain(historian, plain, span, (fraction) => done(fraction * share), abort)
  let samples = 0
  for (const [i, facts] of waves.entries()) {
    const series = await readWaves(historian, facts, span, MOST_SAMPLES - samples, abort)
    samples += series.waves.reduce((sum, wave) => sum + wave.samples.length, 0)
    read.set(facts.key, series)
    done(share + ((1 - share) * (i + 1)) / waves.length)
  }
  return signals.flatMap(({ key }) => read.get(key) ?? [])
}

async function readPlain(
  historian: Pick<Platform['historian'], 'replay'>,
  signals: readonly SignalFacts[],
  { from, to }: Span,
  done: (fraction: number) => void,
  abort: AbortSignal,
): Promise<Map<number, Series>> {
  const columns = new Map(
    signals.map(({ key }) => [key, { times: [] as number[], values: [] as number[], words: [] as string[] }]),
  )
  let values = 0
  if (signals.length > 0) {
    for await (const batch of historian.replay.raw([...columns.keys()], from, to, abort)) {
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
      values += batch.length + batch.wide.length
      if (values > MOST_VALUES)
        throw serviceErrors.tooMuchHistory({ values: `over ${MOST_VALUES}`, limit: MOST_VALUES })
      const newest = Math.max(batch.length === 0 ? 0 : batch.time[batch.length - 1]!, batch.wide.at(-1)?.time ?? 0)
      done((newest - from) / (to - from))
    }
  }
  return new Map(
    signals.map(({ key, name, kind, unit }) => {
      const { times, values: numbers, words } = columns.get(key)!
      return [
        key,
        { name, kind, unit, times: Float64Array.from(times), values: Float64Array.from(numbers), words, waves: [] },
      ]
    }),
  )
}

async function readWaves(
  historian: Pick<Platform['historian'], 'waveforms'>,
  facts: SignalFacts,
  { from, to }: Span,
  room: number,
  abort: AbortSignal,
): Promise<Series> {
  const found: { time: number; sampleRate: number; samples: Float32Array }[] = []
  let end = to
  let samples = 0
  for (;;) {
    const page = await historian.waveforms(facts, { from, to: end }, WAVES_A_PAGE, { threads: 1, signal: abort })
    for (const wave of page) {
      if (isBad(wave.quality)) continue
      samples += wave.samples.length
      if (samples > room)
        throw serviceErrors.tooMuchHistory({ values: `over ${MOST_SAMPLES} samples`, limit: MOST_SAMPLES })
      found.push({ time: wave.time, sampleRate: wave.sampleRate, samples: Float32Array.from(wave.samples) })
    }
    if (page.length < WAVES_A_PAGE) break
    end = page.at(-1)!.time
  }
  found.reverse()
  return {
    name: facts.name,
    kind: facts.kind,
    unit: facts.unit,
    times: Float64Array.from(found, ({ time }) => time),
    values: new Float64Array(0),
    words: [],
    waves: found.map(({ sampleRate, samples: each }) => ({ sampleRate, samples: each })),
  }
}
