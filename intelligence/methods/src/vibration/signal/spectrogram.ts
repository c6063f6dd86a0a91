import { vibrationErrors } from '../errors.ts'
import { spectrumOf } from './spectrum.ts'
import { conditioned, duration, type Waveform } from './waveform.ts'

export interface Spectrogram {
  /** Seconds after the first sample: the middle of each column. */
  readonly times: Float64Array
  /** Hz between two rows, the first at 0. */
  readonly step: number
  readonly rows: number
  /** Amplitudes, column by column (one column after the other, `rows` long). */
  readonly amplitude: Float64Array
}

export interface SpectrogramSettings {
  /** Hz between lines that are told apart. */
  readonly resolution: number
  /** How many columns at most. */
  readonly columns: number
  /** Hz, highest row. */
  readonly to: number
}

/**
 * Short-time spectra, Hann window, evenly spread over the recording.
 * @throws MW-VIBRATION-0001 to 0006
 */
export function spectrogram(waveform: Waveform, { resolution, columns, to }: SpectrogramSettings): Spectrogram {
  const { samples, sampleRate } = conditioned(waveform)
  const length = Math.max(64, Math.round(sampleRate / resolution))
  if (length > samples.length)
    throw vibrationErrors.resolution({ wanted: resolution, seconds: 1 / resolution, lasts: duration(waveform) })
  const count = Math.max(1, Math.min(columns, 1 + Math.floor((4 * (samples.length - length)) / length)))
  const parts = Array.from({ length: count }, (_, n) => {
    const start = count === 1 ? 0 : Math.round((n * (samples.length - length)) / (count - 1))
    return { start, of: spectrumOf({ samples: samples.subarray(start, start + length), sampleRate }, { to }) }
  })
  const rows = parts[0]!.of.amplitude.length
  const amplitude = new Float64Array(rows * count)
  for (const [n, { of }] of parts.entries()) amplitude.set(of.amplitude, n * rows)
  const times = Float64Array.from(parts, ({ start }) => (start + length / 2) / sampleRate)
  return { times, step: parts[0]!.of.step, rows, amplitude }
}
