import { type Static, Type } from 'typebox'
import { Choice, Id, IdParams, Page, Strict, Time } from './common.ts'
import { VIBRATION_SPECTRA, VIBRATION_WINDOWS } from './lists.ts'
import { operation } from './operation.ts'

/** The most lines of a spectrum; a finer one is shown by the highest of several. */
export const MOST_SPECTRUM_LINES = 8192

const Hertz = Type.Number({ minimum: 0, maximum: 10_000_000 })
const Band = Strict({ from: Hertz, to: Hertz })

const Orders = Strict({
  bpfo: Type.Number({ description: 'Ball pass frequency of the outer race, in turns of the shaft' }),
  bpfi: Type.Number({ description: 'Of the inner race' }),
  bsf: Type.Number({ description: 'Spin of a rolling element; a spot on it strikes twice a turn' }),
  ftf: Type.Number({ description: 'Turns of the cage' }),
})

export const VibrationBearing = Strict(
  {
    /** As settings name it. */
    designation: Type.String(),
    kind: Type.String(),
    elements: Type.Integer(),
    elementDiameter: Type.Number({ description: 'mm' }),
    pitchDiameter: Type.Number({ description: 'mm' }),
    contactAngle: Type.Number({ description: 'Degrees' }),
    orders: Orders,
    source: Type.String({ description: 'Where its geometry was published' }),
  },
  { $id: 'VibrationBearing' },
)
export type VibrationBearing = Static<typeof VibrationBearing>

const recording = {
  signal: Id('sig'),
  /** The newest recording at or before this; default: the newest. */
  at: Type.Optional(Time),
}

export const VibrationSpectrum = Strict(
  {
    /** Of the recording. */
    time: Time,
    sampleRate: Type.Number(),
    seconds: Type.Number(),
    kind: Choice(VIBRATION_SPECTRA),
    /** Of the amplitudes: UCUM. */
    unit: Type.String(),
    /** Of the axis: Hz, turns of the shaft ("1"), or s for a cepstrum. */
    axis: Type.String(),
    first: Type.Number(),
    step: Type.Number(),
    amplitude: Type.Array(Type.Number()),
    /** RMS of the noise around each line; empty for a cepstrum. */
    floor: Type.Array(Type.Number()),
    /** Of an envelope: the band that was demodulated. */
    band: Type.Optional(Band),
    /** Hz, of an order spectrum. */
    shaft: Type.Optional(Type.Number()),
  },
  { $id: 'VibrationSpectrum' },
)
export type VibrationSpectrum = Static<typeof VibrationSpectrum>

const map = {
  /** Of each column. */
  times: Type.Array(Time),
  unit: Type.String(),
  /** Hz between two rows; the first is at 0. */
  step: Type.Number(),
  rows: Type.Integer(),
  /** Column by column. */
  amplitude: Type.Array(Type.Number()),
}
export const VibrationMap = Strict(map, { $id: 'VibrationMap' })
export type VibrationMap = Static<typeof VibrationMap>

const Line = Strict({
  name: Type.String({ description: '1×, BPFO, 2×BPFO, BPFI - 1×, mesh, …' }),
  expected: Type.Number({ description: 'Hz' }),
  frequency: Type.Number({ description: 'Hz, where the highest line near it lies' }),
  amplitude: Type.Number(),
  floor: Type.Number({ description: 'RMS of the noise around it' }),
  significant: Type.Boolean({ description: 'Noise alone would not reach so high' }),
})

const Finding = Strict({
  fault: Type.String(),
  part: Type.Optional(Type.String()),
  confidence: Type.Number(),
  strength: Type.Number(),
  measure: Type.String({ description: 'What the strength counts, as "modulation depth"' }),
  lines: Type.Array(Line),
  spectrum: Choice(['velocity', 'acceleration', 'envelope']),
  band: Type.Optional(Band),
})

export const VibrationDiagnosis = Strict(
  {
    signal: Id('sig'),
    time: Time,
    sentence: Type.String(),
    /** Most confident first; what is usual for the machine is not in it. */
    findings: Type.Array(Finding),
    /** Hz; absent when the speed is not known. */
    shaft: Type.Optional(
      Strict({ frequency: Type.Number(), from: Choice(['given', 'estimated']), confidence: Type.Number() }),
    ),
    severity: Strict({
      zone: Choice(['A', 'B', 'C', 'D']),
      velocity: Type.Number({ description: 'mm/s RMS' }),
      displacement: Type.Number({ description: 'µm RMS' }),
      class: Type.String(),
      standard: Type.String(),
      /** mm/s: upper limits of the zones A, B and C. */
      limits: Type.Array(Type.Number()),
    }),
    statistics: Strict({ rms: Type.Number(), peak: Type.Number(), crest: Type.Number(), kurtosis: Type.Number() }),
    /** mm/s RMS that is normal for this machine; absent before it is learnt. */
    normalVelocity: Type.Optional(Type.Number()),
    /** Where faults would show at this speed, Hz. */
    frequencies: Type.Array(Strict({ name: Type.String(), part: Type.String(), frequency: Type.Number() })),
    /** What could not be judged, and why. */
    limits: Type.Array(Type.String()),
  },
  { $id: 'VibrationDiagnosis' },
)
export type VibrationDiagnosis = Static<typeof VibrationDiagnosis>

export const vibrationOperations = {
  listVibrationBearings: operation({
    id: 'listVibrationBearings',
    method: 'GET',
    path: '/vibration/bearings',
    tag: 'Vibration',
    summary: 'Bearings whose geometry is known, with their fault frequencies',
    access: 'actor',
    reply: Page(VibrationBearing),
  }),
  queryVibrationSpectrum: operation({
    id: 'queryVibrationSpectrum',
    method: 'POST',
    path: '/vibration/spectrum',
    tag: 'Vibration',
    summary:
      'Spectrum of a stored recording: of acceleration, velocity, displacement, its envelope, in orders, or its cepstrum',
    access: 'actor',
    body: Strict({
      ...recording,
      kind: Type.Optional(Choice(VIBRATION_SPECTRA)),
      /**
       * Hz between lines that are told apart; the finest possible when absent. Not for envelope, orders and cepstrum.
       */
      resolution: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1_000_000 })),
      window: Type.Optional(Choice(VIBRATION_WINDOWS)),
      /** The highest line: Hz, or turns of the shaft in an order spectrum. */
      to: Type.Optional(Hertz),
      /** Of an envelope; default: the most impulsive band of the kurtogram. */
      band: Type.Optional(Band),
      /** Hz; an order spectrum needs it. */
      shaft: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 100_000 })),
    }),
    reply: VibrationSpectrum,
  }),
  queryVibrationSpectrogram: operation({
    id: 'queryVibrationSpectrogram',
    method: 'POST',
    path: '/vibration/spectrogram',
    tag: 'Vibration',
    summary: 'How the spectrum of acceleration changes within one recording',
    access: 'actor',
    body: Strict({
      ...recording,
      resolution: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1_000_000 })),
      columns: Type.Optional(Type.Integer({ minimum: 2, maximum: 400, default: 120 })),
      to: Type.Optional(Hertz),
    }),
    reply: VibrationMap,
  }),
  queryVibrationWaterfall: operation({
    id: 'queryVibrationWaterfall',
    method: 'POST',
    path: '/vibration/waterfall',
    tag: 'Vibration',
    summary: 'How the spectrum changes from recording to recording, evenly over a span',
    access: 'actor',
    body: Strict({
      signal: Id('sig'),
      from: Time,
      to: Time,
      kind: Type.Optional(Choice(['acceleration', 'velocity', 'envelope'])),
      /** Hz, the highest line. */
      highest: Type.Optional(Hertz),
      columns: Type.Optional(Type.Integer({ minimum: 2, maximum: 100, default: 60 })),
    }),
    reply: VibrationMap,
  }),
  diagnoseVibration: operation({
    id: 'diagnoseVibration',
    method: 'POST',
    path: '/services/{id}/diagnosis',
    tag: 'Vibration',
    summary:
      'What a stored recording says of the machine, as a vibration service judges it: faults with the lines that speak for them',
    access: 'actor',
    params: IdParams('svc'),
    body: Strict({
      /** A waveform that the service listens to; default: its first. */
      signal: Type.Optional(Id('sig')),
      at: Type.Optional(Time),
    }),
    reply: VibrationDiagnosis,
  }),
}
