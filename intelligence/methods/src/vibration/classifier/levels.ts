import { bandRms, spectrum } from '../signal/spectrum.ts'
import { conditioned, type Waveform } from '../signal/waveform.ts'

const BANDS = 12
/** Hz: coarse lines on purpose, so that what matters is where energy lies, not which line carries it. */
const RESOLUTION = 20

/**
 * Logarithms of the RMS in equally wide bands up to `top` Hz: the fingerprint of how a machine in a condition sounds at
 * this sensor.
 * @throws MW-VIBRATION-0001 to 0006; 0005 when the waveform does not reach `top`
 */
export function bandLevels(waveform: Waveform, top: number): Float64Array {
  const clean = conditioned(waveform)
  const lines = spectrum(clean, { resolution: Math.max(RESOLUTION, clean.sampleRate / clean.samples.length) })
  const width = top / BANDS
  return Float64Array.from({ length: BANDS }, (_, n) =>
    Math.log(Math.max(Number.MIN_VALUE, bandRms(lines, n * width, (n + 1) * width))),
  )
}
