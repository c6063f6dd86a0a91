export {
  type Classification,
  classify,
  type FaultClassifier,
  type Observation,
  observe,
  type Verdict,
} from './classifier/classifier.ts'
export { readFaultClassifier, writeFaultClassifier } from './classifier/file.ts'
export {
  type ClassifierReport,
  type ClassifierSettings,
  classifierDefaults,
  type Example,
  trainFaultClassifier,
} from './classifier/train.ts'
export { type Diagnosis, diagnose, type Limit, type MachineDescription, type Shaft } from './diagnosis/diagnose.ts'
export type { Fault, Finding } from './diagnosis/finding.ts'
export { harmonics, type Line, noiseFloor, sidebands, significant } from './diagnosis/lines.ts'
export { sentenceOf } from './diagnosis/sentence.ts'
export { type SpeedEstimate, speedFrom } from './diagnosis/speed.ts'
export { snapshotFeatureNames, snapshotFeatures } from './features/snapshot.ts'
export { type BearingGeometry, type BearingOrders, bearingOrders } from './machine/bearing.ts'
export { bearingCatalogue, type CatalogueBearing } from './machine/catalogue.ts'
export { type GearOrders, type GearPair, gearOrders } from './machine/gear.ts'
export {
  type Severity,
  type SeverityClass,
  type SeverityClassName,
  severity,
  severityClasses,
  type Zone,
  type ZoneLimits,
  zoneOf,
} from './machine/severity.ts'
export { type Cepstrum, powerCepstrum, prewhitened, withoutHarmonics } from './signal/cepstrum.ts'
export { type Band, envelope, envelopeSpectrum } from './signal/envelope.ts'
export { integrated, integratedSpectrum } from './signal/integrate.ts'
export { type KurtogramBand, kurtogram, mostImpulsive } from './signal/kurtogram.ts'
export { byAngle, orderSpectrum, type SpeedTrack, speedOfPulses } from './signal/orders.ts'
export { type Spectrogram, type SpectrogramSettings, spectrogram } from './signal/spectrogram.ts'
export { bandRms, type Spectrum, type SpectrumSettings, spectrum } from './signal/spectrum.ts'
export { type WaveformStatistics, waveformStatistics } from './signal/statistics.ts'
export { duration, type Waveform } from './signal/waveform.ts'
export type { WindowName } from './signal/window.ts'
