import {
  type BodyOf,
  MOST_SPECTRUM_LINES,
  type VibrationSpectrum,
  type vibrationOperations,
} from '@millwright/contracts'
import {
  type Band,
  duration,
  envelopeSpectrum,
  integratedSpectrum,
  kurtogram,
  mostImpulsive,
  noiseFloor,
  orderSpectrum,
  powerCepstrum,
  type Spectrum,
  spectrum,
  type Waveform,
} from '@millwright/methods/vibration'
import { recordingErrors } from './errors.ts'
import type { Recording } from './recordings.ts'

export type SpectrumQuery = BodyOf<(typeof vibrationOperations)['queryVibrationSpectrum']>
export type SpectrumKind = NonNullable<SpectrumQuery['kind']>

/** Samples per turn of an order spectrum: orders up to 64. */
const PER_TURN = 128
/** Seconds of a cepstrum that are left out. */
const BODY = 0.001
/** An envelope carries rates of up to some hundred hertz: narrower bands than this cannot. */
const NARROWEST = 500

const UNITS: Readonly<Record<SpectrumKind, string>> = {
  acceleration: 'm/s2',
  velocity: 'mm/s',
  displacement: 'um',
  envelope: 'm/s2',
  order: 'm/s2',
  cepstrum: '1',
}

/** @throws MW-VIBRATION-…, MW-RECORDING-0005 */
export function spectrumOf({ time, waveform }: Recording, query: SpectrumQuery): VibrationSpectrum {
  const kind = query.kind ?? 'velocity'
  const about = { time, sampleRate: waveform.sampleRate, seconds: duration(waveform), kind, unit: UNITS[kind] }
  if (kind === 'cepstrum') {
    const { values, sampleRate } = powerCepstrum(waveform)
    // Before the first millisecond lies how the machine's body sounds, which towers over all families.
    const first = Math.min(values.length - 1, Math.round(BODY * sampleRate))
    const amplitude = Array.from(values.subarray(first, first + MOST_SPECTRUM_LINES))
    return { ...about, axis: 's', first: first / sampleRate, step: 1 / sampleRate, amplitude, floor: [] }
  }
  if (kind === 'order') {
    const { shaft } = query
    if (shaft === undefined) throw recordingErrors.shaft({ path: 'shaft' })
    const speed = { times: Float64Array.of(0), frequency: Float64Array.of(shaft) }
    return {
      ...about,
      axis: '1',
      shaft,
      ...shown(orderSpectrum(waveform, speed, PER_TURN, { to: query.to ?? PER_TURN / 2 })),
    }
  }
  if (kind === 'envelope') {
    const band = query.band ?? impulsiveBand(waveform)
    const highest = query.to ?? Math.min(1000, waveform.sampleRate / 8)
    return { ...about, axis: 'Hz', band, ...shown(envelopeSpectrum(waveform, band, highest)) }
  }
  return { ...about, axis: 'Hz', ...shown(plainSpectrum(waveform, kind, query)) }
}

/** In mm/s and µm, as people read them. */
export function plainSpectrum(
  waveform: Waveform,
  kind: 'acceleration' | 'velocity' | 'displacement',
  { resolution, window, to }: Pick<SpectrumQuery, 'resolution' | 'window' | 'to'>,
): Spectrum {
  const lines = spectrum(waveform, {
    ...(resolution !== undefined && { resolution }),
    ...(window !== undefined && { window }),
    ...(to !== undefined && { to }),
  })
  if (kind === 'acceleration') return lines
  const [times, factor] = kind === 'velocity' ? ([1, 1e3] as const) : ([2, 1e6] as const)
  const { amplitude, ...rest } = integratedSpectrum(lines, times)
  // An accelerometer's noise grows without bound below a few hertz.
  return { ...rest, amplitude: amplitude.map((a, k) => (rest.first + k * rest.step < 2 ? 0 : factor * a)) }
}

export function impulsiveBand(waveform: Waveform): Band {
  const top = waveform.sampleRate / 2
  const { from, to } = mostImpulsive(
    kurtogram(waveform, { narrowest: NARROWEST }).filter(({ level }) => level > 0),
  ) ?? { from: top / 8, to: top }
  return { from, to }
}

/** No more lines than a screen has; of several the highest stands for all. */
function shown(of: Spectrum): Pick<VibrationSpectrum, 'first' | 'step' | 'amplitude' | 'floor'> {
  const every = Math.ceil(of.amplitude.length / MOST_SPECTRUM_LINES)
  const floor = noiseFloor(of)
  const count = Math.ceil(of.amplitude.length / every)
  const highest = (values: Float64Array, n: number) =>
    values.subarray(n * every, (n + 1) * every).reduce((most, each) => Math.max(most, each), 0)
  return {
    first: of.first,
    step: of.step * every,
    amplitude: Array.from({ length: count }, (_, n) => highest(of.amplitude, n)),
    floor: Array.from({ length: count }, (_, n) => floor[n * every]!),
  }
}
