export { type AnomalyModel, readAnomaly, writeAnomaly } from './model.ts'
export type { Finding } from './normal/clean.ts'
export { type AnomalyScorer, type AnomalyScores, anomalyScorer } from './scorer.ts'
export { type AnomalySettings, anomalyDefaults } from './settings.ts'
export {
  resumeStreaming,
  type StreamingCause,
  type StreamingDetector,
  type StreamingSettings,
  streamingDefaults,
  streamingDetector,
} from './streaming/index.ts'
export { type AnomalyLabel, type AnomalyReport, type TrainedAnomaly, trainAnomaly } from './train.ts'
