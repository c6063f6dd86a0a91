export { cChart, npChart, pChart, uChart } from './charts/attributes.ts'
export { type Capability, capability, type Index, type SpecLimits } from './charts/capability.ts'
export { type ControlChart, outside, type Stretch, standardised } from './charts/chart.ts'
export { c4, d2, d3 } from './charts/constants.ts'
export { andersonDarling } from './charts/normality.ts'
export { type Fired, firedRules, nelsonRules, type RunRule, westernElectricRules } from './charts/rules.ts'
export { byTime, consecutive, type Subgroup } from './charts/subgroups.ts'
export {
  type CusumCharts,
  type CusumSettings,
  cusum,
  cusumDefaults,
  type EwmaSettings,
  ewma,
  ewmaDefaults,
} from './charts/time-weighted.ts'
export { individuals, type ProcessLevel, type VariableCharts, xbarR, xbarS } from './charts/variables.ts'
export {
  type CurveComparison,
  compareCurve,
  type Departure,
  type GoldenCurve,
  type GoldenSettings,
  goldenDefaults,
  learnGolden,
} from './curve/golden.ts'
export {
  contributions,
  learnNormalRows,
  type NormalRows,
  phaseOneLimit,
  phaseTwoLimit,
  type RowContribution,
  tSquare,
} from './multivariate/hotelling.ts'
export { type MewmaChart, type MewmaSettings, mewma, mewmaDefaults, mewmaLimit } from './multivariate/mewma.ts'
export { type AggregateName, aggregateNames } from './parts/aggregates.ts'
export { featureNames, fillVisit, type PartPlan, type StationSignal } from './parts/features.ts'
export { type PartRow, type PartTable, partTable } from './parts/table.ts'
export { isSerial, type SerialReading, type Visit, VisitTracker, visitsOf } from './parts/visit.ts'
export { type Cause, causeDefaults, rankCauses } from './prediction/causes.ts'
export { type DecisionCosts, type PartModel, readPartModel, writePartModel } from './prediction/model.ts'
export { type PartPrediction, type PartPredictor, type PartReason, partPredictor } from './prediction/predictor.ts'
export { fillLast, fillRecent, type KnownResult, recentNames } from './prediction/recent.ts'
export { type DecisionTrial, type PartReport, type PartResults, trainParts } from './prediction/train.ts'
export { partSentence } from './prediction/words.ts'
export {
  type GaugeComponent,
  type GaugeStudy,
  gaugeStudy,
  type Measurement,
  type VarianceRow,
} from './study/gauge.ts'
