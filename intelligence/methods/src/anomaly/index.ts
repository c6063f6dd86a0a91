export { type ChangePointSettings, changePointDefaults, changePoints } from './change-points.ts'
export { type Episode, type EpisodeTracker, episodeTracker } from './episodes/episode.ts'
export { type Cause, type Explanation, explain, explanationSentence } from './episodes/explanation.ts'
export { cosine, type Resemblance, resemblance } from './episodes/known.ts'
export { type MethodName, methodNames } from './methods/index.ts'
export { type AnomalyModel, readAnomaly, writeAnomaly } from './model.ts'
export type { Finding } from './normal/clean.ts'
export type { AnomalyLabel } from './normal/history.ts'
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
export { type AnomalyReport, type MemberReport, type TrainedAnomaly, trainAnomaly } from './train.ts'
