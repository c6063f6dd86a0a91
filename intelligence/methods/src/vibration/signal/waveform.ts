import { vibrationErrors } from '../errors.ts'

/** Equidistant samples of one sensor. Acceleration in m/s² wherever a unit matters. */
export interface Waveform {
  readonly samples: Float64Array
  /** Hz. */
  readonly sampleRate: number
}

/** Below this there is no spectrum worth a judgement. */
export const LEAST_SAMPLES = 64

/**
 * The waveform without its mean, which says where the sensor's zero is, not how the machine shakes.
 * @throws MW-VIBRATION-0001 to 0004 when it is too short, has no sample rate, has gaps, or never changes
 */
export function conditioned({ samples, sampleRate }: Waveform): Waveform {
  if (samples.length < LEAST_SAMPLES) throw vibrationErrors.short({ samples: samples.length, least: LEAST_SAMPLES })
  if (!(sampleRate > 0 && Number.isFinite(sampleRate))) throw vibrationErrors.sampleRate({ rate: sampleRate })
  let sum = 0
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (let i = 0; i < samples.length; i++) {
    const x = samples[i]!
    if (!Number.isFinite(x)) throw vibrationErrors.gaps({ at: i })
    sum += x
    if (x < low) low = x
    if (x > high) high = x
  }
  if (low === high) throw vibrationErrors.stuck({ value: low })
  const mean = sum / samples.length
  return { samples: samples.map((x) => x - mean), sampleRate }
}

/** Seconds. */
export const duration = ({ samples, sampleRate }: Waveform): number => samples.length / sampleRate
