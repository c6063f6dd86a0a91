export { RecentErrors } from './adapt.ts'
export { balancedWeights } from './balance.ts'
export { absoluteScores, conformalQuantile, quantileScores, scaledScores } from './conformal.ts'
export {
  checkDomain,
  type Domain,
  type DomainMeasure,
  domainMeasure,
  learnDomain,
  type OutsideInput,
} from './domain/domain.ts'
export { type Contribution, topContributions } from './explain/contributions.ts'
export { nodesExplainer, type TreeExplainer, treeExplainer } from './explain/tree-shap.ts'
export {
  type IsolationModel,
  type IsolationScorer,
  isolationScorer,
  readIsolation,
  writeIsolation,
} from './isolation/model.ts'
export { type IsolationReport, type IsolationSettings, isolationDefaults, trainIsolation } from './isolation/train.ts'
export { trainLogistic } from './linear/logistic.ts'
export {
  checkLinear,
  type LinearModel,
  predictLinear,
  predictLinearTable,
  readLinear,
  writeLinear,
} from './linear/model.ts'
export { type LinearReport, trainRidge } from './linear/ridge.ts'
export { accuracy, type ClassMeasures, classMeasures, confusion, macroF1, rocArea } from './metrics/classification.ts'
export { coverage, pinballLoss, type RegressionMeasures, regressionMeasures } from './metrics/regression.ts'
export { chooseThreshold, type Threshold, type Wanted } from './metrics/threshold.ts'
export {
  checkNetwork,
  type NetworkModel,
  type NetworkRunner,
  networkRunner,
  readNetwork,
  writeNetwork,
} from './network/model.ts'
export {
  type NetworkReport,
  type NetworkSettings,
  type NetworkTraining,
  networkDefaults,
  trainNetwork,
} from './network/train.ts'
export { type ForeignOnnx, type ForeignPrediction, openForeignOnnx } from './onnx/foreign.ts'
export { inspectOnnx, ONNX_LIMIT, type OnnxFacts } from './onnx/inspect.ts'
export { checkManifest, type OnnxManifest } from './onnx/manifest.ts'
export { type OwnOnnx, openOwnOnnx } from './onnx/session.ts'
export { isolationToOnnx, linearToOnnx, networkToOnnx, pcaToOnnx, tabularToOnnx, treesToOnnx } from './onnx/write.ts'
export { columnMoments, completeRows, covariance } from './pca/covariance.ts'
export {
  checkPca,
  type PcaModel,
  type PcaReport,
  type PcaSettings,
  pcaDefaults,
  project,
  projectTable,
  readPca,
  restore,
  trainPca,
  writePca,
} from './pca/pca.ts'
export { gaussian, type Random, sampled, seeded, shuffled } from './random.ts'
export { blockFolds, type Fold, groupedFolds, groupFolds, lastPart, stratifiedFolds } from './splits.ts'
export { checkInputs, checkTable, rowCount, type Table, takeRows, takeValues } from './table.ts'
export { type Construct, type ConstructSettings, constructName } from './tabular/construct.ts'
export { readTabular, type TabularModel, type TabularTask, writeTabular } from './tabular/model.ts'
export { type TabularPrediction, type TabularPredictor, tabularPredictor } from './tabular/predict.ts'
export { type TabularSettings, tabularDefaults } from './tabular/settings.ts'
export { type TabularReport, type TabularSplit, trainTabular } from './tabular/train.ts'
export { checkTrees, readTrees, type TreeModel, writeTrees } from './trees/model.ts'
export { type TreePredictor, treePredictor } from './trees/predict.ts'
export { type TreeSettings, type TreeTask, treeDefaults } from './trees/settings.ts'
export { type TreeReport, type TreeTraining, trainTrees } from './trees/train.ts'
