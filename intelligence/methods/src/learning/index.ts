export { absoluteScores, conformalQuantile, quantileScores, scaledScores } from './conformal.ts'
export {
  type IsolationModel,
  type IsolationScorer,
  isolationScorer,
  readIsolation,
  writeIsolation,
} from './isolation/model.ts'
export { type IsolationReport, type IsolationSettings, isolationDefaults, trainIsolation } from './isolation/train.ts'
export {
  type PcaModel,
  type PcaReport,
  type PcaSettings,
  pcaDefaults,
  project,
  readPca,
  restore,
  trainPca,
  writePca,
} from './pca/pca.ts'
export { gaussian, type Random, seeded, shuffled } from './random.ts'
export { type Table, takeRows, takeValues } from './table.ts'
export { readTrees, type TreeModel, writeTrees } from './trees/model.ts'
export { type TreePredictor, treePredictor } from './trees/predict.ts'
export { type TreeSettings, type TreeTask, treeDefaults } from './trees/settings.ts'
export { type TreeReport, type TreeTraining, trainTrees } from './trees/train.ts'
