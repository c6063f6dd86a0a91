import type { BodyOf, VibrationMap, vibrationOperations } from '@millwright/contracts'
import {
  type Band,
  duration,
  envelopeSpectrum,
  type Spectrum,
  spectrogram,
  type Waveform,
} from '@millwright/methods/vibration'
import type { Recording } from './recordings.ts'
import { impulsiveBand, plainSpectrum } from './spectra.ts'

type SpectrogramQuery = BodyOf<(typeof vibrationOperations)['queryVibrationSpectrogram']>
type WaterfallQuery = BodyOf<(typeof vibrationOperations)['queryVibrationWaterfall']>

/** Rows at most: more than a screen is high. */
const ROWS = 512

export function spectrogramOf({ time, waveform }: Recording, query: SpectrogramQuery): VibrationMap {
  const to = query.to ?? waveform.sampleRate / 2
  // As fine in time as in frequency, for an eye that has no wish.
  const resolution = query.resolution ?? Math.max(Math.sqrt(waveform.sampleRate / duration(waveform)) / 2, to / ROWS)
  const { times, ...map } = spectrogram(waveform, { resolution, columns: query.columns ?? 120, to })
  const columns = Array.from({ length: times.length }, (_, n) => ({
    first: 0,
    step: map.step,
    amplitude: map.amplitude.subarray(n * map.rows, (n + 1) * map.rows),
  }))
  return {
    times: Array.from(times, (seconds) => time + Math.round(seconds * 1e6)),
    unit: 'm/s2',
    ...stacked(columns, map.step, to),
  }
}

/** Spectra of several recordings on one grid of frequencies, though their rates or lengths may differ. */
export function waterfallOf(recordings: readonly Recording[], query: WaterfallQuery): VibrationMap {
  const kind = query.kind ?? 'velocity'
  const rate = Math.max(0, ...recordings.map(({ waveform }) => waveform.sampleRate))
  const highest = Math.min(query.highest ?? (kind === 'acceleration' ? rate / 2 : 1000), rate / 2)
  // One band for all, or their envelopes could not be compared.
  const band = kind === 'envelope' && recordings.length > 0 ? impulsiveBand(recordings.at(-1)!.waveform) : undefined
  const spectra = recordings.flatMap(({ time, waveform }) => {
    const of = judged(waveform, kind, highest, band)
    return of === undefined ? [] : [{ time, of }]
  })
  const finest = Math.min(highest, ...spectra.map(({ of }) => of.step))
  return {
    times: spectra.map(({ time }) => time),
    unit: kind === 'velocity' ? 'mm/s' : 'm/s2',
    ...stacked(
      spectra.map(({ of }) => of),
      finest,
      highest,
    ),
  }
}

/** undefined for a recording that has no spectrum: stuck, or too short. */
function judged(
  waveform: Waveform,
  kind: NonNullable<WaterfallQuery['kind']>,
  to: number,
  band: Band | undefined,
): Spectrum | undefined {
  try {
    return band === undefined
      ? plainSpectrum(waveform, kind === 'envelope' ? 'acceleration' : kind, { to })
      : envelopeSpectrum(waveform, band, to)
  } catch {
    return undefined
  }
}

type Column = Pick<Spectrum, 'first' | 'step' | 'amplitude'>

/** Columns on one grid of at most ROWS rows; of several lines in a row the highest stands for all. */
function stacked(
  columns: readonly Column[],
  finest: number,
  to: number,
): Pick<VibrationMap, 'step' | 'rows' | 'amplitude'> {
  const step = Math.max(finest, to / ROWS)
  const rows = columns.length === 0 ? 0 : Math.max(1, Math.floor(to / step))
  const amplitude = new Array<number>(rows * columns.length).fill(0)
  for (const [n, { first, step: own, amplitude: lines }] of columns.entries())
    for (let k = 0; k < lines.length; k++) {
      const row = Math.min(rows - 1, Math.floor((first + k * own) / step))
      const at = n * rows + row
      // Three digits are more than a colour shows.
      amplitude[at] = Math.max(amplitude[at]!, Number(lines[k]!.toPrecision(3)))
    }
  return { step, rows, amplitude }
}
