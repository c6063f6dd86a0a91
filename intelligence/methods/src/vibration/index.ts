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
export { bandRms, type Spectrum, type SpectrumSettings, spectrum } from './signal/spectrum.ts'
export { type WaveformStatistics, waveformStatistics } from './signal/statistics.ts'
export { duration, type Waveform } from './signal/waveform.ts'
export type { WindowName } from './signal/window.ts'
